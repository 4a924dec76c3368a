#!/usr/bin/env bash
# bench/run.sh [--rounds=N] [--seconds=S] [--connections=MOST] [--contestants=KEY,...] [--tables=TEXT,...] [--results=FOLDER] [QUESTION...]
# bench/run.sh server-cpu [CALLS] [ROUNDS]
#
# What calls cost. One question each, all of them without a word, which takes about 25 minutes; every table has our figure, a
# baseline's from the same run, and the ratio: contestants take turns, the median of ROUNDS turns of SECONDS counts (5 of 0.4 s).
# CPU time is user and system of the measured process, as the operating system tells it. What the baselines do and do not do:
# docs/benchmarks/2026-11-30-calls.md. The output is Markdown.
#
#   unary        small calls, 1 and 100 in flight: our client and server; HttpClient with hand-written gRPC framing and Kestrel;
#                each client with the other's server; bare sockets
#   streaming    server streaming, client streaming, both at once, ping-pong; 16 B, 1 kB, 64 kB
#   large        echo of 1 MiB and 16 MiB
#   tls          unary over TLS
#   tls-handshake  a connection and its first call: full and resumed TLS handshakes, and plaintext
#   production   TLS, deadline, metadata, an interceptor on each side
#   connections  1,000 and 10,000 connections: memory while idle, calls over all of them (needs that many descriptors)
#   open-loop    latency at a fixed rate
#   gzip         both messages compressed
#   startup      process start to first call, either side
#   growth       cost of a call against connections, streams, entries of metadata, message size; --results=FOLDER writes growth.csv
#                and draws it there
#   publish      size, start and memory of both servers as they are published: portable, ready-to-run, trimmed
#   server-cpu   server CPU for unary calls of h2load (Debian: nghttp2-client) in three profiles
#   micro        BenchmarkDotNet: HPACK, frames, message framing, metadata, dispatch
#
# Other implementations take part when they are there: bench/peers/build.sh builds grpc-go, C++ gRPC and tonic. KEY is one of ours,
# kestrel, cross (each client with the other's server), go, cpp, rust, sockets; TEXT is a part of a table's title.
# DOTNET_gcServer=1 in front lets all programs of .NET use the server's garbage collector.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
artifacts=${ArtifactsPath:-$root/artifacts}
questions=()
numbers=()
flags=()
rounds=5
contestants=
results=
for word in "$@"; do
  case $word in
    --*)
      case $word in
        --rounds=*) rounds=${word#*=} ;;
        --contestants=*) contestants=${word#*=} ;;
        --results=*) results=${word#*=} ;;
      esac
      flags+=("${word#--}")
      ;;
    [0-9]*) numbers+=("$word") ;;
    *) questions+=("$word") ;;
  esac
done
[ ${#questions[@]} -gt 0 ] \
  || questions=(server-cpu unary streaming large tls production connections open-loop gzip startup growth micro publish)

# Of the servers that server-cpu knows, those that are named.
servers=()
for key in ${contestants//,/ }; do
  case $key in ours | kestrel | go | cpp | rust | sockets) servers+=("$key") ;; esac
done

for project in CallBench PeregrineServer KestrelServer; do
  dotnet build "$here/$project" -c Release -v q -nologo -clp:ErrorsOnly
done
echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), .NET $(dotnet --list-runtimes | awk '/NETCore/ { v = $2 } END { print v }')" \
  "(SDK $(dotnet --version)), $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
for question in "${questions[@]}"; do
  echo
  echo "== $question"
  echo
  case $question in
    server-cpu) "$here/server-cpu.sh" "${numbers[0]:-150000}" "${numbers[1]:-$rounds}" ${servers[@]+"${servers[@]}"} ;;
    publish) "$here/publish.sh" "$rounds" ;;
    micro) "$here/micro.sh" ;;
    *)
      dotnet "$artifacts/bin/CallBench/release/CallBench.dll" "$question" ${flags[@]+"${flags[@]}"}
      if [ "$question" = growth ] && [ -n "$results" ]; then
        dotnet run -c Release --project "$here/Plot" -- "$results/growth.csv" "$results"
      fi
      ;;
  esac
  echo
  echo "($question took until second $SECONDS of the run)"
done
