#!/usr/bin/env bash
# The benchmarks run and print their tables; the figures of so short a run say nothing.
. "$(dirname "$0")/suite.sh"

command -v h2load >/dev/null || { apt-get update -qq && apt-get install -y -qq nghttp2-client >/dev/null; } || exit 1
# Other implementations take part; a build takes a minute or two, and a Debian tree the first time.
CHECK_TIMEOUT=900 check "bench/peers/build.sh builds grpc-go, C++ gRPC and tonic" "$root/bench/peers/build.sh"

# All questions in one run, so that the programs are built once; then each one's part of the output.
run_questions() {
  timeout 1500 "$root/bench/run.sh" 20000 --rounds=1 --seconds=0.1 --connections=50 --results="$scratch/growth" \
    unary streaming large tls production connections open-loop gzip startup growth server-cpu &&
    echo "== publish" && timeout 300 "$root/bench/publish.sh" 1 portable
}
check "bench/run.sh answers every question" run_questions
cp "$scratch/out" "$scratch/answers"
answer() { awk -v question="$1" '/^== / { on = $2 == question } on' "$scratch/answers"; }
for question in unary streaming large tls production connections open-loop gzip startup; do
  check_output "$question compares with the baseline" '^\| ratio to Kestrel .*[0-9]' answer "$question"
done
for question in unary streaming large connections open-loop startup; do
  for peer in grpc-go 'C\+\+ gRPC' tonic; do
    check_output "$question compares with $peer" "^\| ratio to $peer .*[0-9]" answer "$question"
  done
done
check_output "growth compares with the baseline" '^ratio of growth with size, .* Kestrel [0-9]' answer growth
check "growth is drawn" test -s "$scratch/growth/size-cpu.svg"
check_output "publish measures both servers" '^\| portable +\| KestrelServer +\| +[0-9]' answer publish
for server in Kestrel grpc-go 'C\+\+ gRPC' tonic 'bare sockets'; do
  check_output "server-cpu compares with $server" "^\| 256 x 100 +\| $server +\| +[0-9]" answer server-cpu
done
grep -E ' x |cores' "$scratch/answers"

CHECK_TIMEOUT=400 check_output "bench/Micro runs everything once" '^\| .*DispatchBenchmarks .* [0-9]' "$root/bench/micro.sh" --job dry --inProcess
cp "$scratch/out" "$scratch/micro"
check "no micro-benchmark fails" awk '/ NA / { exit 1 }' "$scratch/micro"

CHECK_TIMEOUT=400 check "bench/Protobuf builds, the other runtime beside ours" \
  dotnet build "$root/bench/Protobuf" -c Release -nologo -v q -clp:NoSummary
CHECK_TIMEOUT=200 check_output "bench/Protobuf prints its table" '^mean +from JSON ' \
  dotnet "${ArtifactsPath:-$root/artifacts}/bin/ProtobufBenchmarks/release/ProtobufBenchmarks.dll" quick greeting packed
tail -24 "$scratch/out"

finish "bench smoke"
