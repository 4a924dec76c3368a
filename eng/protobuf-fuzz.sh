#!/usr/bin/env bash
# Fuzzes the protobuf runtime: mutants of serialized messages, of JSON and of descriptors. Generated and dynamic messages must agree, only
# the documented exceptions may come, and what is written must be read again. A finding is printed as hex. Before that: nesting of any depth
# ends in no stack overflow, and the time that input takes grows with its size and not with its square.
#   PEREGRINE_FUZZ_SECONDS=3600   how long each run takes; the default is 20.
#   PEREGRINE_FUZZ_DEPTH=1000000  how deep messages are nested; the default, 30000, is too deep for every stack that is tried.
#   PEREGRINE_FUZZ_CORPUS=DIR     where inputs with new outcomes are kept, and where the next run starts from.
. "$(dirname "$0")/suite.sh"

seconds=${PEREGRINE_FUZZ_SECONDS:-20}
corpus=${PEREGRINE_FUZZ_CORPUS:-$scratch/corpus}
CHECK_TIMEOUT=$((seconds + 600))
dotnet build "$root/tests/ProtobufFuzz" -c Release --nologo -v q >"$scratch/build" 2>&1 || { cat "$scratch/build"; exit 1; }
program() { dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/ProtobufFuzz/release/ProtobufFuzz.dll" "$@"; }
fuzz() { program "$@" "$seconds" "$corpus"; }

check "depth" program depth "${PEREGRINE_FUZZ_DEPTH:-30000}"
check "scaling" program scaling

random=$((RANDOM * 32768 + RANDOM))
for target in wire json descriptor; do
  check "$target, fixed seed" fuzz "$target" 1
  check "$target, seed $random" fuzz "$target" "$random"
done

finish "protobuf fuzz"
