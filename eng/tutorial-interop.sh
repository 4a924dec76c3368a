#!/usr/bin/env bash
# The examples and the tutorial's Go programs talk to each other in both directions, with certificates made by the tutorial's
# openssl recipe: hello, TLS, mutual TLS, token, bidirectional stream, and the failures. Installs nothing but what
# eng/go-peers.sh needs; fails when a peer is missing.
. "$(dirname "$0")/suite.sh"

go=$scratch/go
key=$scratch/key
"$root/eng/go-peers.sh" "$go" >"$scratch/go.log" 2>&1 || { cat "$scratch/go.log"; exit 1; }
"$root/eng/tutorial-certs.sh" "$key" || exit 1
for project in examples/SayHello examples/Tls examples/MutualTls examples/Token examples/Streams tests/TutorialFailures; do
  dotnet build "$root/$project" -c Release -v q -nologo -clp:ErrorsOnly || exit 1
done
artifacts=${ArtifactsPath:-$root/artifacts}
greeting='^Message send by SayHello server :Hello XiaoMing$'

echo "Go clients, our servers"
serve() { # EXAMPLE: starts it on a fresh port
  port=$(free_port)
  start_server "$port" dotnet "$artifacts/bin/$1/release/$1.dll" server --port "$port" --key "$key"
}

go_check() { local name=$1 pattern=$2 kind=$3; shift 3; check_output "$name" "$pattern" "$go/go-$kind-client" -addr "127.0.0.1:$port" -key "$key" "$@"; }
go_fails() { check_output "$1" "$2" "$go/go-$3-failures" -addr "127.0.0.1:$port" -key "$key" -case "$4"; }

if serve SayHello; then
  go_check "hello" "$greeting" hello
  go_fails "an unknown method is UNIMPLEMENTED" '^Unimplemented: ' hello unimplemented
fi
if serve Tls; then
  go_check "one-way TLS" "$greeting" tls
  go_fails "wrong CA" '^Unavailable: .*unknown authority' hello wrong-ca
  go_fails "wrong name" '^Unavailable: .*not elsewhere.example' hello wrong-name
  go_fails "plaintext to a TLS port" '^Unavailable: ' hello plaintext-to-tls
  go_check "the server goes on after failed handshakes" "$greeting" tls
fi
if serve MutualTls; then
  go_check "mutual TLS" "$greeting" mutual
  go_fails "missing client certificate" '^Unavailable: ' hello no-client-certificate
  go_check "the server goes on after a missing certificate" "$greeting" mutual
fi
if serve Token; then
  go_check "token" "$greeting" token
  if "$go/go-token-client" -addr "127.0.0.1:$port" -token wrong >"$scratch/out" 2>&1; then
    fail "wrong token is UNAUTHENTICATED" "$scratch/out"
  elif grep -q 'code = Unauthenticated' "$scratch/out"; then
    pass "wrong token is UNAUTHENTICATED"
  else
    fail "wrong token is UNAUTHENTICATED" "$scratch/out"
  fi
fi
if serve Streams; then
  go_check "bidirectional stream" 'received from the server: recv zhc' stream
  go_fails "deadline" '^DeadlineExceeded: ' stream deadline
  go_fails "cancel" '^Canceled: ' stream cancel
fi

echo "our clients, Go servers"
serve_go() {
  port=$(free_port)
  start_server "$port" "$go/go-$1-server" -addr "127.0.0.1:$port" -key "$key"
}
our_client() { check_output "$1" "$2" dotnet "$artifacts/bin/$3/release/$3.dll" client --port "$port" --key "$key"; }
our_failure() { check_output "$1" "$2" dotnet "$artifacts/bin/TutorialFailures/release/TutorialFailures.dll" "$3" "$port" "$key"; }

if serve_go hello; then
  our_client "hello" "$greeting" SayHello
  our_failure "a token that requires TLS is not sent in plaintext" '^Unauthenticated: ' token-needs-tls
fi
if serve_go tls; then
  our_client "one-way TLS" "$greeting" Tls
  our_failure "wrong CA" '^Unavailable: ' wrong-ca
  our_failure "wrong name" '^Unavailable: .*elsewhere.example' wrong-name
  our_failure "plaintext to a TLS port" '^Unavailable: ' plaintext-to-tls
fi
if serve_go mutual; then
  our_client "mutual TLS" "$greeting" MutualTls
  our_failure "missing client certificate" '^Unavailable: ' no-client-certificate
fi
if serve_go token; then
  our_client "token" "$greeting" Token
  our_client "wrong token is UNKNOWN there" 'with a wrong token: Unknown: Token 不正确' Token
  our_failure "no token is UNKNOWN there" '^Unknown: ' no-token
fi
if serve_go stream; then
  our_failure "deadline" '^DeadlineExceeded: ' deadline
  our_failure "cancel" '^Cancelled: ' cancel
fi

finish "tutorial interop"
