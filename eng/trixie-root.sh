#!/usr/bin/env bash
# trixie-root.sh DIR PACKAGE...
#
# Makes a Debian trixie tree under DIR (once) and installs packages in it: the peers that tests talk to (grpc-go 1.64 and
# its tools) are too old in Debian 12. Needs root on a Debian-like system; uses the mirror of this machine's own apt
# sources, or DEBIAN_MIRROR.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: $0 DIR PACKAGE..." >&2; exit 2; }
dir=$1
shift
repo_uri() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages'; }
mirror=${DEBIAN_MIRROR:-$(repo_uri | sed -n 's,/$,,; /\/debian$/{p;q}')}
[ -n "$mirror" ] || { echo "$0: no Debian mirror in this machine's apt sources; set DEBIAN_MIRROR" >&2; exit 1; }
command -v debootstrap >/dev/null || { apt-get update -qq; apt-get install -y -qq debootstrap >/dev/null; }
if [ ! -f "$dir/.complete" ]; then
  rm -rf "$dir"
  mkdir -p "$dir"
  debootstrap --variant=minbase trixie "$dir" "$mirror" >"$dir.log" 2>&1 || { tail -5 "$dir.log" >&2; exit 1; }
  chroot "$dir" apt-get update -qq
  touch "$dir/.complete"
fi
missing=()
for package in "$@"; do
  chroot "$dir" dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  DEBIAN_FRONTEND=noninteractive chroot "$dir" \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$dir.log" 2>&1 || { tail -5 "$dir.log" >&2; exit 1; }
fi
