#!/usr/bin/env bash
# gRPC's public interoperability cases (tests/Interop): our client and server with each other and with grpc-go, in plaintext and
# under TLS; grpc-go's clients of the standard services; compression with grpcio of Python; the negative HTTP/2 cases against a server of frames written by hand. Installs by
# apt what it needs; fails when a peer is missing.
. "$(dirname "$0")/suite.sh"

go=$scratch/go
python=$scratch/python
key=$scratch/key
"$root/eng/go-peers.sh" "$go" interop >"$scratch/go.log" 2>&1 || { cat "$scratch/go.log"; exit 1; }
missing=()
for package in python3-grpcio python3-protobuf protobuf-compiler openssl; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"$scratch/apt.log" 2>&1 || { tail -20 "$scratch/apt.log"; exit 1; }
fi
mkdir -p "$python" "$key"
/usr/bin/protoc -I "$root/tests/Interop/Protos/grpc/testing" --python_out="$python" messages.proto || exit 1
export PYTHONPATH=$python:$root/eng/peers/python PYTHONDONTWRITEBYTECODE=1
dotnet build "$root/tests/Interop" -c Release -v q -nologo -clp:ErrorsOnly || exit 1
interop=${ArtifactsPath:-$root/artifacts}/bin/Interop/release/Interop.dll

# The certificates of the public cases cannot be copied: an authority of our own, and a server of the name that the cases use.
(cd "$key" && umask 077 \
  && openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj "/CN=interop test CA" \
  && openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj "/CN=*.test.google.fr" \
  && openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 \
    -extfile <(echo "subjectAltName=DNS:*.test.google.fr")) >"$scratch/openssl.log" 2>&1 || { cat "$scratch/openssl.log"; exit 1; }

token=stub-token-of-the-suite
server_tls=(--use_tls=true --tls_cert_file="$key/server.pem" --tls_key_file="$key/server.key" --expect_token="$token")
client_tls=(--use_tls=true --use_test_ca=true --ca_file="$key/ca.pem")
soak=(--soak_iterations=20 --soak_max_failures=0 --soak_per_iteration_max_acceptable_latency_ms=5000 --soak_overall_timeout_seconds=60)
plain_cases="empty_unary large_unary client_streaming server_streaming ping_pong empty_stream cancel_after_begin \
  cancel_after_first_response timeout_on_sleeping_server custom_metadata status_code_and_message special_status_message \
  unimplemented_method unimplemented_service rpc_soak channel_soak"
compression_cases="client_compressed_unary server_compressed_unary client_compressed_streaming server_compressed_streaming"
negative_cases="goaway rst_after_header rst_during_data rst_after_data ping max_streams data_frame_padding"

our_client=(dotnet "$interop" client)
go_client=("$go/go-interop-client")
python_client=(/usr/bin/python3 "$root/eng/peers/python/interop_client.py")

# passes NAME CASE CLIENT...: the client's case passes against the server on $port.
passes() {
  local name=$1 case=$2
  shift 2
  check_output "$name: $case" "^$case: passed$" "$@" --server_host=127.0.0.1 --server_port="$port" --test_case="$case"
}

# fails NAME CODE PATTERN COMMAND...: the command ends with the exit code, and says why.
fails() {
  local name=$1 code=$2 pattern=$3 came
  shift 3
  timeout 60 "$@" >"$scratch/out" 2>&1
  came=$?
  if [ "$came" -eq "$code" ] && grep -qE -- "$pattern" "$scratch/out"; then
    pass "$name"
  else
    echo "expected exit code $code and output matching: $pattern; exit code $came came" >>"$scratch/out"
    fail "$name" "$scratch/out"
  fi
}

