#!/usr/bin/env bash
# The packages as a stranger uses them: packs them, then in a folder of its own, with a package cache of its own and no other source than
# the packages just made, offline, restores and builds a server and a client from a .proto, runs them, shares .proto files by package, and
# installs the tool. What the packages need from elsewhere is taken from the packages of this machine, which the build has restored.
. "$(dirname "$0")/suite.sh"

export CHECK_TIMEOUT=400 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
machine=${NUGET_PACKAGES:-$HOME/.nuget/packages}
packages=$scratch/feed
user="$scratch/a user's projects" # paths have blanks and quotes out there
mkdir -p "$user"
version=$(sed -nE 's/.*<Version>(.*)<\/Version>.*/\1/p' "$root/Directory.Build.props")

check "eng/pack.sh makes the packages" bash "$root/eng/pack.sh" "$packages"
for name in Peregrine Peregrine.Http2 Peregrine.Protobuf Peregrine.Services Peregrine.Testing Peregrine.Protobuf.Compiler Peregrine.Build Peregrine.Cli; do
  check "$name is there" test -f "$packages/$name.$version.nupkg"
done
for name in Peregrine Peregrine.Http2 Peregrine.Protobuf Peregrine.Services Peregrine.Testing Peregrine.Protobuf.Compiler; do
  check "the symbols of $name are there" test -f "$packages/$name.$version.snupkg"
done

cat >"$user/NuGet.config" <<EOF
<configuration>
  <packageSources><clear /><add key="made here" value="$packages" /></packageSources>
  <fallbackPackageFolders><clear /><add key="restored before" value="$machine" /></fallbackPackageFolders>
  <config><add key="globalPackagesFolder" value="$scratch/cache" /></config>
</configuration>
EOF
cd "$user" || exit 1
unset NUGET_PACKAGES

# A library that carries messages; a program with server and client that imports them from the package, and google.rpc and google.type from ours.
project() { # NAME PROPERTIES ITEMS
  mkdir -p "$1/Protos"
  cat >"$1/$1.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    $2
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Peregrine" Version="$version" />
    <PackageReference Include="Peregrine.Build" Version="$version" PrivateAssets="all" />
    $3
  </ItemGroup>
</Project>
EOF
}
project Contracts "<Version>1.2.3</Version>" '<Protobuf Include="Protos/**/*.proto" ProtoRoot="Protos" GrpcServices="None" />'
mkdir -p Contracts/Protos/acme/contracts
cat >Contracts/Protos/acme/contracts/person.proto <<'EOF'
syntax = "proto3";
package acme.contracts;
message Person { string name = 1; }
service People { rpc Find(Person) returns (Person); }
EOF
project Program "<OutputType>Exe</OutputType>" '<PackageReference Include="Contracts" Version="1.2.3" /><Protobuf Include="Protos/greeter.proto" GrpcServices="Both" />'
cat >Program/Protos/greeter.proto <<'EOF'
syntax = "proto3";
package acme.program;
import "acme/contracts/person.proto";
import "google/rpc/status.proto";
import "google/type/money.proto";
service Greeter { rpc Greet(acme.contracts.Person) returns (Greeting); }
message Greeting { string text = 1; google.rpc.Status status = 2; google.type.Money price = 3; }
EOF
cat >Program/Program.cs <<'EOF'
using Acme.Contracts;
using Acme.Program;
using Peregrine;
using Peregrine.Client;

await using GrpcServer server = new();
server.AddService(Greeter.BindService(new GreeterService()));
int port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
Greeting greeting = await new Greeter.GreeterClient(channel).GreetAsync(new Person { Name = "world" });
Console.WriteLine(greeting.Text);

sealed class GreeterService : Greeter.GreeterBase
{
    public override Task<Greeting> Greet(Person request, ServerCallContext context) =>
        Task.FromResult(new Greeting { Text = $"Hello, {request.Name}", Status = new Google.Rpc.Status { Code = 0 } });
}
EOF
check "a library packs itself with its .proto files" dotnet pack Contracts -c Release -o "$packages" -v quiet
check "they lie in its folder proto/" sh -c "unzip -l '$packages/Contracts.1.2.3.nupkg' | grep -q ' proto/acme/contracts/person.proto$'"
check "a program that uses both restores offline" dotnet restore Program -v quiet
check "it builds" dotnet build Program --no-restore -v quiet
check_output "server and client run" '^Hello, world$' dotnet Program/bin/Debug/net10.0/Program.dll
check "types of the package are not generated again" sh -c "test -f Program/obj/Debug/net10.0/Protos/Greeter.cs && test -z \"\$(find Program/obj -name Person.cs)\""
check "the compiler ran from ready-to-run code" sh -c "grep -q 'net10.0/linux-x64/Peregrine.Build.dll' Program/obj/Debug/net10.0/Program.protobuf.inputs"

