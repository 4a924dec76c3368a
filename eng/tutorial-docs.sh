#!/usr/bin/env bash
# The tutorial's listings and commands are real: this extracts them from docs/tutorial.md and docs/tutorial.zh-CN.md and runs
# them in a copy of the tree, in the order of the text. The info string of a code block says what it is:
#   ```LANGUAGE file=PATH        written to PATH in the copy
#   ```LANGUAGE excerpt=PATH     must stand in PATH of the tree, to the letter
#   ```sh                        run (bash -e) from the copy's root; must succeed
#   ```sh fails                  run; must fail
#   ```sh server=PORT            started in the background; the next block waits until PORT accepts connections
#   ```sh stop                   shown only: the reader stops the server with Ctrl+C; here it is ended
#   ```text                      each line must stand in the output of the block before, in this order; "..." skips lines
#   ```LANGUAGE peer=PATH        a listing of another program, shown for comparison; must stand in PATH to the letter
. "$(dirname "$0")/suite.sh"

command -v perl >/dev/null || { echo "perl is missing"; exit 1; }
export ArtifactsPath=$scratch/artifacts

extract() { # DOCUMENT -> $scratch/blocks/NNN.{info,body}
  rm -rf "$scratch/blocks"
  mkdir -p "$scratch/blocks"
  perl -ne '
    if (!$in && /^```(\S.*)?$/) { $in = 1; $info = $1 // ""; $line = $.; $body = ""; next }
    if ($in && /^```$/) {
      $in = 0; $n++; $base = sprintf("%s/%03d", $ENV{BLOCKS}, $n);
      open F, ">", "$base.info"; print F "$info\n$line\n"; close F;
      open F, ">", "$base.body"; print F $body; close F; next }
    $body .= $_ if $in;' "$1"
}

lines_in_order() { # EXPECTED OUTPUT
  perl -e '
    open E, "<", $ARGV[0]; @e = grep { !/^\s*(\.\.\.)?\s*$/ } <E>; open O, "<", $ARGV[1]; @o = <O>;
    s/\s+$// for @e, @o; $i = 0;
    for $x (@e) { $i++ while $i < @o && $o[$i] ne $x; die "not in the output, or not in this order: $x\n" if $i == @o; $i++ }' "$1" "$2"
}

contains() { # EXCERPT FILE
  perl -e 'local $/; open A, "<", $ARGV[0]; open B, "<", $ARGV[1] or die "no such file: $ARGV[1]\n"; $a = <A>; $b = <B>;
    die "the listing does not stand in $ARGV[1]\n" if index($b, $a) < 0' "$1" "$2"
}

run_document() {
  local document=$1 copy=$scratch/copy block info body line where code
  rm -rf "$copy"
  mkdir -p "$copy"
  (cd "$root" && git ls-files -z -co --exclude-standard | xargs -0 cp --parents -t "$copy") || exit 1
  BLOCKS=$scratch/blocks extract "$root/$document"
  : >"$scratch/output"
  for block in "$scratch"/blocks/*.info; do
    { read -r info; read -r line; } <"$block"
    body=${block%.info}.body
    where="$document:$line"
    case $info in
      *\ file=*)
        mkdir -p "$(dirname "$copy/${info##* file=}")"
        cp "$body" "$copy/${info##* file=}" ;;
      *\ excerpt=* | *\ peer=*)
        if contains "$body" "$root/${info##*=}" 2>"$scratch/why"; then
          pass "$where stands in ${info##*=}"
        else
          fail "$where stands in ${info##*=}" "$scratch/why"
        fi ;;
      sh\ server=*)
        (cd "$copy" && exec bash "$body") >"$scratch/server.log" 2>&1 &
        server_pids+=($!)
        wait_for "${info##*server=}" || fail "$where serves" "$scratch/server.log" ;;
      'sh stop') stop_tree ;;
      'sh' | 'sh fails')
        (cd "$copy" && timeout 300 bash -e "$body") >"$scratch/output" 2>&1
        code=$?
        if { [ "$info" = sh ] && [ $code -eq 0 ]; } || { [ "$info" != sh ] && [ $code -ne 0 ]; }; then
          pass "$where runs"
        else
          fail "$where ended with $code" "$scratch/output"
        fi ;;
      text)
        if lines_in_order "$body" "$scratch/output" 2>"$scratch/why"; then
          pass "$where is what is printed"
        else
          cat "$scratch/output" >>"$scratch/why"
          fail "$where is what is printed" "$scratch/why"
        fi ;;
      *) echo "unknown kind of block" >"$scratch/why"; fail "$where: \`\`\`$info" "$scratch/why" ;;
    esac
  done
  stop_tree
}

wait_for() {
  local tries
  for tries in $(seq 1200); do
    listens "$1" && return 0
    sleep 0.1
  done
  return 1
}

# A server block is a shell that runs dotnet, which runs the program: end the whole family.
stop_tree() {
  local pid child
  for pid in ${server_pids[@]+"${server_pids[@]}"}; do
    for child in $(descendants "$pid"); do kill "$child" 2>/dev/null; done
  done
  stop_servers
}

descendants() {
  local child
  for child in $(ps -o pid= --ppid "$1" 2>/dev/null); do
    descendants "$child"
    echo "$child"
  done
}

run_document docs/tutorial.md
run_document docs/tutorial.zh-CN.md
finish "tutorial"
