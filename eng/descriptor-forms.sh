#!/usr/bin/env bash
# Compares the forms of descriptors with protoc's, byte for byte: the set as it is written by default and with --retain_options, with and
# without imports and source info. Inputs: the cases of the compiler's tests, the accepted files of the shared corpus, public .proto files.
#   PEREGRINE_FORMS=all     everything instead of samples (five minutes)
#   PEREGRINE_FORMS=update  writes the expected files of the tests anew, with protoc
. "$(dirname "$0")/suite.sh"

shared=${PEREGRINE_SHARED:-$root/../shared}
cases=$root/tests/Peregrine.Protobuf.Compiler.Tests/Descriptors/Cases
protoc=$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/grpc.tools/*/tools/linux_x64/protoc 2>/dev/null | sort -V | tail -1)
[ -x "$protoc" ] || { echo "protoc is missing: restore tests/Peregrine.Protobuf.Compiler.Tests first"; exit 1; }
"$root/peregrine" --version >/dev/null || exit 1 # builds the tool; the many processes below start it without the launcher
peregrine=(dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/Peregrine.Cli.dll" compile)

if [ "${PEREGRINE_FORMS:-}" = update ]; then
  cd "$cases" || exit 1
  for file in *.proto; do
    "$protoc" -I. "-I$root/proto" --include_source_info -o "${file%.proto}.stripped.binpb" "$file"
    "$protoc" -I. "-I$root/proto" --include_source_info --retain_options -o "${file%.proto}.retained.binpb" "$file"
  done
  exit
fi

# same_sets DIRECTORY IMPORT-FLAGS FILE...: both programs write both forms; prints what differs.
same_sets() {
  local directory=$1 form
  shift
  cd "$directory" || return 1
  for form in "" "--retain_options" "--include_imports --include_source_info" "--include_imports --include_source_info --retain_options"; do
    rm -f "$scratch"/{theirs,ours}.pb
    "$protoc" $form -o "$scratch/theirs.pb" "$@" >"$scratch/theirs.log" 2>&1 || { echo "protoc rejects $*"; return 1; }
    timeout 300 "${peregrine[@]}" $form -o "$scratch/ours.pb" "$@" >"$scratch/ours.log" 2>&1 || { tail -5 "$scratch/ours.log"; return 1; }
    cmp "$scratch/theirs.pb" "$scratch/ours.pb" || { echo "with: $form"; return 1; }
  done
}

for file in "$cases"/*.proto; do
  check "case $(basename "$file" .proto)" same_sets "$cases" -I. "-I$root/proto" "$(basename "$file")"
done
(cd "$cases" && ls *.proto) >"$scratch/all"
check "all cases in one run" same_sets "$cases" -I. "-I$root/proto" $(cat "$scratch/all")

# A descriptor.proto of the user's own, with options that protoc does not know.
mkdir -p "$scratch/own/google/protobuf"
sed -e 's/^message MessageOptions {/&\n  optional string corp = 20;\n  repeated int32 corps = 30;\n  optional MessageOptions more = 31;\n  optional string corp_secret = 32 [retention = RETENTION_SOURCE];/' \
  -e 's/^message FeatureSet {/&\n  optional int32 own = 60;/' "$root/proto/google/protobuf/descriptor.proto" >"$scratch/own/google/protobuf/descriptor.proto"
cat >"$scratch/own/use.proto" <<'PROTO'
edition = "2023";
package forms.own;
import "knobs.proto";
message M {
  option (forms.message_level) = 4;
  option more.corp = "x";
  option corp = "c";
  option corps = 1;
  option features.own = 3;
  option deprecated = true;
  option more.deprecated = true;
  option features.json_format = LEGACY_BEST_EFFORT;
  option corp_secret = "s";
  option corps = 2;
  option more.features.own = 3;
}
PROTO
check "a descriptor.proto of the user's own" same_sets "$scratch/own" -I. "-I$cases" "-I$root/proto" use.proto

# The accepted cases of the shared corpus in the form that its own suite does not look at.
[ -d "$shared/corpus/accept" ] || { echo "the corpus is missing: set PEREGRINE_SHARED (tried $shared)"; exit 1; }
corpus_retained() {
  local case files differ=0 step=1 count=0
  [ "${PEREGRINE_FORMS:-}" = all ] || step=8
  for case in "$shared"/corpus/accept/[0-9]*; do
    [ $((count++ % step)) -eq 0 ] || continue
    mapfile -t files < <(sed 's/.* -o out.pb //' "$case/cmd.txt" | tr ' ' '\n' | grep .)
    cd "$case" || return 1
    "$protoc" -I. "-I$shared/corpus/include" --include_imports --include_source_info --retain_options -o "$scratch/theirs.pb" "${files[@]}" 2>/dev/null || return 1
    timeout 60 "${peregrine[@]}" -I. "-I$shared/corpus/include" --include_imports --include_source_info --retain_options -o "$scratch/ours.pb" "${files[@]}" 2>/dev/null || return 1
    cmp "$scratch/theirs.pb" "$scratch/ours.pb" || { echo "case $case"; differ=1; }
  done
  return $differ
}
check "accepted files of the corpus, retained" corpus_retained

# Public files: those of google-proto-files outside of google/protobuf, which are protobuf's own tests and do not fit one protoc.
command -v npm >/dev/null || apt-get install -y -qq npm >/dev/null || exit 1
(cd "$scratch" && npm pack --silent google-proto-files@5.0.3 >/dev/null && tar xzf google-proto-files-5.0.3.tgz) || { echo "google-proto-files is missing"; exit 1; }
(cd "$scratch/package" && find google grafeas -name '*.proto' 2>/dev/null | grep -v '^google/protobuf/' | sort) >"$scratch/public"
[ "${PEREGRINE_FORMS:-}" = all ] || { awk 'NR % 10 == 0' "$scratch/public" >"$scratch/sample" && mv "$scratch/sample" "$scratch/public"; }
check "public files: $(wc -l <"$scratch/public")" same_sets "$scratch/package" -I. "@$scratch/public"

finish "descriptor forms"
