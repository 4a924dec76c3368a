#!/usr/bin/env bash
# The benchmarks run and print their tables; the figures of so short a run say nothing.
. "$(dirname "$0")/suite.sh"

command -v h2load >/dev/null || { apt-get update -qq && apt-get install -y -qq nghttp2-client >/dev/null; } || exit 1
# All questions in one run, so that the programs are built once; then each one's part of the output.
run_questions() {
  timeout 900 "$root/bench/run.sh" 20000 --rounds=1 --seconds=0.1 --connections=50 \
    unary streaming large tls production connections open-loop gzip startup server-cpu &&
    echo "== publish" && timeout 300 "$root/bench/publish.sh" 1 portable
}
check "bench/run.sh answers every question" run_questions
cp "$scratch/out" "$scratch/answers"
answer() { awk -v question="$1" '/^== / { on = $2 == question } on' "$scratch/answers"; }
for question in unary streaming large tls production connections open-loop gzip startup; do
  check_output "$question compares with the baseline" '^ratio of the first two .*[0-9]' answer "$question"
done
check_output "publish measures both servers" '^portable +KestrelServer +[0-9]' answer publish
check_output "server-cpu compares with Kestrel" '^256 x 100 ' answer server-cpu
grep -E ' x |cores' "$scratch/answers"

CHECK_TIMEOUT=400 check "bench/Protobuf builds, the other runtime beside ours" \
  dotnet build "$root/bench/Protobuf" -c Release -nologo -v q -clp:NoSummary
CHECK_TIMEOUT=200 check_output "bench/Protobuf prints its table" '^mean +from JSON ' \
  dotnet "${ArtifactsPath:-$root/artifacts}/bin/ProtobufBenchmarks/release/ProtobufBenchmarks.dll" quick greeting packed
tail -24 "$scratch/out"

finish "bench smoke"
