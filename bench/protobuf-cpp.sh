#!/usr/bin/env bash
# Compares the protobuf runtime with the C++ one of the distribution (libprotobuf-dev) on the payloads of bench/Protobuf.
#   bench/protobuf-cpp.sh [ROUNDS]
# Both are measured in turns; of each row and operation the best counts.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
command -v protoc >/dev/null && command -v g++ >/dev/null && [ -e /usr/include/google/protobuf/message.h ] ||
  { apt-get update -qq && apt-get install -y -qq libprotobuf-dev protobuf-compiler g++ pkg-config >/dev/null; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

protoc -I bench/Protobuf/Protos --cpp_out="$work" bench/Protobuf/Protos/*.proto
g++ -O2 -std=c++17 -I "$work" bench/Protobuf/Cpp/main.cc "$work"/*.pb.cc -lprotobuf -lpthread -o "$work/main"
dotnet build bench/Protobuf/ProtobufBenchmarks.csproj -c Release -nologo -v q -clp:NoSummary >&2
ours=(dotnet artifacts/bin/ProtobufBenchmarks/release/ProtobufBenchmarks.dll)
mkdir "$work/payloads"
"${ours[@]}" payloads "$work/payloads"
for ((i = 0; i < rounds; i++)); do
  "$work/main" "$work/payloads" | sed 's/^/cpp|/' >>"$work/times"
  "${ours[@]}" times parse write | sed 's/^/ours|/' >>"$work/times"
done

protoc --version
printf '%-12s %-6s %14s %14s %6s\n' row "" "Peregrine ns" "C++ ns" ratio
awk -F'|' '
  { key = $2 "|" $3; if (!(key in order)) { order[key] = ++n; name[n] = key } }
  !(($1, key) in best) || $4 < best[$1, key] { best[$1, key] = $4 }
  END {
    for (i = 1; i <= n; i++) {
      key = name[i]; split(key, part, "|"); ratio = best["ours", key] / best["cpp", key]
      printf "%-12s %-6s %14.1f %14.1f %6.2f\n", part[1], part[2], best["ours", key], best["cpp", key], ratio
      sum[part[2]] += log(ratio); count[part[2]]++
    }
    for (operation in sum) printf "%-12s %-6s %14s %14s %6.2f\n", "mean", operation, "", "", exp(sum[operation] / count[operation])
  }' "$work/times"
