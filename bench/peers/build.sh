#!/usr/bin/env bash
# bench/peers/build.sh [go] [cpp] [rust]
#
# Builds other gRPC implementations as contestants of CallBench and server-cpu.sh, into artifacts/bench-peers: grpc-go, C++ gRPC
# and tonic, as Debian trixie packages them. Needs root, for the Debian tree (eng/trixie-root.sh), which is kept in
# PEREGRINE_ORACLES (default: artifacts/oracles). Without a word all; one that cannot be built is named and left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${ArtifactsPath:-$root/artifacts}/bench-peers
tree=${PEREGRINE_ORACLES:-$root/artifacts/oracles}/trixie
peers=("$@")
[ ${#peers[@]} -gt 0 ] || peers=(go cpp rust)
declare -A packages=(
  [go]='golang-go golang-google-grpc-dev golang-google-protobuf-dev protobuf-compiler protoc-gen-go protoc-gen-go-grpc'
  [cpp]='g++ libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc pkg-config'
  [rust]='cargo rustc librust-tonic-dev librust-tonic-build-dev librust-prost-dev librust-tokio-dev librust-tokio-stream-dev librust-libc-dev protobuf-compiler'
)
mkdir -p "$out" "$(dirname "$tree")"
work=/bench-peers

# A program of the tree, with the tree's libraries: it is run by the tree's loader, without chroot.
install_dynamic() { # NAME
  cp "$tree$work/$1" "$out/$1.bin"
  cat >"$out/$1" <<PROGRAM
#!/bin/sh
exec "$tree/lib64/ld-linux-x86-64.so.2" --library-path "$tree/usr/lib/x86_64-linux-gnu" "$out/$1.bin" "\$@"
PROGRAM
  chmod 755 "$out/$1"
}

build_go() {
  local source=$tree$work/src/gobench
  mkdir -p "$source"
  cp "$here"/go/*.go "$source/"
  # The files name no Go package: it is given here.
  chroot "$tree" protoc -I"$work/protos" --go_out="$work/src" --go-grpc_out="$work/src" \
    --go_opt=Mecho.proto=gobench/echo --go-grpc_opt=Mecho.proto=gobench/echo \
    --go_opt=Mhello.proto=gobench/hello --go-grpc_opt=Mhello.proto=gobench/hello echo.proto hello.proto
  chroot "$tree" env HOME=/root GOROOT=/usr/lib/go-1.24 GO111MODULE=off GOPATH=$work:/usr/share/gocode GOCACHE=/root/.cache/go-build \
    CGO_ENABLED=0 go build -o "$work/go-bench" gobench
  install -m 755 "$tree$work/go-bench" "$out/go-bench"
}

build_cpp() {
  mkdir -p "$tree$work/cpp"
  cp "$here"/cpp/*.{cc,h} "$tree$work/cpp/"
  chroot "$tree" sh -e -c "cd $work/cpp
    protoc -I$work/protos --cpp_out=. --grpc_out=. --plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin echo.proto hello.proto
    g++ -O2 -DNDEBUG -std=c++20 -I. *.cc -o $work/cpp-bench \$(pkg-config --cflags --libs grpc++ protobuf) -pthread"
  install_dynamic cpp-bench
}

build_rust() {
  mkdir -p "$tree$work/rust"
  cp -r "$here"/rust/. "$tree$work/rust/"
  # Debian's crates are a directory that stands for the registry.
  chroot "$tree" env HOME=/root PROTOS=$work/protos sh -e -c "cd $work/rust
    mkdir -p .cargo
    printf '[source.crates-io]\nreplace-with = \"debian\"\n[source.debian]\ndirectory = \"/usr/share/cargo/registry\"\n' >.cargo/config.toml
    cargo build --release --offline --quiet"
  cp "$tree$work/rust/target/release/rust-bench" "$tree$work/rust-bench"
  install_dynamic rust-bench
}

built=()
for peer in "${peers[@]}"; do
  [ -n "${packages[$peer]:-}" ] || { echo "$0: \"$peer\" is none of: ${!packages[*]}" >&2; exit 2; }
  log=$out/$peer.log
  # A subshell of its own, with its own errexit: "if" would switch it off.
  set +e
  (
    set -e
    # shellcheck disable=SC2086 # packages are words
    "$root/eng/trixie-root.sh" "$tree" ${packages[$peer]}
    mkdir -p "$tree$work/protos"
    cp "$root/bench/Calls/Protos/echo.proto" "$root/examples/SayHello/Protos/hello.proto" "$tree$work/protos/"
    "build_$peer"
  ) >"$log" 2>&1
  status=$?
  set -e
  if [ $status -eq 0 ]; then
    built+=("$peer")
  else
    echo "$0: $peer could not be built; $log ends with:" >&2
    tail -5 "$log" >&2
    rm -f "$out/$peer-bench"
  fi
done
echo "built in $out: ${built[*]:-none}"
[ ${#built[@]} -eq ${#peers[@]} ]
