#!/usr/bin/env bash
# Makes all packages into artifacts/packages (or the folder given). The programs, Peregrine.Build and the tool, are there as ready-to-run
# code for the platforms of PEREGRINE_RIDS, too; on others they run from portable code.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
packages=${1:-$PWD/artifacts/packages}
rids=${PEREGRINE_RIDS-linux-x64 win-x64}
mkdir -p "$packages"
rm -f "$packages"/*.nupkg "$packages"/*.snupkg

# In a folder of its own, so that restoring for a platform does not disturb the builds beside it.
tools=$PWD/artifacts/ready-to-run
rm -rf "$tools/tools"
for project in Peregrine.Build Peregrine.Cli; do
  mkdir -p "$tools/tools/$project"
  for rid in $rids; do
    dotnet publish "src/$project/$project.csproj" -c Release -r "$rid" --self-contained false -v quiet -nologo -p:UseAppHost=false \
      -p:PublishReadyToRun=true -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false -p:ArtifactsPath="$tools" -o "$tools/tools/$project/$rid"
  done
done

for project in Peregrine.Http2 Peregrine.Protobuf Peregrine Peregrine.Services Peregrine.Testing Peregrine.Protobuf.Compiler Peregrine.Build Peregrine.Cli; do
  dotnet pack "src/$project/$project.csproj" -c Release -v quiet -nologo -o "$packages" \
    -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false -p:ReadyToRunTools="$tools/tools/$project"
done
ls -l "$packages"