# between NAME CLIENT -- SERVER...: all cases but compression, in plaintext and under TLS.
between() {
  local name=$1 case client=()
  shift
  while [ "$1" != -- ]; do client+=("$1"); shift; done
  shift
  port=$(free_port)
  if start_server "$port" "$@" --port="$port"; then
    for case in $plain_cases; do passes "$name, plaintext" "$case" "${client[@]}" "${soak[@]}"; done
  fi
  stop_servers
  port=$(free_port)
  if start_server "$port" "$@" --port="$port" "${server_tls[@]}"; then
    for case in $plain_cases; do passes "$name, TLS" "$case" "${client[@]}" "${client_tls[@]}" "${soak[@]}"; done
    passes "$name, TLS" per_rpc_creds "${client[@]}" "${client_tls[@]}" --stub_token="$token" --default_service_account=interop-caller
    fails "$name, TLS: per_rpc_creds fails with another token" 1 'Unauthenticated' \
      "${client[@]}" --server_host=127.0.0.1 --server_port="$port" --test_case=per_rpc_creds "${client_tls[@]}" --stub_token=another
  fi
  stop_servers
}

# compression NAME CLIENT -- SERVER...
compression() {
  local name=$1 case client=()
  shift
  while [ "$1" != -- ]; do client+=("$1"); shift; done
  shift
  port=$(free_port)
  if start_server "$port" "$@" --port="$port"; then
    for case in $compression_cases; do passes "$name" "$case" "${client[@]}"; done
  fi
  stop_servers
}

# verdict CASE: what the scripted server says about the connections that have ended; it says so a moment after the client's end.
verdict() {
  local case=$1 log=$scratch/server-$port.log tries
  for tries in $(seq 100); do
    grep -qE "^$case: " "$log" && break
    sleep 0.05
  done
  grep -E "^$case: " "$log"
  grep -qE "^$case: passed" "$log" && ! grep -qE "^$case: failed" "$log"
}

# negative NAME CLIENT...
negative() {
  local name=$1 case
  shift
  for case in $negative_cases; do
    port=$(free_port)
    if start_server "$port" dotnet "$interop" http2-server --port="$port" --test_case="$case"; then
      passes "$name" "$case" "$@"
      check "$name: $case, as the server sees it" verdict "$case"
    fi
    stop_servers
  done
}

echo "the command line"
fails "an unknown flag lists those that there are" 2 '--server_host_override=' "${our_client[@]}" --no_such_flag=1
fails "an unknown case lists those that there are" 2 'large_unary, ' "${our_client[@]}" --test_case=no_such_case
fails "a case without a server fails" 1 'large_unary: failed: .*Unavailable' \
  "${our_client[@]}" --server_host=127.0.0.1 --server_port "$(free_port)" --test_case large_unary

echo "our client, our server"
between "ours to ours" "${our_client[@]}" -- dotnet "$interop" server
compression "ours to ours" "${our_client[@]}" -- dotnet "$interop" server

echo "Go's client, our server"
between "Go to ours" "${go_client[@]}" -- dotnet "$interop" server

echo "Go's clients of the standard services, our server"
port=$(free_port)
if start_server "$port" dotnet "$interop" server --port="$port"; then
  for case in health_check health_watch health_channel reflection_v1 reflection_v1alpha channelz; do
    passes "Go to ours" "$case" "$go/go-interop-services"
  done
  passes "Go to ours" health_stop "$go/go-interop-services" --server_pid="${server_pids[-1]}"
fi
stop_servers

echo "our client, Go's server"
between "ours to Go" "${our_client[@]}" -- "$go/go-interop-server"

echo "keepalive by virtual time, Go's server"
for case in keepalive_default keepalive_too_often; do
  port=$(free_port)
  clock_port=$(free_port)
  if start_server "$port" "$go/go-interop-keepalive" --port="$port" --clock_port="$clock_port"; then
    passes "ours to Go" "$case" "${our_client[@]}" --clock_port="$clock_port"
  fi
  stop_servers
done

echo "compression with Python"
compression "Python to ours" "${python_client[@]}" -- dotnet "$interop" server
compression "ours to Python" "${our_client[@]}" -- /usr/bin/python3 "$root/eng/peers/python/interop_server.py"

echo "negative HTTP/2 cases"
negative "ours" "${our_client[@]}"
negative "Go" "${go_client[@]}"

finish "interop"
