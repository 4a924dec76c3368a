#!/usr/bin/env bash
# Generated C# under the strictest analysis: the marks that spare generated code are taken off, every rule is on, warnings are
# errors. What the head of each file disables is named there with its reason, and nothing else is. Needs only the .NET SDK.
. "$(dirname "$0")/suite.sh"

export CHECK_TIMEOUT=540
cd "$root" || exit 1
protos=$scratch/protos
project=$scratch/analysis
mkdir -p "$protos" "$project/Generated"
for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
  echo '<Project />' >"$project/$name" # nothing of folders above applies
done
echo 'root = true' >"$project/.editorconfig"

# The tutorial's files and those of the generator's tests; the standard ones under another name, since the runtime has their types.
cp examples/SayHello/Protos/hello.proto examples/Streams/Protos/ping.proto tests/Peregrine.Protobuf.Compiler.Tests/CSharp/Protos/*.proto \
  tests/Peregrine.Protobuf.Compiler.Tests/CSharp/Golden/{person,fields}.proto "$protos"
(cd proto && find google/protobuf google/rpc -maxdepth 1 -name '*.proto') | while read -r file; do
  mkdir -p "$protos/$(dirname "standard/${file#google/}")"
  sed -e 's/google\.\(protobuf\|rpc\)/standard.\1/g; s/"Google\./"Standard./; s#import "google/#import "standard/#' "proto/$file" \
    >"$protos/standard/${file#google/}"
done

cat >"$project/Analysis.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <AnalysisLevel>latest-all</AnalysisLevel>
    <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <GenerateDocumentationFile>true</GenerateDocumentationFile>
    <IsAotCompatible>true</IsAotCompatible>
    <NeutralLanguage>en</NeutralLanguage>
    <ImplicitUsings>disable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="$root/src/Peregrine/Peregrine.csproj" />
    <AssemblyAttribute Include="System.CLSCompliant"><_Parameter1>false</_Parameter1><_Parameter1_TypeName>System.Boolean</_Parameter1_TypeName></AssemblyAttribute>
    <AssemblyAttribute Include="System.Runtime.InteropServices.ComVisible"><_Parameter1>false</_Parameter1><_Parameter1_TypeName>System.Boolean</_Parameter1_TypeName></AssemblyAttribute>
  </ItemGroup>
</Project>
EOF

files=()
while read -r file; do files+=("${file#"$protos/"}"); done < <(find "$protos" -name '*.proto' | sort)
generate() { ./peregrine compile -I "$protos" --csharp_out="$project/Generated" --csharp_opt=base_namespace= "${files[@]}"; }
check "C# is generated from ${#files[@]} files" generate

unmark() {
  find "$project/Generated" -name '*.cs' -print0 \
    | xargs -0 sed -i -e 's#^// </\?auto-generated>$#//#' -e '/CodeDom\.Compiler\.GeneratedCode(/d'
  ! grep -rqi 'auto-generated\|GeneratedCode(' "$project/Generated"
}
check "the marks of generated code are off" unmark

reasons() {
  local bare
  bare=$(grep -rhE '#pragma warning disable' "$project/Generated" | grep -vE '^#pragma warning disable [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* // .{10,}$' | sort -u)
  [ -z "$bare" ] || { echo "without named rules or a reason: $bare"; return 1; }
}
check "every disabled rule is named and has its reason" reasons
check "the head is the only place that disables rules" \
  sh -c "! grep -rhnE '#pragma|SuppressMessage' '$project/Generated' | awk -F: '\$1 > 40' | grep ."
check "no warning of any rule" dotnet build "$project/Analysis.csproj" -nologo -v quiet -clp:NoSummary

finish "generated analysis"
