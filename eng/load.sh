#!/usr/bin/env bash
# 200,000 unary calls with h2load on 1 and on 50 connections, 100 streams each: h2load sees no failure, the server's own
# counters show as many calls ended with status OK, and one answer, decoded, has the length that every answer had. Then the
# frames of one call as nghttp prints them. Installs nghttp2-client when it is missing.
. "$(dirname "$0")/suite.sh"

command -v h2load >/dev/null && command -v nghttp >/dev/null \
  || { apt-get update -qq && apt-get install -y -qq nghttp2-client >/dev/null; } \
  || { echo "h2load and nghttp are missing and cannot be installed"; exit 1; }
dotnet build "$root/bench/PeregrineServer" -c Release -v q -nologo -clp:ErrorsOnly || exit 1
artifacts=${ArtifactsPath:-$root/artifacts}
calls=200000
printf '\x00\x00\x00\x00\x0c\x0a\x08XiaoMing\x10\x01' >"$scratch/request"
answer="Message send by SayHello server :Hello XiaoMing"
# The answer's message: tag, length, text; in front of it the prefix: flag and four bytes of length.
printf '\x00\x00\x00\x00\x31\x0a\x2f%s' "$answer" >"$scratch/expected"
answer_length=$(stat -c %s "$scratch/expected")

for connections in 1 50; do
  port=$(free_port)
  start_server "$port" dotnet "$artifacts/bin/PeregrineServer/release/PeregrineServer.dll" "$port" || continue
  url=http://127.0.0.1:$port/SayHello/SayHello
  h2load -n $calls -c $connections -m 100 -d "$scratch/request" -H 'content-type: application/grpc' -H 'te: trailers' \
    "$url" >"$scratch/h2load" 2>&1
  check "h2load: $calls calls on $connections connections without a failure" \
    grep -q "$calls succeeded, 0 failed, 0 errored, 0 timeout" "$scratch/h2load"
  check "h2load: every answer has $answer_length bytes of data" \
    grep -qE "\($((calls * answer_length))\) data" "$scratch/h2load"
  if [ $connections = 1 ]; then
    nghttp -d "$scratch/request" -H 'content-type: application/grpc' -H 'te: trailers' "$url" >"$scratch/answer" 2>/dev/null
    check "the answer is the greeting, byte for byte" cmp "$scratch/answer" "$scratch/expected"
    nghttp -v -n -d "$scratch/request" -H 'content-type: application/grpc' -H 'te: trailers' "$url" 2>/dev/null \
      | sed 's/\x1b\[[0-9;]*m//g' >"$scratch/frames"
    expected_calls=$((calls + 2))
    check "nghttp: SETTINGS received" grep -q 'recv SETTINGS frame <length=[1-9]' "$scratch/frames"
    check "nghttp: SETTINGS acknowledged" grep -A1 'recv SETTINGS frame <length=0' "$scratch/frames"
    check "nghttp: HEADERS with :status 200" grep -q 'recv (stream_id=[0-9]*) :status: 200' "$scratch/frames"
    check "nghttp: DATA of $answer_length bytes" grep -q "recv DATA frame <length=$answer_length," "$scratch/frames"
    check "nghttp: trailers with grpc-status 0" grep -q 'recv (stream_id=[0-9]*) grpc-status: 0' "$scratch/frames"
    check "nghttp: the trailers end the stream" \
      awk '/grpc-status: 0/ { t = 1 } t && /END_STREAM/ { ok = 1 } END { exit !ok }' "$scratch/frames"
    check "nghttp: no RST_STREAM" sh -c "! grep -q RST_STREAM '$scratch/frames'"
  else
    expected_calls=$calls
  fi
  stop_servers
  check "the server counts $expected_calls calls ended with OK" \
    grep -qx "calls ended OK: $expected_calls" "$scratch/server-$port.log"
  check "the server counts no other end" grep -qx "calls ended otherwise: 0" "$scratch/server-$port.log"
done

finish "load"
