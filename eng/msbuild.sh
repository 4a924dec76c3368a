#!/usr/bin/env bash
# The <Protobuf> item in the kinds of projects and builds that people have; what is quicker to test stands in tests/Peregrine.Build.Tests.
# Needs only the .NET SDK.
. "$(dirname "$0")/suite.sh"

export CHECK_TIMEOUT=300 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_UI_LANGUAGE=en UseSharedCompilation=false
(cd "$root" && dotnet build src/Peregrine.Build -c Release -v quiet -p:RunAnalyzers=false) || exit 1
tree=$scratch/tree
tool=$scratch/tool
mkdir -p "$tree"
cp -r "${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Build/release" "$tool"
unset ArtifactsPath
cd "$tree" || exit 1

# What the package would bring.
cat >Directory.Build.props <<EOF
<Project>
  <Import Project="$root/src/Peregrine.Build/build/Peregrine.Build.props" />
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <PeregrineBuildTool>$tool/Peregrine.Build.dll</PeregrineBuildTool>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <GenerateDocumentationFile>false</GenerateDocumentationFile>
  </PropertyGroup>
  <ItemGroup>
    <Reference Include="$tool/Peregrine.Protobuf.dll" />
  </ItemGroup>
</Project>
EOF
echo "<Project><Import Project=\"$root/src/Peregrine.Build/build/Peregrine.Build.targets\" /></Project>" >Directory.Build.targets

project() { # NAME CONTENT [EXTENSION]
  mkdir -p "$1"
  echo "<Project Sdk=\"Microsoft.NET.Sdk\">$2</Project>" >"$1/$1.${3:-csproj}"
}
proto() { # FILE PACKAGE DECLARATIONS
  mkdir -p "$(dirname "$1")"
  echo "syntax = \"proto3\"; package $2; $3" >"$1"
}
build() { dotnet build -v minimal -tl:off "$@"; }
refuses() { # CODE ARGUMENTS...: the build fails with that error
  local code=$1
  shift
  ! timeout "$CHECK_TIMEOUT" dotnet build -v minimal -tl:off "$@" >"$scratch/refused" 2>&1 && grep -q "error $code" "$scratch/refused" || { cat "$scratch/refused"; return 1; }
}
ran() { stat -c %Y.%y "$1" 2>/dev/null; }
idle() { # STATE ARGUMENTS...: the build passes, and neither compiler runs
  local before
  before=$(ran "$1.hashes")
  shift
  timeout "$CHECK_TIMEOUT" dotnet build --no-restore -v detailed -tl:off "$@" >"$scratch/idle" 2>&1 || { tail -20 "$scratch/idle"; return 1; }
  [ "$before" = "$(ran "$state.hashes")" ] && grep -q 'Skipping target "CoreCompile"' "$scratch/idle"
}

# Several target frameworks and an output folder in the source tree, which both write at the same time.
project Many '<PropertyGroup><TargetFramework></TargetFramework><TargetFrameworks>net10.0;net10.0-windows</TargetFrameworks><EnableWindowsTargeting>true</EnableWindowsTargeting><DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads></PropertyGroup>
  <ItemGroup><Protobuf Include="Protos/**/*.proto" OutputDir="Generated" GrpcServices="None" /></ItemGroup>'
for i in $(seq 12); do proto "Many/Protos/f$i.proto" many "message M$i {}"; done
echo 'public static class User { public static object Made => new Many.M1(); }' >Many/User.cs
check "a project with two target frameworks builds, its output in the source tree" build Many
check "it is packed with each .proto once" sh -c "dotnet pack Many -v quiet --no-build -c Debug -o '$scratch/packed' && [ \$(unzip -l '$scratch/packed/'Many.*.nupkg | grep -c ' proto/Protos/f') = 12 ]"
state=Many/obj/Debug/net10.0/Many.protobuf
check "a build without changes does no work" idle "$state" Many
rm Many/Protos/f12.proto
check "a removed file takes its output along" sh -c "dotnet build Many --no-restore -v quiet && test ! -e Many/Generated/Protos/F12.cs"
rm Many/Protos/f11.proto
check "Rebuild rebuilds" sh -c "dotnet build Many --no-restore -v quiet -t:Rebuild && test -e Many/Generated/Protos/F1.cs && test ! -e Many/Generated/Protos/F11.cs"
check "Clean leaves nothing" sh -c "dotnet build Many --no-restore -v quiet -t:Clean && [ -z \"\$(find Many -name '*.cs' ! -name User.cs ! -path '*/obj/*AssemblyInfo.cs' ! -name '*AssemblyAttributes.cs')\" ]"

# Three projects over one folder of .proto files outside of them, built together; one references another, whose types it does not make again.
proto protos/one/common.proto one "message One {}"
proto protos/two/common.proto two 'import "one/common.proto"; message Two { one.One one = 1; } service S { rpc M(Two) returns (one.One); }'
sed -i 's/package two; import "one\/common.proto";/import "one\/common.proto"; package two;/' protos/two/common.proto
for name in Left Right; do
  project $name '<ItemGroup><Protobuf Include="../protos/**/*.proto" Link="Protos/%(RecursiveDir)%(Filename)%(Extension)" GrpcServices="None" /></ItemGroup>'
