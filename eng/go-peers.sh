#!/usr/bin/env bash
# go-peers.sh OUTDIR [tutorial|interop|tls]
#
# Builds Go programs of eng/peers/go into OUTDIR as static binaries, with grpc-go 1.64 from a Debian trixie tree: the
# tutorial's (the default), or client and server of the public interoperability cases, and clients of the standard services; or
# client and server under TLS. The tree is kept in PEREGRINE_ORACLES (default: artifacts/oracles), so a second run takes seconds.
set -euo pipefail
group=${2:-tutorial}
[ $# -ge 1 ] && [[ $group == tutorial || $group == interop || $group == tls ]] || { echo "usage: $0 OUTDIR [tutorial|interop|tls]" >&2; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
tree=${PEREGRINE_ORACLES:-$root/artifacts/oracles}/trixie
mkdir -p "$(dirname "$tree")"
"$root/eng/trixie-root.sh" "$tree" \
  golang-go golang-google-grpc-dev golang-google-protobuf-dev protobuf-compiler protoc-gen-go protoc-gen-go-grpc

# The peers are built inside the tree: GOPATH mode finds Debian's libraries in /usr/share/gocode.
rm -rf "$tree/peers"
mkdir -p "$tree/peers/src" "$tree/peers/bin"
in_tree() { chroot "$tree" env HOME=/root GOROOT=/usr/lib/go-1.24 GO111MODULE=off \
  GOPATH=/peers:/usr/share/gocode GOCACHE=/root/.cache/go-build CGO_ENABLED=0 "$@"; }
build() { # NAME PACKAGE
  in_tree go build -o "/peers/bin/$1" "$2"
  install -m 755 "$tree/peers/bin/$1" "$out/$1"
}

if [ "$group" = interop ]; then
  cp -r "$root/eng/peers/go/interop" "$tree/peers/src/"
  cp -r "$root/tests/Interop/Protos" "$tree/peers/protos"
  options=()
  for file in empty messages test; do # the files name no Go package: it is given here
    options+=("--go_opt=Mgrpc/testing/$file.proto=interop/testing" "--go-grpc_opt=Mgrpc/testing/$file.proto=interop/testing")
  done
  in_tree protoc -I/peers/protos --go_out=/peers/src --go-grpc_out=/peers/src "${options[@]}" \
    grpc/testing/empty.proto grpc/testing/messages.proto grpc/testing/test.proto
  build go-interop-client interop/client
  build go-interop-server interop/server
  build go-interop-services interop/services

  # This server's judge of pings asks a clock of ours for the time: the only line of grpc-go that is not Debian's. Other binaries keep Debian's.
  judged=google.golang.org/grpc/internal/transport/http2_server.go
  mkdir -p "$tree/peers/src/google.golang.org"
  cp -r "$tree/usr/share/gocode/src/google.golang.org/grpc" "$tree/peers/src/google.golang.org/"
  sed -i -e '/) handlePing(/,/^}/s/now := time\.Now()/now := clock.Now()/' -e '0,/^import (/s//import (\n\t"interop\/clock"/' "$tree/peers/src/$judged"
  grep -q 'now := clock\.Now()' "$tree/peers/src/$judged" || { echo "$judged of this grpc-go does not judge pings where it is looked for" >&2; exit 1; }
  build go-interop-keepalive interop/keepalive
elif [ "$group" = tls ]; then
  cp -r "$root/eng/peers/go/tlspeer" "$tree/peers/src/"
  build go-tlspeer tlspeer
else
  cp -r "$root/eng/peers/go/grpc_study" "$tree/peers/src/"
  in_tree protoc -I/peers/src/grpc_study/proto/hello --go_out=/peers/src --go-grpc_out=/peers/src hello.proto
  in_tree protoc -I/peers/src/grpc_study/proto/stream --go_out=/peers/src --go-grpc_out=/peers/src streamHello.proto
  for program in hello/server hello/client tls/server tls/client mutual/server mutual/client \
    token/server token/client hello/failures stream/server stream/client stream/failures; do
    build "go-${program//\//-}" "grpc_study/$program"
  done
fi
echo "built the Go peers in $out"
