#!/usr/bin/env bash
# Fuzzes the HTTP/2 core in both roles: mutants of what a peer sends, whole connections and header blocks. Nothing is thrown, what is told
# does not depend on how the octets were cut, what is sent is whole frames. A finding is printed as hex.
#   PEREGRINE_FUZZ_SECONDS=3600   how long each run takes; the default is 10.
#   PEREGRINE_FUZZ_CORPUS=DIR     where inputs with new outcomes are kept, and where the next run starts from.
. "$(dirname "$0")/suite.sh"

seconds=${PEREGRINE_FUZZ_SECONDS:-10}
corpus=${PEREGRINE_FUZZ_CORPUS:-$scratch/corpus}
CHECK_TIMEOUT=$((seconds + 600))
dotnet build "$root/tests/Http2Fuzz" -c Release --nologo -v q >"$scratch/build" 2>&1 || { cat "$scratch/build"; exit 1; }
fuzz() { dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/Http2Fuzz/release/Http2Fuzz.dll" "$@" "$seconds" "$corpus"; }

random=$((RANDOM * 32768 + RANDOM))
for target in server client headers; do
  check "$target, fixed seed" fuzz "$target" 1
  check "$target, seed $random" fuzz "$target" "$random"
done

finish "http2 fuzz"
