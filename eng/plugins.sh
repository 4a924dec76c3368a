#!/usr/bin/env bash
# Compares peregrine compile with protoc as a host of plugins: the bytes of the requests, what plugins of other languages write, what
# happens to odd and hostile answers; and runs protoc-gen-peregrine under protoc and under buf.
. "$(dirname "$0")/suite.sh"

cases=$root/tests/Peregrine.Protobuf.Compiler.Tests/Descriptors/Cases
tools=$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/grpc.tools/*/tools/linux_x64 2>/dev/null | sort -V | tail -1)
[ -x "$tools/protoc" ] || { echo "protoc is missing: restore tests/Peregrine.Protobuf.Compiler.Tests first"; exit 1; }
"$root/peregrine" --version >/dev/null || exit 1 # builds the tool; the many processes below start it without the launcher
theirs=("$tools/protoc")
ours=(dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/Peregrine.Cli.dll" compile)
script=$root/eng/peers/plugin/protoc-gen-script

command -v protoc-gen-go >/dev/null && command -v protoc-gen-go-grpc >/dev/null && command -v protoc-gen-mypy >/dev/null ||
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends protoc-gen-go protoc-gen-go-grpc mypy-protobuf >/dev/null; } || exit 1
command -v npm >/dev/null || apt-get install -y -qq npm >/dev/null || exit 1
modules=${PEREGRINE_ORACLES:-$root/artifacts/oracles}/npm-plugins
[ -x "$modules/node_modules/.bin/buf" ] ||
  npm install --silent --no-fund --no-audit --prefix "$modules" @bufbuild/buf@1.75.0 @bufbuild/protoc-gen-es@2.17.0 >/dev/null || exit 1

cd "$cases" || exit 1

# both ARGUMENT...: runs both programs, each with a folder of its own for @OUT@; keeps their output and exit codes.
both() {
  local side
  rm -rf "$scratch/theirs" "$scratch/ours"
  mkdir -p "$scratch/theirs/out" "$scratch/ours/out"
  for side in theirs ours; do
    local -n program=$side
    SCRIPT_SAVE=$scratch/$side/request timeout 120 "${program[@]}" "${@//@OUT@/$scratch/$side/out}" >"$scratch/$side.log" 2>&1 </dev/null
    echo $? >"$scratch/$side.code"
  done
}
codes() { echo "$(cat "$scratch/theirs.code") $(cat "$scratch/ours.code")"; }
show() { echo "exit codes: $(codes)"; sed 's/^/protoc: /' "$scratch/theirs.log"; sed 's/^/ours: /' "$scratch/ours.log"; }
same_tree() { [ "$(codes)" = "0 0" ] && diff -r "$scratch/theirs/out" "$scratch/ours/out" || { show; return 1; }; }
all_features="features:3|998|1001"

# ---- the bytes of requests
# The parameter has colons, which part it from the folder: it comes by --script_opt.
same_request() {
  both -I. "-I$root/proto" --plugin=protoc-gen-script="$script" "--script_opt=$all_features" --script_out=@OUT@ "$@"
  same_tree && cmp "$scratch/theirs/request" "$scratch/ours/request"
}
for file in *.proto; do check "request for ${file%.proto}" same_request "$file"; done
check "request for all cases" same_request '--script_opt=;file:x|y' *.proto
check "request with a descriptor set beside it" same_request --include_imports --include_source_info -o "$scratch/set.pb" many_b.proto many_a.proto
from_set() {
  both --plugin=protoc-gen-script="$script" "--script_opt=$all_features" --script_out=@OUT@ --descriptor_set_in="$scratch/set.pb" "$@"
  same_tree && cmp "$scratch/theirs/request" "$scratch/ours/request"
}
"${theirs[@]}" -I. "-I$root/proto" --include_imports --include_source_info --retain_options -o "$scratch/set.pb" many_a.proto imports_2024.proto retention_deep.proto
check "request from a descriptor set" from_set many_a.proto
check "request from a descriptor set, several files" from_set knobs.proto imports_2024.proto retention_deep.proto
check "request mixed from text and a descriptor set" from_set -I. shapes_use.proto imports_2024.proto

# ---- what becomes of answers: the same files and the same success as with protoc
# script NAME COMMANDS...: every argument is the parameter of one run of the plugin into the same folder
script_run() {
  local args=() i=0 commands
  for commands in "$@"; do
    args+=("--plugin=protoc-gen-s$i=$script" "--s${i}_opt=$all_features;$commands" "--s${i}_out=${location:-@OUT@}")
    i=$((i + 1))
  done
  both -I. "-I$root/proto" "${args[@]}" "${files:-plain.proto}"
}
same_result() { script_run "$@"; same_tree; }
same_failure() {
  script_run "$@"
  [ "$(codes)" = "1 1" ] || { show; return 1; }
  [ -z "$(find "$scratch/ours/out" -type f)" ] || { echo "files were written"; show; return 1; }
  [ "$(wc -l <"$scratch/ours.log")" -ge 1 ] && ! grep -q '   at ' "$scratch/ours.log" || { show; return 1; }
}
safe_failure() { # protoc lets it pass, or cannot be asked
  script_run "$@"
  [ "$(cat "$scratch/ours.code")" = 1 ] && [ -z "$(find "$scratch/ours" -type f ! -name request)" ] || { show; return 1; }
}
check "files and folders" same_result 'file:a.txt|text;file:b/c/d.txt|x\ny;file:empty|'
check "names with dots" same_result 'file:./a.txt|x;file:b//c|y'
check "parts without a name" same_result 'file:a|one;more:two;more:three;file:b|x'
check "insertion, indented" same_result 'file:a|x\n  // @@protoc_insertion_point(p)\ny\n;insert:a|p|one\n\ntwo;insert:a|p|three\n'
check "insertion on the first line" same_result 'file:a|@@protoc_insertion_point(p) @@protoc_insertion_point(q);insert:a|q|one;insert:a|p|two'
check "insertion before an inline comment" same_result 'file:a|f(/* @@protoc_insertion_point(p) */)\n/* @@protoc_insertion_point(q) */;insert:a|p|one;insert:a|q|two'
check "insertion by tabs, of nothing, of parts" same_result 'file:a|\t \t@@protoc_insertion_point(p);insert:a|p|;insert:a|p|x;more:y\nz'
check "insertion across plugins" same_result 'file:a|  @@protoc_insertion_point(p)\n' 'insert:a|p|two' 'insert:a|p|three;file:b|x'
check "three plugins, one folder" same_result 'file:a|x' 'file:b|y' 'file:c|z'
check "output on standard error is passed on" same_result 'say:hello;file:a|x'
grep -q '^hello$' "$scratch/ours.log" && pass "and is there" || fail "and is there" "$scratch/ours.log"
check "the same file twice" same_failure 'file:a|x;file:a|y'
check "the same file by two plugins" same_failure 'file:a|x' 'file:a|y'
check "no insertion point" same_failure 'file:a|x;insert:a|p|y'
check "insertion into nothing" same_failure 'insert:a|p|y'
check "no name at first" same_failure 'more:x'
check "an error of the plugin" same_failure 'error:it went wrong;file:a|x'
check "an exit code" same_failure 'file:a|x;exit:3'
check "a signal" same_failure 'file:a|x;kill:9'
check "no response" same_failure 'raw:hello world'
check "one plugin of two fails" same_failure 'file:a|x' 'exit:1'
check "a name that leads out" same_failure 'file:../a|x'
check "a name that leads out later" same_failure 'file:b/../../a|x'
for name in /a "$scratch/ours/evil" 'C:\a' 'C:/a' 'b\..\..\a' '\\host\share' '..\a' 'a/..' ''; do
  check "hostile name \"$name\"" safe_failure "file:$name|evil"
