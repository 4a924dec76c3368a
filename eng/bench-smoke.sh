#!/usr/bin/env bash
# The benchmark runs and prints its table; the figures of so short a run say nothing.
. "$(dirname "$0")/suite.sh"

command -v h2load >/dev/null || { apt-get update -qq && apt-get install -y -qq nghttp2-client >/dev/null; } || exit 1
CHECK_TIMEOUT=300 check_output "bench/run.sh compares with Kestrel" '^256 x 100 ' "$root/bench/run.sh" 20000 1
grep -E ' x |cores' "$scratch/out"

finish "bench smoke"
