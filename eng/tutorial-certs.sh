#!/usr/bin/env bash
# tutorial-certs.sh DIR
#
# Follows the tutorial's openssl recipe to the letter in DIR: a self-signed authority (server.crt, server.key), the server's
# certificate (test.pem, test.key) with the SAN "*grpcstudy.com", the client's (testClient.pem, testClient.key); beside them
# other.crt, an authority that signed none of them, and expired.pem, a server certificate of 2001, for tests of failures.
# Keys are readable by the owner only. Needs openssl.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
command -v openssl >/dev/null || { echo "$0: openssl is not installed (Debian: apt-get install openssl)" >&2; exit 1; }
mkdir -p "$1"
cd "$1"
umask 077

# 1. The authority. The tutorial answers every question with Enter; -subj gives the same names without a terminal.
openssl genrsa -out server.key 2048 2>/dev/null
openssl req -new -x509 -key server.key -out server.crt -days 36500 -subj "/C=AU/ST=Some-State/O=Internet Widgits Pty Ltd"
openssl req -new -key server.key -out server.csr -subj "/C=AU/ST=Some-State/O=Internet Widgits Pty Ltd"

# 2. openssl.cfg: the system's own file with the tutorial's four edits.
cp "$(openssl version -d | sed 's/^OPENSSLDIR: "\(.*\)"$/\1/')/openssl.cnf" openssl.cfg
sed -i -e 's/^#[[:space:]]*copy_extensions = copy/copy_extensions = copy/' \
  -e 's/^#[[:space:]]*req_extensions = v3_req/req_extensions = v3_req/' \
  -e 's/^\[ v3_req \]/&\nsubjectAltName = @alt_names/' openssl.cfg
printf '\n[ alt_names ]\nDNS.1 = *grpcstudy.com\n' >>openssl.cfg

# 3. One certificate for the server, one for the client.
for name in test testClient; do
  openssl genpkey -algorithm RSA -out "$name.key" 2>/dev/null
  openssl req -new -nodes -key "$name.key" -out "$name.csr" -subj "/C=cn/OU=myorg/O=mycomp/CN=myname" \
    -config ./openssl.cfg -extensions v3_req
  openssl x509 -req -days 3650 -in "$name.csr" -out "$name.pem" -CA server.crt -CAkey server.key -CAcreateserial \
    -extfile ./openssl.cfg -extensions v3_req 2>/dev/null
done

# For tests of failures, not part of the tutorial.
openssl req -new -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt -days 36500 -subj "/CN=other authority" 2>/dev/null
