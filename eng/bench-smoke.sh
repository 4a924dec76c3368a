#!/usr/bin/env bash
# The benchmarks run and print their tables; the figures of so short a run say nothing.
. "$(dirname "$0")/suite.sh"

command -v h2load >/dev/null || { apt-get update -qq && apt-get install -y -qq nghttp2-client >/dev/null; } || exit 1
CHECK_TIMEOUT=300 check_output "bench/run.sh compares with Kestrel" '^256 x 100 ' "$root/bench/run.sh" 20000 1
grep -E ' x |cores' "$scratch/out"

CHECK_TIMEOUT=400 check "bench/Protobuf builds, the other runtime beside ours" \
  dotnet build "$root/bench/Protobuf" -c Release -nologo -v q -clp:NoSummary
CHECK_TIMEOUT=200 check_output "bench/Protobuf prints its table" '^mean +from JSON ' \
  dotnet "${ArtifactsPath:-$root/artifacts}/bin/ProtobufBenchmarks/release/ProtobufBenchmarks.dll" quick greeting packed
tail -24 "$scratch/out"

finish "bench smoke"
