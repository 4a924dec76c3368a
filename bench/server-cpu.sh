#!/usr/bin/env bash
# bench/server-cpu.sh [CALLS] [ROUNDS] [SERVER...], a question of bench/run.sh, which builds the servers
#
# Server CPU time per unary call ("Hello XiaoMing"): ours, a hand-written gRPC handler on plain Kestrel, those peers that
# bench/peers/build.sh has built, and as a floor bare sockets that answer each request by the same octets
# (bench/CallBench/FixedAnswerServer.cs), in one run: the servers take turns under the same load (h2load), and the operating system
# tells the CPU time of each. Prints for each profile (connections x streams) the median of ROUNDS, the first server's as a part of it,
# and resident memory after the profile. SERVER is one of: ours kestrel go cpp rust sockets. Needs h2load (Debian: nghttp2-client).
set -euo pipefail
calls=${1:-300000}
rounds=${2:-5}
servers=("${@:3}")
root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=${ArtifactsPath:-$root/artifacts}
command -v h2load >/dev/null || { echo "$0: h2load is missing; install nghttp2-client" >&2; exit 1; }
if [ ${#servers[@]} -eq 0 ]; then
  servers=(ours kestrel)
  for peer in go cpp rust; do [ ! -x "$artifacts/bench-peers/$peer-bench" ] || servers+=("$peer"); done
  servers+=(sockets)
fi
declare -A names=([ours]=Peregrine [kestrel]=Kestrel [go]=grpc-go [cpp]='C++ gRPC' [rust]=tonic [sockets]='bare sockets')
scratch=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; rm -rf "$scratch"' EXIT

# HelloReq { messageName: "XiaoMing", messageLen: 1 } behind the five bytes of a gRPC message.
printf '\x00\x00\x00\x00\x0c\x0a\x08XiaoMing\x10\x01' >"$scratch/request"

ticks=$(getconf CLK_TCK)
cpu_us() { awk -v hz="$ticks" '{ sub(/^.*\) /, ""); printf "%d", ($12 + $13) * 1000000 / hz }' "/proc/$1/stat"; }
memory_mb() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$1/status"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

declare -A pid port
next_port=$((21000 + RANDOM % 8000))
for server in "${servers[@]}"; do
  port[$server]=$((next_port++))
  case $server in
    ours) command=(dotnet "$artifacts/bin/PeregrineServer/release/PeregrineServer.dll" "${port[$server]}") ;;
    kestrel) command=(dotnet "$artifacts/bin/KestrelServer/release/KestrelServer.dll" "${port[$server]}") ;;
    sockets) command=(dotnet "$artifacts/bin/CallBench/release/CallBench.dll" fixed-answers "port=${port[$server]}") ;;
    *) command=("$artifacts/bench-peers/$server-bench" server "${port[$server]}") ;;
  esac
  "${command[@]}" >"$scratch/$server.log" 2>&1 &
  pid[$server]=$!
  pids+=($!)
  for _ in $(seq 200); do (exec 3<>"/dev/tcp/127.0.0.1/${port[$server]}") 2>/dev/null && break; sleep 0.05; done
done

load() { # SERVER CALLS CONNECTIONS STREAMS -> prints CPU microseconds per call
  local before after out
  before=$(cpu_us "${pid[$1]}")
  out=$(h2load -n "$2" -c "$3" -m "$4" -d "$scratch/request" -H 'content-type: application/grpc' -H 'te: trailers' \
    "http://127.0.0.1:${port[$1]}/SayHello/SayHello")
  after=$(cpu_us "${pid[$1]}")
  grep -q " $2 succeeded, 0 failed, 0 errored" <<<"$out" || { echo "$1: h2load reports failures:" >&2; echo "$out" >&2; exit 1; }
  awk -v d=$((after - before)) -v n="$2" 'BEGIN { printf "%.2f\n", d / n }'
}

echo "h2load $(h2load --version | awk '{ print $2 }'), $calls calls, median of $rounds rounds; server CPU time per call in us"
echo
row() { printf '| %-21s | %-12s | %7s | %13s | %11s |\n' "$@"; }
row 'connections x streams' server us 'ratio to it' 'resident MB'
row --- --- ---: ---: ---:
for profile in '1 100' '50 20' '256 100'; do
  read -r connections streams <<<"$profile"
  for server in "${servers[@]}"; do
    load "$server" $((calls / 3)) "$connections" "$streams" >/dev/null # warm-up
    : >"$scratch/$server.us"
  done
  for _ in $(seq "$rounds"); do
    for server in "${servers[@]}"; do
      load "$server" "$calls" "$connections" "$streams" >>"$scratch/$server.us"
    done
  done
  ours=$(median <"$scratch/${servers[0]}.us")
  for server in "${servers[@]}"; do
    us=$(median <"$scratch/$server.us")
    ratio=$(awk -v a="$ours" -v b="$us" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }')
    row "$connections x $streams" "${names[$server]}" "$us" "$ratio" "$(memory_mb "${pid[$server]}")"
  done
done
