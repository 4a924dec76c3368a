#!/usr/bin/env bash
# What a newcomer does first: the README's main command, its server and client apart, a taken port, the launcher.
. "$(dirname "$0")/suite.sh"

export CHECK_TIMEOUT=300
cd "$root" || exit 1
check_output "dotnet run --project examples/SayHello greets" \
  '^Message send by SayHello server :Hello XiaoMing$' dotnet run --project examples/SayHello
artifacts=${ArtifactsPath:-$root/artifacts}
hello=$artifacts/bin/SayHello/debug/SayHello.dll
port=$(free_port)
start_server "$port" dotnet "$hello" server --port "$port" \
  && check_output "server and client run apart" '^Message send by SayHello server :Hello XiaoMing$' dotnet "$hello" client --port "$port"
dotnet "$hello" server --port "$port" >"$scratch/taken" 2>&1
code=$?
check "a taken port ends the program with an error" test $code -ne 0
check "the error names the port" grep -q "127.0.0.1:$port" "$scratch/taken"
check "the error is no stack trace" sh -c "! grep -q '^   at ' '$scratch/taken'"
for example in Tls MutualTls Token; do
  port=$(free_port)
  check_output "examples/$example runs as one command" '^Message send by SayHello server :Hello XiaoMing$' \
    dotnet run --project "examples/$example" -- --port "$port" # the two roles need no name
done
port=$(free_port)
check_output "examples/Streams runs as one command" 'received from the server: recv zhc' \
  dotnet run --project examples/Streams -- --port "$port"
check_output "the launcher builds the tool and shows its help" 'compile' ./peregrine --help
mkdir -p "$scratch/by hand"
check "peregrine compile writes C#" ./peregrine compile -I examples/SayHello/Protos --csharp_out="$scratch/by hand" hello.proto
check "the C# is there" sh -c "grep -q 'class HelloReq' '$scratch/by hand/'*.cs"

finish "first use"
