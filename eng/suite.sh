# Sourced by the suites of .ci/run: named checks that are counted, and processes that are ended when the suite ends.
#   check "name" COMMAND...             passes when COMMAND succeeds; its output is shown when it fails
#   check_output "name" REGEX COMMAND.. passes when COMMAND succeeds and its output matches REGEX (grep -E)
#   start_server PORT COMMAND...        starts COMMAND in the background and waits until PORT accepts connections
#   free_port                           prints a port that nothing listens on
#   finish "suite"                      prints "suite: P passed, F failed"; adds both to $PEREGRINE_COUNTS if it is set
set -uo pipefail
passed=0
failed=0
server_pids=()
scratch=$(mktemp -d)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

stop_servers() {
  local pid tries
  for pid in ${server_pids[@]+"${server_pids[@]}"}; do
    kill "$pid" 2>/dev/null
    for tries in $(seq 300); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    if kill -0 "$pid" 2>/dev/null; then
      echo "process $pid still runs 30 s after SIGTERM" >"$scratch/stop"
      fail "a server ends when it is asked to" "$scratch/stop"
      kill -9 "$pid"
    fi
    wait "$pid" 2>/dev/null
  done
  server_pids=()
}
trap 'stop_servers; rm -rf "$scratch"' EXIT

pass() { passed=$((passed + 1)); echo "  ok    $1"; }
fail() { failed=$((failed + 1)); echo "  FAIL  $1"; sed 's/^/        /' "$2" | tail -30; }

# A program runs under a time limit; a function of the suite limits what it starts by itself.
run_limited() {
  if declare -F "$1" >/dev/null; then "$@"; else timeout "${CHECK_TIMEOUT:-120}" "$@"; fi
}

check() {
  local name=$1
  shift
  if run_limited "$@" >"$scratch/out" 2>&1; then pass "$name"; else fail "$name" "$scratch/out"; fi
}

check_output() {
  local name=$1 pattern=$2
  shift 2
  if run_limited "$@" >"$scratch/out" 2>&1 && grep -qE -- "$pattern" "$scratch/out"; then
    pass "$name"
  else
    echo "expected output matching: $pattern" >>"$scratch/out"
    fail "$name" "$scratch/out"
  fi
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); listens "$port"; do :; done
  echo "$port"
}

start_server() {
  local port=$1 tries
  shift
  "$@" >"$scratch/server-$port.log" 2>&1 &
  server_pids+=($!)
  for tries in $(seq 200); do
    listens "$port" && return 0
    kill -0 "${server_pids[-1]}" 2>/dev/null || break
    sleep 0.05
  done
  echo "  FAIL  $1 does not listen on port $port"
  sed 's/^/        /' "$scratch/server-$port.log" | tail -20
  failed=$((failed + 1))
  return 1
}

finish() {
  stop_servers
  echo "$1: $passed passed, $failed failed"
  [ -z "${PEREGRINE_COUNTS:-}" ] || echo "$passed $failed $1" >>"$PEREGRINE_COUNTS"
  [ "$failed" -eq 0 ]
}