done
location=@OUT@/x.zip check "a zip archive" same_result 'file:b/c.txt|text;file:a|x;file:empty|'
location=@OUT@/x.jar check "a jar archive" same_result 'file:a|x'
location=@OUT@/x.srcjar check "a srcjar archive" same_result 'file:Z|x' 'file:a|y'
files=own_features.proto all_features="features:1|0|0" check "no editions" same_failure 'file:a|x'
files=own_features.proto all_features="features:3|998|999" check "too low a maximum" same_failure 'file:a|x'
files=own_features.proto all_features="features:3|1001|1001" check "too high a minimum" same_failure 'file:a|x'
files=plain.proto all_features="features:0|0|0" check "no proto3 optional" same_failure 'file:a|x'
check "a plugin that is not there" bash -c "cd '$cases'; ! ${ours[*]} -I. --plugin=protoc-gen-x=/nowhere --x_out='$scratch' plain.proto 2>&1 | tee /dev/stderr | grep -q '   at '"

# ---- real plugins: the same trees under both, and something in them
mkdir -p "$scratch/go"
go_module() { sed "s|^syntax .*|&\noption go_package = \"example.com/$2;$2\";|" "$root/$1"; }
go_module examples/SayHello/Protos/hello.proto hello >"$scratch/go/hello.proto"
go_module examples/Streams/Protos/ping.proto ping >"$scratch/go/ping.proto"
writes_same() { # FILE-PATTERN ARGUMENT...
  local pattern=$1
  shift
  both "$@"
  same_tree || return 1
  [ -n "$(find "$scratch/ours/out" -name "$pattern" -size +0)" ] || { echo "no $pattern"; show; return 1; }
}
check "grpc_csharp_plugin" writes_same StatementOrderGrpc.cs -I. "-I$root/proto" --plugin=protoc-gen-grpc="$tools/grpc_csharp_plugin" \
  --grpc_opt=no_server --grpc_out=@OUT@ statement_order.proto aggregates.proto
