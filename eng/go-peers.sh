#!/usr/bin/env bash
# go-peers.sh OUTDIR
#
# Builds the tutorial's Go programs (eng/peers/go) into OUTDIR as static binaries, with grpc-go 1.64 from a Debian trixie
# tree. The tree is kept in PEREGRINE_ORACLES (default: artifacts/oracles), so a second run takes seconds.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
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
cp -r "$root/eng/peers/go/grpc_study" "$tree/peers/src/"
in_tree() { chroot "$tree" env HOME=/root GOROOT=/usr/lib/go-1.24 GO111MODULE=off \
  GOPATH=/peers:/usr/share/gocode GOCACHE=/root/.cache/go-build CGO_ENABLED=0 "$@"; }
in_tree protoc -I/peers/src/grpc_study/proto/hello --go_out=/peers/src --go-grpc_out=/peers/src hello.proto
in_tree protoc -I/peers/src/grpc_study/proto/stream --go_out=/peers/src --go-grpc_out=/peers/src streamHello.proto
for program in hello/server hello/client tls/server tls/client mutual/server mutual/client \
  token/server token/client hello/failures stream/server stream/client stream/failures; do
  name=${program//\//-}
  in_tree go build -o "/peers/bin/go-$name" "grpc_study/$program"
  install -m 755 "$tree/peers/bin/go-$name" "$out/go-$name"
done
echo "built the Go peers in $out"
