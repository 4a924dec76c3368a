#!/usr/bin/env bash
# Every way in which a certificate can be bad, between our client and server and grpc-go's, in both directions: the call fails, the side that
# checks says why, the other side says what it can know, and the server goes on. Then what only other processes can show: the operating
# system's authorities, key logs, certificates that change. Installs nothing but what eng/go-peers.sh needs; fails when a peer is missing.
. "$(dirname "$0")/suite.sh"

go=$scratch/go
key=$scratch/key
"$root/eng/go-peers.sh" "$go" tls >"$scratch/go.log" 2>&1 || { cat "$scratch/go.log"; exit 1; }
dotnet build "$root/tests/TlsPeer" -c Release -v q -nologo -clp:ErrorsOnly || exit 1
peer=${ArtifactsPath:-$root/artifacts}/bin/TlsPeer/release/TlsPeer.dll
"$go/go-tlspeer" certificates "$key" || exit 1

# The flags of both programs have the same names; Go takes one dash as well as two.
our_client() { timeout 60 dotnet "$peer" client --port "$port" "$@"; }
go_client() { timeout 60 "$go/go-tlspeer" client --port "$port" "$@"; }
pair() { echo --cert "$key/$1.crt" --key "$key/$1.key"; }

# serve ours|go CERTIFICATE FLAG...: starts a server on a fresh port.
serve() {
  local whose=$1 certificate=$2
  shift 2
  port=$(free_port)
  noted=0
  case $whose in
    ours) start_server "$port" dotnet "$peer" server --port "$port" $(pair "$certificate") "$@" ;;
    go) GRPC_GO_LOG_SEVERITY_LEVEL=info start_server "$port" "$go/go-tlspeer" server --port "$port" $(pair "$certificate") "$@" ;;
  esac
}

# refused NAME PATTERN COMMAND...: the call fails with UNAVAILABLE, and the client says why.
refused() {
  local name=$1 pattern=$2
  shift 2
  if "$@" >"$scratch/out" 2>&1; then
    echo "the call succeeded" >>"$scratch/out"
    fail "$name" "$scratch/out"
  elif grep -qE -- "^Unavailable: .*$pattern" "$scratch/out"; then
    pass "$name"
  else
    echo "expected: Unavailable: ... $pattern" >>"$scratch/out"
    fail "$name" "$scratch/out"
  fi
}

# note: what the server has said so far does not count.
note() { noted=$(stat -c %s "$scratch/server-$port.log"); }
noted=0
said() { tail -c "+$((noted + 1))" "$scratch/server-$port.log"; }

# logged NAME PATTERN: the server says so; a moment may pass after the client's end.
logged() {
  local tries
  for tries in $(seq 100); do
    said | grep -qE -- "$2" && break
    sleep 0.05
  done
  said >"$scratch/out"
  if grep -qE -- "$2" "$scratch/out"; then pass "$1"; else echo "expected: $2" >>"$scratch/out"; fail "$1" "$scratch/out"; fi
}

# What each side says of a certificate: ours, then Go's. Go has no opinion on weak keys down to 1024 bits.
reason() { # WHOSE CASE
  case $1-$2 in
    ours-expired | ours-not-yet-valid) echo 'NotTimeValid' ;;
    ours-wrong-authority | ours-self-signed) echo 'is not trusted' ;;
    ours-wrong-usage) echo 'NotValidForUsage' ;;
    ours-revoked) echo 'is revoked since' ;;
    ours-weak-key) echo '1024 bits, which is too weak' ;;
    ours-incomplete) echo 'PartialChain' ;;
    go-expired | go-not-yet-valid) echo 'certificate has expired or is not yet valid' ;;
    go-wrong-authority | go-self-signed | go-incomplete) echo 'certificate signed by unknown authority' ;;
    go-wrong-usage) echo 'incompatible key usage' ;;
    go-revoked) echo 'the certificate is revoked' ;;
  esac
}

# cases CHECKER SHOWER: OpenSSL, below SslStream, does not even show a weak key.
cases() {
  echo expired not-yet-valid wrong-authority wrong-usage self-signed revoked incomplete
  [ "$1-$2" != ours-go ] || echo weak-key
}

# knows CLIENT SERVER: what the server says of a client that refused it. Go sends an alert, SslStream on Linux ends the connection.
knows() {
  case $1-$2 in
    go-ours) echo 'the client sent the TLS alert "[a-z ]+"' ;;
    ours-ours) echo 'The connection of .* ended' ;;
    ours-go) echo '(remote error: tls|EOF|connection reset|preface)' ;;
  esac
}