check "protoc-gen-go and protoc-gen-go-grpc" writes_same '*_grpc.pb.go' "-I$scratch/go" --go_out=@OUT@ --go-grpc_out=@OUT@ hello.proto ping.proto
check "protoc-gen-mypy" writes_same '*.pyi' "-I$scratch/go" --mypy_opt=quiet --mypy_out=@OUT@ hello.proto ping.proto
check "protoc-gen-es" writes_same shapes_pb.ts -I. "-I$root/proto" --plugin="$modules/node_modules/.bin/protoc-gen-es" \
  --es_opt=target=ts,keep_empty_files=true --es_out=@OUT@ *.proto

# ---- other outputs of the command line
free_numbers() {
  both -I. "-I$root/proto" --print_free_field_numbers *.proto
  diff <(grep ' free:' "$scratch/theirs.log") <(grep ' free:' "$scratch/ours.log")
}
check "print_free_field_numbers" free_numbers
same_defaults() {
  both -I. "-I$root/proto" --edition_defaults_out=@OUT@/defaults "$@"
  same_tree
}
check "edition_defaults_out" same_defaults google/protobuf/descriptor.proto
check "edition_defaults_out with extensions" same_defaults own_features.proto google/protobuf/c_sharp_features.proto
check "edition_defaults_out of a range" same_defaults --edition_defaults_minimum=PROTO3 --edition_defaults_maximum=2023 own_features_use.proto
same_rule() { # ARGUMENT...: both in a folder of their own, whose files have the same relative names
  local side
  for side in theirs ours; do
    local -n program=$side
    rm -rf "$scratch/$side.d" && mkdir -p "$scratch/$side.d/o" "$scratch/$side.d/in" && cp "$scratch"/go/*.proto "$cases"/*.proto "$scratch/$side.d/in" && cd "$scratch/$side.d" || return 1
    "${program[@]}" "$@" --dependency_out=rule.d >"$scratch/$side.log" 2>&1 || { show; return 1; }
  done
  cmp "$scratch/theirs.d/rule.d" "$scratch/ours.d/rule.d" || { head -50 "$scratch"/*.d/rule.d; return 1; }
}
script_out=(--plugin=protoc-gen-s="$script" "--s_opt=$all_features;file:b/c|x;file:a|y")
check "dependency_out of a plugin and a set" same_rule -Iin "${script_out[@]}" --s_out=./o -o set.pb hello.proto
check "dependency_out of an archive" same_rule -I./in "${script_out[@]}" --s_out=o/x.zip hello.proto
check "dependency_out with imports" same_rule -Iin/ "-I$root/proto" -o set.pb imports_2024.proto
check "dependency_out without outputs" same_rule -Iin/. "${script_out[@]}" "--s_opt=" -o set.pb hello.proto

# ---- being a plugin: what peregrine compile writes
as_plugin() { # DIRECTORY PROGRAM FILE...
  local directory=$1 program=$2
  shift 2
  rm -rf "$scratch/compiled" "$scratch/plugin" && mkdir "$scratch/compiled" "$scratch/plugin"
  timeout 120 "${ours[@]}" "-I$directory" "-I$root/proto" --csharp_out="$scratch/compiled" --csharp_opt=internal_access "$@" || return 1
  "$program" "$directory" "$@" || return 1
  [ -n "$(find "$scratch/compiled" -type f)" ] && diff -r "$scratch/compiled" "$scratch/plugin"
}
by_protoc() { local d=$1; shift; "$tools/protoc" "-I$d" "-I$root/proto" --plugin="$root/protoc-gen-peregrine" --peregrine_out=internal_access:"$scratch/plugin" "$@"; }
by_link() {
  local d=$1
  shift
  mkdir -p "$scratch/link"
  ln -sf "${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/Peregrine.Cli" "$scratch/link/protoc-gen-peregrine"
  DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")") "$tools/protoc" "-I$d" "-I$root/proto" \
    --plugin="$scratch/link/protoc-gen-peregrine" --peregrine_out="$scratch/plugin" --peregrine_opt=internal_access "$@"
}
by_buf() {
  cd "$1" || return 1
  echo "version: v2" >buf.yaml
  printf 'version: v2\nplugins:\n  - local: %s\n    out: %s\n    opt: internal_access\n' "$root/protoc-gen-peregrine" "$scratch/plugin" >buf.gen.yaml
  "$modules/node_modules/.bin/buf" generate
}
check "protoc-gen-peregrine under protoc" as_plugin "$scratch/go" by_protoc hello.proto ping.proto
check "protoc-gen-peregrine as a link to the tool" as_plugin "$scratch/go" by_link hello.proto ping.proto
check "protoc-gen-peregrine under buf" as_plugin "$scratch/go" by_buf hello.proto ping.proto
check "protoc-gen-peregrine with options of every shape" as_plugin "$cases" by_protoc shapes.proto retention.proto many_a.proto many_b.proto statement_order.proto

finish "plugins"