done
project Top '<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><ProjectReference Include="../Left/Left.csproj" /><Protobuf Include="../protos/**/*.proto" GrpcServices="None" /></ItemGroup>'
echo 'System.Console.WriteLine(new Two.Two { One = new One.One() }.One.GetType().Assembly.GetName().Name);' >Top/Program.cs
project All '<ItemGroup><ProjectReference Include="../Right/Right.csproj" /><ProjectReference Include="../Top/Top.csproj" ReferenceOutputAssembly="false" /></ItemGroup>'
check "projects over one tree of .proto files build in parallel" build All -m:4
check_output "a type is generated once" '^Left$' dotnet Top/bin/Debug/net10.0/Top.dll
state=Top/obj/Debug/net10.0/Top.protobuf
check "a build without dependencies does no work" idle "$state" Top --no-dependencies
check "publish" sh -c "dotnet publish Top --no-restore -v quiet -o '$scratch/published' && dotnet '$scratch/published/Top.dll' | grep -q Left"
check_output "dotnet watch watches imports" 'protos/one/common.proto' sh -c "cd Left && dotnet watch --list --non-interactive"

# What makes the compiler run again, and what does not.
project Change '<ItemGroup><Protobuf Include="a.proto" GrpcServices="None" /></ItemGroup>'
proto Change/a.proto change "message A {}"
check "a project builds" build Change
state=Change/obj/Debug/net10.0/Change.protobuf
again() { # STATE ARGUMENTS...: the build passes, and the compiler ran
  local before
  before=$(ran "$1.hashes")
  shift
  timeout "$CHECK_TIMEOUT" dotnet build --no-restore -v minimal -tl:off "$@" || return 1
  [ "$before" != "$(ran "$state.hashes")" ]
}
touch Change/a.proto
check "a touched file is no change" idle "$state" Change
check "a property is one" again "$state" Change -p:PeregrineNullable=false
echo >>"$tool/Peregrine.Protobuf.Compiler.dll"
check "another compiler is one" again "$state" Change
rm Change/obj/Debug/net10.0/A.cs
check "a missing output is one" again "$state" Change

# Other places for what is built.
project Places '<ItemGroup><Protobuf Include="a.proto" GrpcServices="None" /></ItemGroup>'
proto Places/a.proto places "message A {}"
check "UseArtifactsOutput" sh -c "dotnet build Places -v quiet -p:UseArtifactsOutput=true -p:ArtifactsPath='$tree/Places/out put' && test -e 'Places/out put/bin/Places/debug/Places.dll' && grep -q 'messages a.proto' 'Places/out put/obj/Places/debug/Places.protobuf.cs'"

# What cannot be.
project Basic '<ItemGroup><Protobuf Include="../protos/one/common.proto" /></ItemGroup>' vbproj
check "a project in another language is refused" refuses PRG9007 Basic
project Both '<PropertyGroup><Protobuf_ToolingRevision>1</Protobuf_ToolingRevision></PropertyGroup><ItemGroup><Protobuf Include="../protos/one/common.proto" /></ItemGroup>'
check "Grpc.Tools beside this is refused" refuses PRG9012 Both
project Lost '<PropertyGroup><PeregrineBuildTool>nowhere/Peregrine.Build.dll</PeregrineBuildTool></PropertyGroup><ItemGroup><Protobuf Include="../protos/one/common.proto" /></ItemGroup>'
check "a missing compiler is told" refuses PRG9005 Lost

# The launcher: started several times at once before anything is built, one builds, all run.
first_use() {
  local pids=() pid status=0
  for _ in 1 2 3; do
    ArtifactsPath=$scratch/launched timeout "$CHECK_TIMEOUT" "$root/peregrine" compile -I "$tree/protos" --csharp_out="$scratch" one/common.proto &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || status=1; done
  [ $status -eq 0 ] && test -e "$scratch/Common.cs"
}
check "the launcher's first use in parallel" first_use

# A plugin: the generator of the tool just built, run as any other program would be.
printf '#!/bin/sh\nexec env ArtifactsPath="%s" "%s" plugin\n' "$scratch/launched" "$root/peregrine" >protoc-gen-again
printf '#!/bin/sh\necho "this one fails" >&2\nexit 3\n' >protoc-gen-failing
chmod +x protoc-gen-again protoc-gen-failing
project Plugged '<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><Protobuf Include="a.proto" GrpcServices="None" CompileOutputs="False" /><ProtoPlugin Include="../protoc-gen-again" Options="services=none;file_extension=.again.cs" /></ItemGroup>'
proto Plugged/a.proto plugged "message A {}"
echo 'System.Console.WriteLine(new Plugged.A().GetType().FullName);' >Plugged/Program.cs
check_output "what a plugin generates is compiled" '^Plugged.A$' dotnet run --project Plugged
check "it stands in a folder of the plugin's name" test -e Plugged/obj/Debug/net10.0/protoc-gen-again/A.again.cs
state=Plugged/obj/Debug/net10.0/Plugged.protobuf
check "with a plugin, too, a build without changes does no work" idle "$state" Plugged
echo '# another one' >>protoc-gen-again
check "another plugin is a change" again "$state" Plugged
sed -i 's/protoc-gen-again/protoc-gen-failing/' Plugged/Plugged.csproj
check "a plugin that fails is an error" refuses PRG9015 Plugged

finish "msbuild"
