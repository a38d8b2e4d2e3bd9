#!/usr/bin/env bash
# Whole processes: instruction counts (valgrind) and processor times, as ratios measured in one run.
# usage: benches/whole.sh [LARGEST [MANY]]   LARGEST: services of the largest estate, default 10000; MANY: services of one with
# 1,000 points each
set -euo pipefail
cd "$(dirname "$0")/.."
largest=${1:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --quiet --bin passmuster --example estate --example judge
bin=$PWD/target/release/passmuster
estate=$PWD/target/release/examples/estate
judge=$PWD/target/release/examples/judge
as_of=2026-11-21T00:00:00Z
first_rules="OWN-001 OBJ-001 OBJ-002 COV-001 COV-003 RPO-001 RPO-002 RPO-003 RTO-001 RTO-004 TST-001 TST-002 TST-003
  INT-001 CPY-001 CPY-003 CPY-004 IMM-001 ENC-001 RET-001 RUN-001 DEP-001 DEP-003 OBJ-003 SIG-001"

# Instructions of a command, in millions. An exit code of its own is no failure.
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null </dev/stdin |
    awk '/Collected/ {printf "%.1f", $4 / 1e6}' || true
}
# Processor seconds and peak megabytes of a command.
timed() { python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
r = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{r.ru_utime + r.ru_stime:.3f} {r.ru_maxrss / 1024:.1f}")
PY
}

if command -v valgrind >/dev/null; then
  example=fixtures/hollowdale-dairy
  files=$(find "$example" -type f \( -name '*.json' -o -name '*.yaml' \) | sort)
  policies=$(echo "$(count "$judge" load) - $(count "$judge" nothing)" | bc)
  echo "example: the policies, compiled beforehand: $policies M instructions"
  check() { count "$bin" check --config "$example/passmuster.yaml" --as-of $as_of --jobs 1 "$@"; }
  # The rules that the measure was set for, and all there are. `--rule` only hides: what is judged is the standard's.
  {
    cat "$example/standard.yaml"
    "$bin" rules --no-config --format json | FIRST="$first_rules" python3 -c '
import json, os, sys
for rule in json.load(sys.stdin):
    if rule["id"] not in os.environ["FIRST"].split():
        print("  " + rule["id"] + ": {enabled: false, reason: a measurement, by: nobody}")'
  } >"$work/first.yaml"
  for standard in "$work/first.yaml" "$example/standard.yaml"; do
    whole=$(check --standard "$standard")
    # The same files: those of the example, with the standard that judges.
    # shellcheck disable=SC2046
    floor=$(count "$judge" read "$standard" $(grep -v '/standard.yaml$' <<<"$files"))
    echo "example, $(basename "$standard"): check $whole M, reading and parsing its files $floor M; (check - policies) / reading and parsing = $(echo "scale=2; ($whole - $policies) / $floor" | bc)"
  done

  "$estate" "$work/100" 100
  export="$work/100/exports/restic-0000.json"
  read -r values structs typed nothing <<<"$(for what in "values $export" "structs restic.snapshots $export" "typed $export" nothing; do
    # shellcheck disable=SC2086
    echo -n "$(count "$judge" $what) "
  done)"
  share() { echo "scale=2; ($1 - $nothing) / ($values - $nothing)" | bc; }
  echo "an export of 2.6 MB against generic trees: to typed structs $(share "$structs"), to records, two a snapshot, $(share "$typed")"

  "$estate" "$work/200" 200
  "$judge" positions "$work/200" >"$work/200.ndjson"
  head -1 "$work/200.ndjson" >"$work/1.ndjson"
  for engine in parse rvm interpreter; do
    many=$(count "$judge" $engine <"$work/200.ndjson")
    one=$(count "$judge" $engine <"$work/1.ndjson")
    eval "$engine=$(echo "scale=4; ($many - $one) / 199" | bc)"
  done
  echo "evaluation, M instructions a position: RVM $(echo "$rvm - $parse" | bc), interpreter $(echo "$interpreter - $parse" | bc)"
  echo "interpreter / RVM = $(echo "scale=2; ($interpreter - $parse) / ($rvm - $parse)" | bc)"
fi

if python3 -c 'import opa_bindings' 2>/dev/null; then
  "$estate" "$work/1000" 1000
  "$judge" positions "$work/1000" >"$work/1000.ndjson"
  for round in 1 2 3; do
    ours=$(timed sh -c "exec '$judge' rvm <'$work/1000.ndjson'" | cut -d' ' -f1)
    ours0=$(timed sh -c "exec '$judge' rvm <'$work/1.ndjson'" 2>/dev/null | cut -d' ' -f1 || echo 0)
    opa=$(timed python3 benches/opa.py policies "$work/1000.ndjson" | cut -d' ' -f1)
    opa0=$(timed python3 benches/opa.py policies "$work/1000.ndjson" --parse | cut -d' ' -f1)
    echo "round $round: OPA / RVM, processor time of parsing and judging 1,000 positions = $(echo "scale=2; ($opa - $opa0) / ($ours - $ours0)" | bc)"
  done
fi

previous="" ; marginal=""
for services in $((largest / 100)) $((largest / 10)) "$largest"; do
  "$estate" "$work/e$services" "$services"
  read -r seconds megabytes <<<"$(cd "$work/e$services" && timed "$bin" check --as-of $as_of -q)"
  echo "$services services: $seconds s of processor time, $megabytes MB peak"
  if [ -n "$previous" ]; then
    read -r n s m <<<"$previous"
    now="$(echo "scale=6; ($seconds - $s) / ($services - $n) * 1000; ($megabytes - $m) / ($services - $n) * 1000" | bc | tr '\n' ' ')"
    echo "  each further service: $now(ms, kB)"
    if [ -n "$marginal" ]; then
      read -r s0 m0 <<<"$marginal"; read -r s1 m1 <<<"$now"
      echo "  against the step before: time x$(echo "scale=2; $s1 / $s0" | bc), memory x$(echo "scale=2; $m1 / $m0" | bc)"
    fi
    marginal=$now
  fi
  previous="$services $seconds $megabytes"
  rm -rf "$work/e$services"
done

# Points by the million: `benches/whole.sh 100 10000` is 10,000 services of 1,000 points each, 4.1 GB of exports.
if [ "${2:-0}" -gt 0 ]; then
  "$estate" "$work/points" "$2" 1000
  read -r seconds megabytes <<<"$(cd "$work/points" && timed "$bin" check --as-of $as_of -q)"
  echo "$2 services of 1,000 points each: $megabytes MB at most, $seconds s of processor time"
fi
