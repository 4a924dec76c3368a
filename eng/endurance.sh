#!/usr/bin/env bash
# eng/endurance.sh [full]
#
# What the server bears (tests/Endurance): 10,000 idle connections and 100,000 idle streams, a soak of mixed calls, faults of servers
# and of the network, and attacks. Without an argument it takes what the checks can spare; "full" adds idle TLS connections, takes the
# soak of 30 minutes and one more with packet loss where the kernel has netem, and compares what each attack leaves to others with
# what well-formed calls leave (docs/benchmarks has the figures).
. "$(dirname "$0")/suite.sh"

dotnet build "$root/tests/Endurance" -c Release -v q -nologo -clp:ErrorsOnly || exit 1
program=${ArtifactsPath:-$root/artifacts}/bin/Endurance/release/Endurance
ulimit -n "$(ulimit -Hn)"

# What the program runs through; nothing but for a network of its own.
through=()

# Takes over what the program checked: one line "ok" or "FAIL" each.
run() {
  local line
  while IFS= read -r line; do
    echo "$line"
    case $line in
      "  ok "*) passed=$((passed + 1)) ;;
      "  FAIL "*) failed=$((failed + 1)) ;;
    esac
    last=$line
  done < <("${through[@]}" "$program" "$@" 2>&1)
  # A program that dies has no sum.
  [[ $last == "$1: "*" passed, "* ]] || { echo "  FAIL  $1 ended early"; failed=$((failed + 1)); }
}

if [ "${1:-}" = full ]; then
  run idle --tls-connections=10000
  run soak --seconds=1800

  # Once more where the network delays and loses, in a namespace of its own.
  lossy='ip link set lo up && tc qdisc add dev lo root netem delay 10ms 2ms loss 1%'
  if why=$(unshare --net sh -c "$lossy" 2>&1); then
    through=(unshare --net sh -c "$lossy && exec \"\$@\"" sh)
    run soak --seconds=300
    through=()
  else
    echo "  the soak with packet loss is left out, since there is no netem here: $why"
  fi

  run faults --seconds=60
  run attacks --seconds=5 --throughput=1
else
  run idle
  run soak --seconds=20
  run faults --seconds=5
  run attacks --seconds=1
fi

finish "endurance"
