#!/usr/bin/env bash
# Whitespace of all C# files as .editorconfig wants it (code style is checked by the build itself), and shell scripts that parse.
. "$(dirname "$0")/suite.sh"

CHECK_TIMEOUT=600 check "dotnet format whitespace finds nothing" \
  dotnet format whitespace "$root" --folder --verify-no-changes --exclude artifacts
while read -r script; do
  check "bash -n ${script#"$root"/}" bash -n "$script"
done < <(find "$root/eng" "$root/bench" -name '*.sh'; echo "$root/.ci/run"; echo "$root/peregrine")

finish "format"
