#!/usr/bin/env bash
# Compares peregrine's lint and breaking with buf's on cases for each rule and setting (eng/buf/*.cases) and on public files, two releases
# of the npm package google-proto-files; and looks whether format leaves these files' meaning and comments alone. buf comes from npm.
. "$(dirname "$0")/suite.sh"

"$root/peregrine" --version >/dev/null || exit 1 # builds the tool; the many processes below start it without the launcher
export PEREGRINE="dotnet exec ${ArtifactsPath:-$root/artifacts}/bin/Peregrine.Cli/release/Peregrine.Cli.dll"
read -ra peregrine <<<"$PEREGRINE"
command -v npm >/dev/null || apt-get install -y -qq npm >/dev/null || exit 1
oracles=${PEREGRINE_ORACLES:-$root/artifacts/oracles}/npm-buf
package=$oracles/node_modules/@bufbuild/buf-linux-x64/bin/buf
[ -x "$package" ] || npm install --silent --no-fund --no-audit --prefix "$oracles" @bufbuild/buf@1.75.0 >/dev/null || exit 1
export BUF=$package BUF_CACHE_DIR=$scratch/cache

# A release's files, but for the largest families, which are much alike, and the compiler's own.
release() { # VERSION FOLDER
  mkdir -p "$scratch/npm-$1" "$2" || return 1
  (cd "$scratch/npm-$1" && npm pack --silent "google-proto-files@$1" >/dev/null && tar xzf ./*.tgz --strip-components=1 \
    && find google grafeas -name '*.proto' -not -path 'google/ads/*' -not -path 'google/cloud/*' -not -path 'google/protobuf/*' -print0 \
    | tar cf - --null -T - | tar xf - -C "$2") || return 1
  printf '%s\n' 'version: v2' 'lint:' '  use: [STANDARD, COMMENTS, UNARY_RPC, STABLE_PACKAGE_NO_IMPORT_UNSTABLE]' \
    'breaking:' '  use: [FILE, PACKAGE, WIRE_JSON, WIRE]' >"$2/buf.yaml"
}
release 5.0.3 "$scratch/now" && release 3.0.3 "$scratch/past" || exit 1

compare() { timeout 300 python3 "$root/eng/buf/compare.py" "$@"; }
same() { [ -f "$1" ] && [ ! -s "$1" ] || { cat "$1"; return 1; }; }
cases() { # KIND
  check "$1: buf and peregrine run" compare "$1" "$root/eng/buf/$1.cases" "$scratch/$1"
  local file
  for file in "$scratch/$1"/*.diff; do check "$1: $(basename "$file" .diff)" same "$file"; done
}
for kind in lint breaking settings; do cases $kind; done

tree() { # NAME FOLDER COMMAND...
  compare tree "$1" "$scratch" "${@:2}" && same "$scratch/$1.diff"
}
check "lint: public files" tree lint "$scratch/now" lint
check "breaking: public files" tree breaking "$scratch/now" breaking --against ../past

cp -r "$scratch/now" "$scratch/formatted"
format() { (cd "$scratch/formatted" && timeout 120 "${peregrine[@]}" format "$@" .); }
check "format: public files" format --write
check "format: nothing to do a second time" format --check
meaning() { compare formatted "$scratch/now" "$scratch/formatted" "$scratch" && same "$scratch/formatted.diff"; }
check "format: declarations and comments are what they were" meaning

finish "buf"
