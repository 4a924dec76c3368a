#!/usr/bin/env bash
# Fuzzes the compiler: mutants of .proto files against the protoc that the Grpc.Tools package carries, mutants against nothing but
# crashes, endless runs and memory, and files that grow, against the time they take. What is found is printed, small, with the
# numbers that repeat it: dotnet run --project tests/CompilerFuzz -- differential ... --seed N --only M.
#   PEREGRINE_FUZZ_SECONDS=3600   how long each of the runs with random seeds takes; the default is 20.
. "$(dirname "$0")/suite.sh"

seconds=${PEREGRINE_FUZZ_SECONDS:-20}
shared=${PEREGRINE_SHARED:-$root/../shared}
CHECK_TIMEOUT=$((seconds + 600))

packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: *//')
version=$(sed -nE 's/.*"Grpc.Tools" Version="([^"]*)".*/\1/p' "$root/Directory.Packages.props")
protoc=$packages/grpc.tools/$version/tools/linux_x64/protoc
[ -x "$protoc" ] || dotnet restore "$root/tests/Peregrine.Protobuf.Compiler.Tests" -v q || exit 1
[ -x "$protoc" ] || { echo "protoc is not in the restored Grpc.Tools package ($version)"; exit 1; }
dotnet build "$root/tests/CompilerFuzz" -c Release --nologo -v q >"$scratch/build" 2>&1 || { cat "$scratch/build"; exit 1; }
fuzz() { dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/CompilerFuzz/release/CompilerFuzz.dll" "$@"; }

# Both compilers find the standard files in the same folder.
seeds=(--include "$root/proto" "$root/tests/CompilerFuzz/Cases" "$root/proto")
[ -d "$shared/corpus" ] && seeds+=("$shared/corpus/accept" "$shared/corpus/reject")
random=$((RANDOM * 32768 + RANDOM))

# A disagreement with protoc that nobody has met yet is worth knowing, not worth a red build: of ten thousand mutants these may disagree.
rare=(--limits WronglyRejected=5,WronglyAccepted=5,Bytes=10,Place=30,Warnings=10)

report() { # NAME ARGUMENTS... shows the last line, and everything when it fails
  local name=$1
  shift
  if fuzz "$@" >"$scratch/out" 2>&1; then pass "$name: $(grep -E ' compiled in |^scaling:' "$scratch/out")"; else fail "$name" "$scratch/out"; fi
}

report "the cases agree with protoc" check --protoc "$protoc" "${seeds[@]}"
report "mutants with a fixed seed agree with protoc" differential --protoc "$protoc" --seed 1 --count 2000 "${rare[@]}" "${seeds[@]}"
report "mutants with the seed $random agree with protoc" differential --protoc "$protoc" --seed "$random" --seconds "$seconds" "${rare[@]}" "${seeds[@]}"
report "mutants with a fixed seed end, without exceptions" crash --seed 2 --count 10000 "${seeds[@]}"
report "mutants with the seed $random end, without exceptions" crash --seed "$random" --seconds "$seconds" "${seeds[@]}"
report "mutants with a fixed seed keep their meaning when they are formatted" format --seed 3 --count 5000 "${seeds[@]}"
report "mutants with the seed $random keep their meaning when they are formatted" format --seed "$random" --seconds "$seconds" --limits Format=2 "${seeds[@]}"
report "time and memory grow with the size of a file only" scale

finish "compiler fuzz"
