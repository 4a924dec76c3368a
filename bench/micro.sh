#!/usr/bin/env bash
# bench/micro.sh [ARGUMENT...], a question of bench/run.sh
#
# Builds bench/Micro and runs all of it by BenchmarkDotNet, in short; arguments are BenchmarkDotNet's own and replace "in short".
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=${ArtifactsPath:-$root/artifacts}
dotnet build "$root/bench/Micro" -c Release -v q -nologo -clp:ErrorsOnly
arguments=("$@")
[ ${#arguments[@]} -gt 0 ] || arguments=(--job short --inProcess --warmupCount 2 --iterationTime 150)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet "$artifacts/bin/MicroBenchmarks/release/MicroBenchmarks.dll" --filter '*' --join \
  --artifacts "$artifacts/bench-micro" "${arguments[@]}" >"$log" 2>&1 || { tail -30 "$log" >&2; exit 1; }
# The table of the summary.
awk '/^\/\/ \* Summary/ { on = 1 } on && /^\|/' "$log"
