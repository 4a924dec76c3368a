#!/usr/bin/env bash
# bench/publish.sh [ROUNDS] [WAY...], a question of bench/run.sh
#
# Publishes both servers for linux-x64 in three ways (portable code; ready-to-run; ready-to-run, trimmed, with the runtime) and
# prints for each: size, the time from process start to an open port, CPU time until then, and resident memory; the median of ROUNDS.
# Two of the ways need packages of the runtime from the package source. The last one compiles the whole framework: minutes each.
set -euo pipefail
rounds=${1:-5}
ways=("${@:2}")
[ ${#ways[@]} -gt 0 ] || ways=(portable ready-to-run trimmed)
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$scratch"' EXIT

ticks=$(getconf CLK_TCK)
cpu_ms() { awk -v hz="$ticks" '{ sub(/^.*\) /, ""); printf "%d", ($12 + $13) * 1000 / hz }' "/proc/$1/stat"; }
memory_kb() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

declare -A options=(
  [portable]='--no-self-contained'
  [ready-to-run]='--no-self-contained -p:PublishReadyToRun=true'
  [trimmed]='--self-contained -p:PublishTrimmed=true -p:PublishReadyToRun=true'
)

start_once() { # FOLDER SERVER: adds a line to start, cpu and memory
  local began ended input
  began=$(date +%s%N)
  # control=1: the server says its port when it listens, and ends when its input does.
  coproc instance { exec "$1/$2" 0 control=1; }
  pid=$instance_PID
  input=${instance[1]}
  read -r _ <&"${instance[0]}"
  ended=$(date +%s%N)
  echo $(((ended - began) / 1000000)) >>"$scratch/start"
  cpu_ms "$pid" >>"$scratch/cpu"
  echo >>"$scratch/cpu"
  memory_kb "$pid" >>"$scratch/memory"
  exec {input}>&-
  wait "$pid"
  pid=
}

row() { printf '| %-14s | %-18s | %9s | %9s | %9s | %12s |\n' "$@"; }
row published server 'MB' 'start ms' 'CPU ms' 'resident MB'
row --- --- ---: ---: ---: ---:
for way in "${ways[@]}"; do
  for server in PeregrineServer KestrelServer; do
    folder=$scratch/$way-$server
    # shellcheck disable=SC2086 # options are words
    dotnet publish "$root/bench/$server" -c Release -r linux-x64 ${options[$way]} -p:RunAnalyzers=false \
      -o "$folder" -v q -nologo -clp:ErrorsOnly
    rm -f "$folder"/*.pdb "$folder"/*.xml # for developers only
    rm -f "$scratch"/{start,cpu,memory}
    start_once "$folder" "$server"
    rm -f "$scratch"/{start,cpu,memory} # the first start brought the files into memory
    for _ in $(seq "$rounds"); do start_once "$folder" "$server"; done
    row "$way" "$server" "$(du -sk "$folder" | awk '{ printf "%.1f", $1 / 1024 }')" \
      "$(median <"$scratch/start")" "$(grep . "$scratch/cpu" | median)" "$(median <"$scratch/memory" | awk '{ printf "%.0f", $1 / 1024 }')"
  done
done
