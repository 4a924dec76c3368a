#!/usr/bin/env bash
# Compares --encode, --decode and --decode_raw with protoc's: exit codes, bytes and text, for the cases of eng/text-format/cases.txt, for what
# they encode to with bytes changed at random, and for the descriptors of the standard files. Where both refuse a text, their errors are
# worded differently, so that only the exit code and the last lines are compared.
#   PEREGRINE_TEXT_ROUNDS=N   changed messages for each case (default 1)
. "$(dirname "$0")/suite.sh"

protoc=$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/grpc.tools/*/tools/linux_x64/protoc 2>/dev/null | sort -V | tail -1)
[ -x "$protoc" ] || { echo "protoc is missing: restore tests/Peregrine.Protobuf.Compiler.Tests first"; exit 1; }
"$root/peregrine" --version >/dev/null || exit 1 # builds the tool; the many processes below start it without the launcher
peregrine=(dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/Peregrine.Cli.dll" compile)
cd "$root/eng/text-format" || exit 1
inputs=("-I$root/proto" -I. kinds.proto legacy.proto proto3.proto)
RANDOM=20
"$protoc" --include_imports --include_source_info -o "$scratch/set" "${inputs[@]}" || exit 1

# same INPUT FLAG...: both programs on one input. What they say is compared but for errors of protoc's own log and of the text's places.
same() {
  local input=$1 theirs ours
  shift
  timeout 60 "$protoc" "$@" <"$input" >"$scratch/theirs" 2>"$scratch/theirs.err"
  theirs=$?
  timeout 60 "${peregrine[@]}" "$@" <"$input" >"$scratch/ours" 2>"$scratch/ours.err"
  ours=$?
  [ $theirs -eq $ours ] || { echo "exit code $theirs and $ours: $*"; cat "$scratch/theirs.err" "$scratch/ours.err"; return 1; }
  cmp "$scratch/theirs" "$scratch/ours" || { echo "output: $*"; diff -a "$scratch/theirs" "$scratch/ours" | head -10; return 1; }
  said "$scratch/theirs.err" >"$scratch/theirs.said"
  said "$scratch/ours.err" >"$scratch/ours.said"
  diff "$scratch/theirs.said" "$scratch/ours.said" || { echo "messages: $*"; return 1; }
}

# Warnings of the text without their place, and all that is said about the message.
said() { grep -av -e '^E[0-9]' -e '^peregrine: ' "$1" | sed -e 's/^input:[0-9]*:[0-9]*: warning: /warning: /' | grep -av '^input:'; }

# mutate FILE: changes, adds and cuts off bytes, up to three times.
mutate() {
  local -a bytes
  local i at
  mapfile -t bytes < <(od -An -v -tx1 "$1" | tr -s ' ' '\n' | grep .)
  for ((i = RANDOM % 3; i >= 0; i--)); do
    at=$((RANDOM % (${#bytes[@]} + 1)))
    case $((RANDOM % 3)) in
      0) bytes[at]=$(printf '%02x' $((RANDOM % 256))) ;;
      1) bytes=("${bytes[@]:0:at}") ;;
      2) bytes=("${bytes[@]:0:at}" "$(printf '%02x' $((RANDOM % 256)))" "${bytes[@]:at}") ;;
    esac
  done
  [ ${#bytes[@]} -eq 0 ] || printf '%b' "$(printf '\\x%s' "${bytes[@]}")"
}

# one_case TYPE TEXT: encodes, decodes what was encoded, and decodes changed messages.
one_case() {
  local round
  printf '%s' "$2" | sed 's/\\n/\n/g' >"$scratch/text"
  same "$scratch/text" "--encode=$1" "${inputs[@]}" || return 1
  [ -s "$scratch/theirs" ] || return 0
  cp "$scratch/theirs" "$scratch/binary"
  same "$scratch/text" "--encode=$1" --deterministic_output "${inputs[@]}" || return 1
  same "$scratch/binary" "--decode=$1" "${inputs[@]}" || return 1
  same "$scratch/binary" --decode_raw || return 1
  for ((round = 0; round < ${PEREGRINE_TEXT_ROUNDS:-1}; round++)); do
    mutate "$scratch/binary" >"$scratch/changed"
    same "$scratch/changed" "--decode=$1" "${inputs[@]}" && same "$scratch/changed" --decode_raw || { od -An -tx1 "$scratch/changed"; return 1; }
  done
}

while IFS='|' read -r type text; do
  case $type in '#'*) continue ;; esac
  type=${type// /}
  check "$type $text" one_case "$type" "${text# }"
done <cases.txt

# Whole descriptors: a large message of real use, to text and back.
descriptors() {
  local descriptor=("-I$root/proto" google/protobuf/descriptor.proto)
  same "$scratch/set" --decode=google.protobuf.FileDescriptorSet "${descriptor[@]}" || return 1
  cp "$scratch/theirs" "$scratch/set.text"
  same "$scratch/set" --decode_raw || return 1
  same "$scratch/set.text" --encode=google.protobuf.FileDescriptorSet "${descriptor[@]}" || return 1
  cmp "$scratch/set" "$scratch/ours"
}
check "descriptors to text and back" descriptors

# Types from descriptor sets, with and without files.
from_sets() {
  printf 'f_int32: 5 [kinds.e_int32]: 1' >"$scratch/text"
  same "$scratch/text" "--descriptor_set_in=$scratch/set" --encode=kinds.All && same "$scratch/text" "--descriptor_set_in=$scratch/set" --encode=kinds.All kinds.proto
}
check "types of a descriptor set" from_sets

# Both refuse these command lines; the exit code of a wrong one is 2 here.
refused() {
  local ours
  ! "$protoc" "$@" </dev/null >"$scratch/out" 2>&1 || { echo "protoc accepts it"; return 1; }
  "${peregrine[@]}" "$@" </dev/null
  ours=$?
  [ $ours -eq 2 ]
}
check "no type" refused --encode= "${inputs[@]}"
check "no type to decode" refused --decode= "${inputs[@]}"
check "a value of --decode_raw" refused --decode_raw=x
check "files with --decode_raw" refused --decode_raw "${inputs[@]}"
check "a set with --decode_raw" refused --decode_raw "--descriptor_set_in=$scratch/set"
check "both ways" refused --encode=kinds.All --decode=kinds.All "${inputs[@]}"
check "no files" refused --encode=kinds.All
check "an order for what is decoded" refused --decode=kinds.All --deterministic_output "${inputs[@]}"
check "an order for nothing" refused --deterministic_output -o "$scratch/out.pb" "${inputs[@]}"
check "a message and a descriptor set" refused --encode=kinds.All -o "$scratch/out.pb" "${inputs[@]}"
check "a message and free numbers" refused --print_free_field_numbers --encode=kinds.All "${inputs[@]}"
check "a message and dependencies" refused --encode=kinds.All "--dependency_out=$scratch/out.d" "${inputs[@]}"
check "a message and edition defaults" refused --encode=kinds.All "--edition_defaults_out=$scratch/out.e" "${inputs[@]}"

finish "text format"
