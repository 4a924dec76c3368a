#!/usr/bin/env bash
# Fuzzes the protobuf runtime: mutants of serialized messages, of JSON, of text format and of descriptors. Generated and dynamic messages
# must agree, and with protoc where it reads the same (--decode, --encode); only the documented exceptions may come, and what is written
# must be read again. A finding is printed as hex. Before that: nesting of any depth ends in no stack overflow, and the time that input
# takes grows with its size and not with its square.
#   PEREGRINE_FUZZ_SECONDS=3600   how long each run takes; the default is 12.
#   PEREGRINE_FUZZ_DEPTH=1000000  how deep messages are nested; the default, 30000, is too deep for every stack that is tried.
#   PEREGRINE_FUZZ_CORPUS=DIR     where inputs with new outcomes are kept, and where the next run starts from.
. "$(dirname "$0")/suite.sh"

seconds=${PEREGRINE_FUZZ_SECONDS:-12}
corpus=${PEREGRINE_FUZZ_CORPUS:-$scratch/corpus}
CHECK_TIMEOUT=$((seconds + 600))
dotnet build "$root/tests/ProtobufFuzz" -c Release --nologo -v q >"$scratch/build" 2>&1 || { cat "$scratch/build"; exit 1; }
program() { dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/ProtobufFuzz/release/ProtobufFuzz.dll" "$@"; }
fuzz() { program "$@" "$seconds" "$corpus"; }

check "depth" program depth "${PEREGRINE_FUZZ_DEPTH:-30000}"
check "scaling" program scaling

random=$((RANDOM * 32768 + RANDOM))
PEREGRINE_PROTOC=$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/grpc.tools/*/tools/linux_x64/protoc 2>/dev/null | sort -V | tail -1)
export PEREGRINE_PROTOC
[ -x "$PEREGRINE_PROTOC" ] || { echo "protoc is missing: restore tests/Peregrine.Protobuf.Compiler.Tests first"; exit 1; }
for target in wire json text descriptor protoc-decode protoc-encode; do
  check "$target, fixed seed" fuzz "$target" 1
  check "$target, seed $random" fuzz "$target" "$random"
done

finish "protobuf fuzz"
