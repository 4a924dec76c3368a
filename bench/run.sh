#!/usr/bin/env bash
# bench/run.sh [--rounds=N] [--seconds=S] [--connections=MOST] [QUESTION...]
# bench/run.sh server-cpu [CALLS] [ROUNDS]
#
# What calls cost. One question each, all of them without a word; every table has our figure, a baseline's from the same run, and
# the ratio: contestants take turns, the median of ROUNDS turns of SECONDS counts (5 of 2 s). CPU time is user and system of the
# measured process, as the operating system tells it. What the baselines do and do not do: docs/benchmarks/2026-11-29-calls.md.
#
#   unary        small calls, 1 and 100 in flight: our client and server; HttpClient with hand-written gRPC framing and Kestrel;
#                each client with the other's server; bare sockets
#   streaming    server streaming, client streaming, ping-pong; 16 B, 1 kB, 64 kB
#   large        echo of 1 MiB and 16 MiB
#   tls          unary over TLS
#   tls-handshake  a connection and its first call: full and resumed TLS handshakes, and plaintext
#   production   TLS, deadline, metadata, an interceptor on each side
#   connections  1,000 and 10,000 connections: memory while idle, calls over all of them (needs that many descriptors)
#   open-loop    latency at a fixed rate
#   gzip         both messages compressed
#   startup      process start to first call, either side
#   publish      size, start and memory of both servers as they are published: portable, ready-to-run, trimmed
#   server-cpu   server CPU for unary calls of h2load (Debian: nghttp2-client) in three profiles
#
# DOTNET_gcServer=1 in front lets all programs use the server's garbage collector.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
artifacts=${ArtifactsPath:-$root/artifacts}
questions=()
numbers=()
flags=()
rounds=5
for word in "$@"; do
  case $word in
    --*)
      flags+=("${word#--}")
      [[ $word != --rounds=* ]] || rounds=${word#*=}
      ;;
    [0-9]*) numbers+=("$word") ;;
    *) questions+=("$word") ;;
  esac
done
[ ${#questions[@]} -gt 0 ] \
  || questions=(unary streaming large tls production connections open-loop gzip startup publish server-cpu)

for project in CallBench PeregrineServer KestrelServer; do
  dotnet build "$here/$project" -c Release -v q -nologo -clp:ErrorsOnly
done
echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), .NET $(dotnet --list-runtimes | awk '/NETCore/ { v = $2 } END { print v }')" \
  "(SDK $(dotnet --version)), $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
for question in "${questions[@]}"; do
  echo
  echo "== $question"
  case $question in
    server-cpu) "$here/server-cpu.sh" "${numbers[0]:-300000}" "${numbers[1]:-$rounds}" ;;
    publish) "$here/publish.sh" "$rounds" ;;
    *) dotnet "$artifacts/bin/CallBench/release/CallBench.dll" "$question" ${flags[@]+"${flags[@]}"} ;;
  esac
done
