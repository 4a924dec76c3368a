#!/usr/bin/env bash
# Compares the descriptors of proto/ with those of the original files, both compiled by protoc: google/protobuf with the shared
# include folder (protoc 35.1's own), google/rpc and google/type with the npm package google-proto-files, grpc/ with the npm packages that
# carry its files. protoc comes from the NuGet package Grpc.Tools, which the compiler's tests restore.
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
unpack() { # PACKAGE FOLDER
  mkdir -p "$2" && (cd "$2" && npm pack --silent "$1" >/dev/null && tar xzf ./*.tgz --strip-components=1)
}
unpack google-proto-files@5.0.3 "$scratch/google" || exit 1
cp -r "$scratch/google/google/rpc" "$scratch/google/google/type" "$originals/google/"
unpack grpc-health-check@2.1.0 "$scratch/health" && unpack @grpc/reflection@1.0.4 "$scratch/reflection" \
  && unpack @grpc/grpc-js@1.14.7 "$scratch/grpc-js" || exit 1
mkdir -p "$originals/grpc/channelz/v1"
cp "$scratch/grpc-js/proto/channelz.proto" "$originals/grpc/channelz/v1/"
cp -r "$scratch/health/proto/health" "$scratch/reflection/build/proto/grpc/reflection" "$originals/grpc/"

# The copies of some files in npm leave options out or list declarations in another order: these are compared as sorted declarations, without
# the file's options.
loose="grpc/health/v1/health.proto grpc/reflection/v1alpha/reflection.proto"
declarations() { # DESCRIPTOR
  "$protoc" -I"$originals" --decode=google.protobuf.FileDescriptorSet google/protobuf/descriptor.proto <"$1" | python3 -c '
import sys
def block(lines, depth=0):
    parts = []
    for line in lines:
        if line.strip() == "}":
            break
        parts.append(line.strip() + (" ".join(block(lines, depth + 1)) + " }" if line.endswith("{\n") else ""))
    return sorted(part for part in parts if depth != 1 or not part.startswith("options {"))
print("\n".join(block(iter(sys.stdin))))'
}
same_declarations() { cmp <(declarations "$1") <(declarations "$2"); }

while read -r file; do
  "$protoc" -I"$root/proto" -o "$scratch/ours.pb" "$file" || { fail "$file compiles" /dev/null; continue; }
  "$protoc" -I"$originals" -o "$scratch/original.pb" "$file" || { fail "the original of $file compiles" /dev/null; continue; }
  if [[ " $loose " == *" $file "* ]]; then
    check "$file has the original's declarations" same_declarations "$scratch/ours.pb" "$scratch/original.pb"
  else
    check "$file has the original's descriptor" cmp "$scratch/ours.pb" "$scratch/original.pb"
  fi
done < <(cd "$root/proto" && find . -name '*.proto' | sed 's,^\./,,' | sort)

finish "standard protos"
