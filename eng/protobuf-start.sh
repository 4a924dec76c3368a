#!/usr/bin/env bash
# What the protobuf runtime costs a program that starts, and one that is shipped: the first use of one message type among a thousand, and
# the size of trimmed and of native programs. Figures and what they mean: docs/benchmarks/2026-11-29-protobuf-start.md.
. "$(dirname "$0")/suite.sh"

export CHECK_TIMEOUT=600
cd "$root" || exit 1
runtime=linux-x64
artifacts=${ArtifactsPath:-$root/artifacts}
dotnet build src/Peregrine.Cli -c Release -nologo -v q -clp:NoSummary >"$scratch/build" 2>&1 || { cat "$scratch/build"; exit 1; }
for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
  echo '<Project />' >"$scratch/$name" # nothing of folders above applies
done

# project NAME FILES MESSAGES: a program that uses one of FILES x MESSAGES message types; without any, one that uses none.
project() {
  local name=$1 files=$2 messages=$3 file message
  mkdir -p "$scratch/$name/protos"
  for ((file = 0; file < files; file++)); do
    {
      echo "syntax = \"proto3\"; package start; enum E$file { Z$file = 0; A$file = 1; }"
      [ $file -eq 0 ] || echo "import \"f$((file - 1)).proto\";"
      for ((message = file * messages; message < (file + 1) * messages; message++)); do
        echo "message M$message { int32 id = 1; string name = 2; repeated int64 numbers = 3; map<string, int32> counts = 4; E$file kind = 5;"
        echo "  bytes data = 6; double ratio = 7; oneof body { string text = 8; int64 size = 9; }"
        [ $message -eq 0 ] || echo "  M$((message - 1)) previous = 10; repeated M$((message - 1)) list = 11;"
        echo "}"
      done
    } >"$scratch/$name/protos/f$file.proto"
  done
  if [ "$files" -gt 0 ]; then
    (cd "$scratch/$name/protos" && dotnet exec "$artifacts/bin/Peregrine.Cli/release/Peregrine.Cli.dll" compile -I. --csharp_out=.. ./*.proto) || return 1
  fi
  cat >"$scratch/$name/$name.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <InvariantGlobalization>true</InvariantGlobalization>
    <TrimmerSingleWarn>false</TrimmerSingleWarn>
    <DefineConstants>\$(DefineConstants)$([ "$files" -eq 0 ] || echo ";MESSAGES")</DefineConstants>
  </PropertyGroup>
  <ItemGroup>
    $([ "$files" -eq 0 ] || echo "<Reference Include=\"$artifacts/bin/Peregrine.Protobuf/release/Peregrine.Protobuf.dll\" />")
  </ItemGroup>
</Project>
XML
  cat >"$scratch/$name/Program.cs" <<'CSHARP'
using System;
#if MESSAGES
using System.Runtime;
using Peregrine.Protobuf;
using Start;

// All that is measured with is used once before.
_ = (Methods(), GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime.TotalMicroseconds);
Measure("first", Use);

// The runtime has started and the library's code is there: what one more type costs.
Measure("further", UseFurther);

static void Measure(string which, Action use)
{
    long methods = Methods();
    long bytes = GC.GetAllocatedBytesForCurrentThread();
    TimeSpan time = Environment.CpuUsage.TotalTime;
    use();
    time = Environment.CpuUsage.TotalTime - time;
    bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
    methods = Methods() - methods;
    Console.WriteLine($"{which}: methods {methods} bytes {bytes}");
    Console.WriteLine($"{which}: microseconds {(long)time.TotalMicroseconds}");
}

// Only with a compiler at run time is there anything to count.
static long Methods() => System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled ? JitInfo.GetCompiledMethodCount() : 0;

static void Use()
{
    var message = new M1 { Id = 1, Name = "n", Numbers = { 1, 2 }, Counts = { ["a"] = 1 }, Text = "t", Previous = new M0 { Id = 2 } };
    byte[] bytes = message.ToByteArray();
    if (!M1.Parser.ParseFrom(bytes).Equals(message))
    {
        throw new InvalidOperationException("The message is not read as it was written.");
    }
}

static void UseFurther()
{
    var message = new M2 { Id = 1, Name = "n", Numbers = { 1, 2 }, Counts = { ["a"] = 1 }, Text = "t", Previous = new M1 { Id = 2 } };
    byte[] bytes = message.ToByteArray();
    if (!M2.Parser.ParseFrom(bytes).Equals(message))
    {
        throw new InvalidOperationException("The message is not read as it was written.");
    }
}
#else
Console.WriteLine("nothing");
#endif
CSHARP
}

# publish NAME FOLDER PROPERTY...: fails on a warning, too.
publish() {
  local name=$1 folder=$2
  shift 2
  dotnet publish "$scratch/$name/$name.csproj" -c Release -r $runtime --self-contained -nologo -v q -o "$scratch/$folder" "$@" >"$scratch/publish" 2>&1 ||
    { cat "$scratch/publish"; return 1; }
  ! grep -E 'warning' "$scratch/publish"
}

# The size of a program without what is for its developers.
size_of() { find "$scratch/$1" -type f ! -name '*.pdb' ! -name '*.xml' ! -name '*.dbg' -printf '%s\n' | awk '{ s += $1 } END { print s }'; }

# grows_less WITHOUT WITH LIMIT
grows_less() {
  local growth=$(($(size_of "$2") - $(size_of "$1")))
  echo "$(size_of "$1") bytes, and $growth more with messages"
  [ $growth -lt "$3" ]
}

same_costs() {
  dotnet build "$scratch/few/few.csproj" -c Release -nologo -v q && dotnet build "$scratch/many/many.csproj" -c Release -nologo -v q || return 1
  dotnet exec "$scratch/few/bin/Release/net10.0/few.dll" >"$scratch/few.out" && dotnet exec "$scratch/many/bin/Release/net10.0/many.dll" >"$scratch/many.out" || return 1
  cat "$scratch/few.out" "$scratch/many.out"
  [ "$(grep methods "$scratch/few.out")" = "$(grep methods "$scratch/many.out")" ]
}

# takes_less MICROSECONDS WHICH PROGRAM...: time of the processor, the best of five: other programs disturb.
takes_less() {
  local limit=$1 which=$2 best
  shift 2
  best=$(for _ in 1 2 3 4 5; do "$@"; done | sed -n "s/^$which: microseconds //p" | sort -n | head -1)
  echo "$best microseconds"
  [ "$best" -lt "$limit" ]
}

# report NAME COMMAND...: shows the last line also when it passes
report() {
  local name=$1
  shift
  if "$@" >"$scratch/out" 2>&1; then pass "$name: $(tail -1 "$scratch/out")"; else fail "$name" "$scratch/out"; fi
}

project none 0 0 && project few 1 3 && project many 10 100 || { echo "the programs cannot be made"; exit 1; }
report "the first use of one type costs the same among a thousand as among three" same_costs
check "a trimmed program without messages is published" publish none trimmed-none -p:PublishTrimmed=true
check "a trimmed program is published without warnings" publish few trimmed -p:PublishTrimmed=true
report "a trimmed program grows by less than 1 MB" grows_less trimmed-none trimmed 1000000
check "a native program without messages is published" publish none native-none -p:PublishAot=true
check "a native program is published without warnings" publish few native -p:PublishAot=true
report "a native program grows by less than 1.25 MB" grows_less native-none native 1250000
report "the first use of any type in a native program takes less than 1 ms" takes_less 1000 first "$scratch/native/few"
report "the first use of one more type in a native program takes less than 1 ms" takes_less 1000 further "$scratch/native/few"
check "a ready-to-run program is published" publish few ready -p:PublishReadyToRun=true
report "the first use of one more type in a ready-to-run program takes less than 1 ms" takes_less 1000 further "$scratch/ready/few"

finish "protobuf start"