# senses CLIENT: what a client says when the server has refused it. "error" tells nothing: Go has it in front of whatever ends a connection.
senses() {
  case $1 in
    ours) echo "(may have refused the client's certificate|had asked for a client certificate|the server sent the alert)" ;;
    go) echo '(remote error: tls|EOF|connection reset|broken pipe|clos(ed|ing))' ;;
  esac
}

# server_shown CLIENT SERVER: the server's certificate is bad, the client checks.
server_shown() {
  local client=$1 server=$2 which
  echo "the certificate of the server is bad: $client client, $server server"
  for which in $(cases "$client" "$server"); do
    if serve "$server" "server-$which"; then
      refused "$client client says: $which" "$(reason "$client" "$which")" "${client/ours/our}_client" --roots "$key/ca.crt" --crl "$key/ca.crl"
      logged "$server server says what it knows: $which" "$(knows "$client" "$server")"
      check_output "$server server goes on: $which" '^OK$' "${client/ours/our}_client" --careless
    fi
    stop_servers
  done
  if serve "$server" server-good; then
    refused "$client client says: wrong name" 'elsewhere\.test' "${client/ours/our}_client" --roots "$key/ca.crt" --name elsewhere.test
    logged "$server server says what it knows: wrong name" "$(knows "$client" "$server")"
    check_output "$server server goes on: wrong name" '^OK$' "${client/ours/our}_client" --roots "$key/ca.crt" --crl "$key/ca.crl"
  fi
  stop_servers
}

# client_shown CLIENT SERVER: the client's certificate is bad, the server checks.
client_shown() {
  local client=$1 server=$2 which none
  echo "the certificate of the client is bad: $client client, $server server"
  if serve "$server" server-good --client-roots "$key/ca.crt" --crl "$key/ca.crl"; then
    for which in $(cases "$server" "$client"); do
        note
      refused "$client client says what it knows: $which" "$(senses "$client")" \
        "${client/ours/our}_client" --roots "$key/ca.crt" $(pair "client-$which")
      logged "$server server says: $which" "$(reason "$server" "$which")"
      check_output "$server server goes on: $which" '^OK$' "${client/ours/our}_client" --roots "$key/ca.crt" $(pair client-good)
    done
    note
    case $server in ours) none='presented no certificate' ;; go) none="client didn't provide a certificate" ;; esac
    refused "$client client says what it knows: none" "$(senses "$client")" "${client/ours/our}_client" --roots "$key/ca.crt"
    logged "$server server says: none" "$none"
    check_output "$server server goes on: none" '^OK$' "${client/ours/our}_client" --roots "$key/ca.crt" $(pair client-good)
  fi
  stop_servers
}

for peers in "ours ours" "ours go" "go ours"; do
  server_shown $peers
  client_shown $peers
done

echo "the authorities of the operating system"
if serve ours server-good; then
  check_output "they are trusted without roots" '^OK$' env SSL_CERT_FILE="$key/ca.crt" dotnet "$peer" client --port "$port"
  refused "given roots replace them" 'is not trusted' env SSL_CERT_FILE="$key/ca.crt" dotnet "$peer" client --port "$port" --roots "$key/other.crt"
  check_output "given roots can join them" '^OK$' \
    env SSL_CERT_FILE="$key/ca.crt" dotnet "$peer" client --port "$port" --roots "$key/other.crt" --join-system
  check_output "and are trusted then, too" '^OK$' \
    env SSL_CERT_FILE="$key/other.crt" dotnet "$peer" client --port "$port" --roots "$key/ca.crt" --join-system
fi
stop_servers

echo "key logs"
if serve ours server-good; then
  config=$scratch/keylog.runtimeconfig.json
  sed 's/"configProperties": {/&\n      "System.Net.EnableSslKeyLogging": true,/' "${peer%.dll}.runtimeconfig.json" >"$config"
  check_output "the variable alone writes nothing" '^OK$' env SSLKEYLOGFILE="$scratch/keys-1" dotnet "$peer" client --port "$port" --roots "$key/ca.crt"
  check "no key log is there" test ! -e "$scratch/keys-1"
  check_output "the switch alone writes nothing" '^OK$' dotnet exec --runtimeconfig "$config" "$peer" client --port "$port" --roots "$key/ca.crt"
  check_output "both write the secrets" '^OK$' \
    env SSLKEYLOGFILE="$scratch/keys-2" dotnet exec --runtimeconfig "$config" "$peer" client --port "$port" --roots "$key/ca.crt"
  check "the key log has them" grep -q '^CLIENT_TRAFFIC_SECRET_0 ' "$scratch/keys-2"
fi
stop_servers

finish "bad certificates"
