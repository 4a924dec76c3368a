#!/usr/bin/env bash
# Compares the descriptors of proto/ with those of the original files, both compiled by protoc: google/protobuf with the shared
# include folder (protoc 35.1's own), google/rpc and google/type with the npm package google-proto-files. protoc comes from the NuGet package
# Grpc.Tools, which the compiler's tests restore.
. "$(dirname "$0")/suite.sh"

shared=${PEREGRINE_SHARED:-$root/../shared}
[ -d "$shared/corpus/include" ] || { echo "the original files are missing: set PEREGRINE_SHARED (tried $shared)"; exit 1; }
packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: *//')
version=$(sed -nE 's/.*"Grpc.Tools" Version="([^"]*)".*/\1/p' "$root/Directory.Packages.props")
protoc=$packages/grpc.tools/$version/tools/linux_x64/protoc
[ -x "$protoc" ] || dotnet restore "$root/tests/Peregrine.Protobuf.Compiler.Tests" -v q || exit 1
[ -x "$protoc" ] || { echo "protoc is not in the restored Grpc.Tools package ($version)"; exit 1; }

originals=$scratch/originals
mkdir -p "$originals/google"
cp -r "$shared/corpus/include/google/protobuf" "$originals/google/"
(cd "$scratch" && npm pack --silent google-proto-files@5.0.3 >/dev/null && tar xzf google-proto-files-*.tgz) || exit 1
cp -r "$scratch/package/google/rpc" "$scratch/package/google/type" "$originals/google/"

while read -r file; do
  "$protoc" -I"$root/proto" -o "$scratch/ours.pb" "$file" || { fail "$file compiles" /dev/null; continue; }
  "$protoc" -I"$originals" -o "$scratch/original.pb" "$file" || { fail "the original of $file compiles" /dev/null; continue; }
  check "$file has the original's descriptor" cmp "$scratch/ours.pb" "$scratch/original.pb"
done < <(cd "$root/proto" && find . -name '*.proto' | sed 's,^\./,,' | sort)

finish "standard protos"