# The compiler as a build step: the least processor time of some runs. A slow machine makes all of them slow, which is why a start above
# the limit counts as good where it is far below that of portable code, measured in the same minute (0.53 of it on an idle machine).
least_time() { # DLL COMMAND...: of some runs, in milliseconds; fails when one does, since what fails is soon over
  local dll=$1 best=100000 cost spent kernel
  shift
  [ -f "$dll" ] || { echo "$dll is not there" >&2; return 1; }
  for _ in 1 2 3 4 5 6 7 8; do
    TIMEFORMAT='%U %S'
    if ! { time "$@" >"$scratch/timed" 2>&1; } 2>"$scratch/time"; then
      { echo "$* failed:"; cat "$scratch/timed"; } >&2
      return 1
    fi
    read -r spent kernel <"$scratch/time"
    cost=$(awk "BEGIN { printf \"%d\", ($spent + $kernel) * 1000 }")
    [ "$cost" -ge "$best" ] || best=$cost
  done
  echo "$best"
}
start_cost() { # PLATFORM
  local dll=$scratch/cache/peregrine.build/$version/tools/net10.0/$1/Peregrine.Build.dll
  least_time "$dll" env -C "$user/Program" dotnet exec "$dll" "$user/Program/obj/Debug/net10.0/Program.protobuf.request"
}
starts_fast() {
  local portable ready
  portable=$(start_cost any) && ready=$(start_cost linux-x64) || return 1
  echo "        processor time: $ready ms ready to run, $portable ms portable"
  [ "$ready" -gt 0 ] && { [ "$ready" -le 150 ] || [ $((ready * 100)) -le $((portable * 75)) ]; }
}
check "the compiler takes at most 150 ms of processor time for a small project" starts_fast
cat "$scratch/out"

check "no package needs what is not in the packages" sh -c "! ls '$scratch/cache' | grep -viE '^(peregrine|contracts)'"

# The package is listed as an item as well, for its services; the messages stay in the package's assembly.
project Server "<OutputType>Exe</OutputType>" '<PackageReference Include="Contracts" Version="1.2.3" GeneratePathProperty="true" /><Protobuf Include="$(PkgContracts)/proto/**/*.proto" ProtoRoot="$(PkgContracts)/proto" GrpcServices="Server" />'
cat >Server/Program.cs <<'EOF'
using Acme.Contracts;
Console.WriteLine(typeof(People.PeopleBase).Assembly.GetName().Name + " " + typeof(Person).Assembly.GetName().Name);
EOF
check_output "services of a package's file are generated over its messages" '^Server Contracts$' dotnet run --project Server

cat >"$user/greet.proto" <<'EOF'
syntax = "proto3";
message Greet { string name = 1; }
EOF
check "the tool installs from the packages" dotnet tool install Peregrine.Cli --tool-path "$scratch/tools" --version $version --configfile NuGet.config
check "it compiles" "$scratch/tools/peregrine" compile -I "$user" --csharp_out="$scratch" greet.proto
check "the C# is there" grep -q "class Greet" "$scratch/Greet.cs"

# In an empty folder: help, and a server of the tool that the tool itself looks at and calls.
mkdir "$scratch/empty"
cd "$scratch/empty" || exit 1
cat >"$user/hello.proto" <<'EOF'
syntax = "proto3";
package demo;
service Greeter { rpc Greet(Greeting) returns (Greeting); }
message Greeting { string name = 1; }
EOF
port=$(free_port)
check_output "it helps" '^  call +Call a method' "$scratch/tools/peregrine" --help
start_server "$port" "$scratch/tools/peregrine" serve "127.0.0.1:$port" --proto "$user/hello.proto" --echo --quiet
check_output "it lists the services of its mock server" '^demo.Greeter$' "$scratch/tools/peregrine" list "localhost:$port"
check_output "it calls them" '"name": "world"' "$scratch/tools/peregrine" call "localhost:$port" demo.Greeter/Greet -d '{"name": "world"}'
# The program that starts the tool has the path of what it runs in it.
check "what runs is ready-to-run code" grep -qa 'tools/net10.0/linux-x64/Peregrine.Cli.dll' "$scratch/tools/peregrine"
stored=$(find "$scratch/tools/.store" -name Peregrine.Cli.dll | head -1)

# The least processor time of some starts, which other programs on the machine change less than the time by the clock. A slow machine makes
# all starts slow, which is why one above the limit counts as good where it is far below that of the portable code in the same package.
tool_cost() { # PLATFORM ARGUMENTS...
  local dll=${stored%/net10.0/*}/net10.0/$1/Peregrine.Cli.dll
  shift
  least_time "$dll" dotnet exec "$dll" "$@"
}
tool_starts_within() { # MILLISECONDS ARGUMENTS...
  local limit=$1 portable ready
  shift
  portable=$(tool_cost any "$@") && ready=$(tool_cost linux-x64 "$@") || return 1
  echo "        processor time of $1: $ready ms ready to run, $portable ms portable"
  [ "$ready" -gt 0 ] && { [ "$ready" -le "$limit" ] || [ $((ready * 100)) -le $((portable * 85)) ]; }
}
check "the tool takes at most 200 ms of processor time to help" tool_starts_within 200 --help
cat "$scratch/out"
check "it takes at most 400 ms to call, reflection included" tool_starts_within 400 call "localhost:$port" demo.Greeter/Greet
cat "$scratch/out"

finish "packages"
