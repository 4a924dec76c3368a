#!/usr/bin/env bash
# Compares the compiler with protoc on the shared corpus of accepted and rejected files, and the standard .proto files with the
# originals of the protoc that the Grpc.Tools package carries.
. "$(dirname "$0")/suite.sh"

shared=${PEREGRINE_SHARED:-$root/../shared}
[ -x "$shared/tools/check-compiler.py" ] || { echo "the corpus is missing: set PEREGRINE_SHARED (tried $shared)"; exit 1; }
command -v python3 >/dev/null || apt-get install -y -qq python3 >/dev/null || exit 1
"$root/peregrine" --version >/dev/null || exit 1 # builds the tool; the many processes below start it without the launcher

# How many cases must agree; raise these with the compiler, never lower them.
accepted=257
byte_equal=257
rejected=548
same_place=548

timeout 1500 python3 "$shared/tools/check-compiler.py" \
  "dotnet exec ${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/Peregrine.Cli.dll compile -I. -I{inc} --include_imports --include_source_info -o {out} {files}" --messages --fds | tee "$scratch/corpus"
count() { sed -nE "s/^$1 .*'$2': ([0-9]+).*/\1/p" "$scratch/corpus"; } # KIND KEY
at_least() { check "$1: $3, at least $2" test "${3:-0}" -ge "$2"; }
at_least "valid files accepted" $accepted "$(count accept agree)"
at_least "descriptor sets byte-equal with protoc's" $byte_equal "$(count accept 'fds byte-equal')"
at_least "invalid files rejected" $rejected "$(count reject agree)"
at_least "first errors at protoc's place" $same_place "$(count reject 'same place')"
check "nothing crashes or hangs" sh -c "! grep -q 'crash/timeout' '$scratch/corpus'"

finish "compiler corpus"
