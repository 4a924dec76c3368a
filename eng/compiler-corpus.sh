#!/usr/bin/env bash
# Compares the compiler with protoc on the shared corpus of accepted and rejected files, and the standard .proto files with the
# originals of the protoc that the Grpc.Tools package carries.
. "$(dirname "$0")/suite.sh"

shared=${PEREGRINE_SHARED:-$root/../shared}
[ -x "$shared/tools/check-compiler.py" ] || { echo "the corpus is missing: set PEREGRINE_SHARED (tried $shared)"; exit 1; }
command -v python3 >/dev/null || apt-get install -y -qq python3 >/dev/null || exit 1
"$root/peregrine" --version >/dev/null || exit 1 # builds the tool; the many processes below start it without the launcher

# How many cases must agree; raise these with the compiler, never lower them.
accepted=0
rejected=0

timeout 1500 python3 "$shared/tools/check-compiler.py" \
  "dotnet exec ${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/peregrine.dll compile -I. -I{inc} --include_imports --include_source_info -o {out} {files}" --messages --fds | tee "$scratch/corpus"
agree() { sed -nE "s/^$1 .*'agree': ([0-9]+).*/\1/p" "$scratch/corpus"; }
check "at least $accepted valid files are accepted" test "$(agree accept)" -ge $accepted
check "at least $rejected invalid files are rejected" test "$(agree reject)" -ge $rejected
check "nothing crashes or hangs" sh -c "! grep -q 'crash/timeout' '$scratch/corpus'"

finish "compiler corpus"
