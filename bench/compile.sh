#!/usr/bin/env bash
# bench/compile.sh [ROUNDS]
#
# Compiles some eight thousand public .proto files (npm package google-proto-files 5.0.3) to one descriptor set with imports and source
# info, with protoc (35.1, of the NuGet package Grpc.Tools) and with the peregrine tool as it is packed (ready-to-run), in turns, after
# one round that does not count. Prints the medians of wall time, CPU time and peak memory, and the ratios; then the start-up of both on one
# small file. Both outputs must be the same bytes. Needs linux-x64, GNU time and npm.
set -euo pipefail
rounds=${1:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
command -v npm >/dev/null || { echo "$0: npm is missing" >&2; exit 1; }
[ -x /usr/bin/time ] || { echo "$0: GNU time is missing; install the package time" >&2; exit 1; }

packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: *//')
version=$(sed -nE 's/.*"Grpc.Tools" Version="([^"]*)".*/\1/p' "$root/Directory.Packages.props")
protoc=$packages/grpc.tools/$version/tools/linux_x64/protoc
[ -x "$protoc" ] || dotnet restore "$root/tests/Peregrine.Protobuf.Compiler.Tests" -v q
dotnet publish "$root/src/Peregrine.Cli" -c Release -r linux-x64 --no-self-contained -p:PublishReadyToRun=true -p:UseAppHost=false \
  -p:RunAnalyzers=false -o "$scratch/tool" -v q -nologo -clp:ErrorsOnly
peregrine="dotnet exec $scratch/tool/Peregrine.Cli.dll compile"

(cd "$scratch" && npm pack --silent google-proto-files@5.0.3 >/dev/null && tar xzf google-proto-files-*.tgz)
cd "$scratch/package"
find . -name '*.proto' | sed 's,^\./,,' | sort >"$scratch/files"
# A few files cannot be compiled, or not together with the others: the first one that protoc names goes, until it names none.
while ! "$protoc" -I. -o "$scratch/set" "@$scratch/files" 2>"$scratch/errors"; do
  grep -v warning "$scratch/errors" | cut -d: -f1 | grep -xFf "$scratch/files" | head -1 >"$scratch/bad"
  [ -s "$scratch/bad" ] || { cat "$scratch/errors" >&2; exit 1; }
  grep -vxFf "$scratch/bad" "$scratch/files" >"$scratch/rest"
  mv "$scratch/rest" "$scratch/files"
done

measure() { # NAME COMMAND...
  local name=$1
  shift
  /usr/bin/time -o "$scratch/time" -f '%e %U %S %M' "$@" 2>/dev/null
  awk '{ printf "%.2f %.2f %.0f\n", $1, $2 + $3, $4 / 1024 }' "$scratch/time" >>"$scratch/$name"
}
median() { cut -d' ' -f"$2" "$scratch/$1" | sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
row() { # LABEL FIELD
  local ours theirs
  ours=$(median peregrine "$2")
  theirs=$(median protoc "$2")
  printf '%-28s %12s %12s %8s\n' "$1" "$ours" "$theirs" "$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')"
}
rounds() { # ROUNDS: runs both in turns, the first time for nothing
  local i
  rm -f "$scratch/peregrine" "$scratch/protoc"
  for i in $(seq 0 "$1"); do
    measure protoc "$protoc" -I. --include_imports --include_source_info -o "$scratch/protoc.pb" "${input[@]}"
    measure peregrine $peregrine -I. --include_imports --include_source_info -o "$scratch/peregrine.pb" "${input[@]}"
    [ "$i" -gt 0 ] || rm -f "$scratch/peregrine" "$scratch/protoc"
  done
  cmp "$scratch/protoc.pb" "$scratch/peregrine.pb"
}

echo "$(nproc) cores, .NET $(dotnet --version), $("$protoc" --version), median of $rounds rounds"
input=("@$scratch/files")
rounds "$rounds"
echo "$(wc -l <"$scratch/files") files, $(du -m "$scratch/peregrine.pb" | cut -f1) MB of descriptors, the same bytes"
printf '%-28s %12s %12s %8s\n' '' 'Peregrine' 'protoc' 'ratio'
row 'wall time, s' 1
row 'CPU time, s' 2
row 'peak memory, MB' 3
input=(google/api/http.proto)
rounds "$rounds"
row 'one small file, wall, s' 1
row 'one small file, CPU, s' 2
