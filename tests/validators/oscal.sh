#!/usr/bin/env bash
# The four OSCAL documents of the bundled example, of one with exceptions and of every estate named: by compliance-trestle,
# and by a check of references of our own, for trestle makes none.
# A validator that is missing is a failure: nothing here is skipped.
# usage: tests/validators/oscal.sh [BINARY [CONFIG.yaml | FOLDER]...]
set -euo pipefail
cd "$(dirname "$0")/../.."

TRESTLE=5.2.0
as_of=2026-11-21T00:00:00Z
folder=target/validators/oscal

binary=$(realpath "${1:-target/debug/passmuster}")
estates=(fixtures/hollowdale-dairy/passmuster.yaml fixtures/accepted-risk "${@:2}")

if [ "$("$folder/venv/bin/trestle" version 2>/dev/null | grep -o "v$TRESTLE ")" != "v$TRESTLE " ]; then
  python3 -m venv --clear "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "compliance-trestle==$TRESTLE"
fi
trestle="$PWD/$folder/venv/bin/trestle"

# Every uuid once; every reference to one of them; every local address to a resource, and every resource referred to.
cat > "$folder/references.py" <<'PYTHON'
import json
import sys

problems = []


def walk(value, key=""):
    yield key, value
    if isinstance(value, list):
        for item in value:
            yield from walk(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from walk(item, name)


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        document = next(iter(json.load(file).values()))
    texts = [(key, value) for key, value in walk(document) if isinstance(value, str)]
    declared = [value for key, value in texts if key == "uuid"]
    twice = {value for value in declared if declared.count(value) > 1}
    references = {value for key, value in texts if key.endswith(("-uuid", "-uuids"))}
    resources = {resource["uuid"] for resource in document.get("back-matter", {}).get("resources", [])}
    cited = {value[1:] for key, value in texts if key in ("href", "source") and value.startswith("#")}
    roles = {role["id"] for role in document["metadata"].get("roles", [])}
    found = {
        "stand for two things": twice,
        "lead nowhere": references - set(declared),
        "are no resources": cited - resources,
        "are resources that nobody refers to": resources - cited,
        "are no roles": {value for key, value in texts if key == "role-id"} - roles,
    }
    problems += [f"{path}: {sorted(what)} {why}" for why, what in found.items() if what]
    print(f"{path}: {len(declared)} uuids, {len(references)} references, {len(resources)} resources")
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
PYTHON

number=0
for estate in "${estates[@]}"; do
  number=$((number + 1))
  space="$folder/$number"
  rm -rf "$space"
  mkdir -p "$space"
  if [ -d "$estate" ]; then what=("$estate" --no-config); else what=(--config "$estate"); fi
  code=0
  "$binary" check "${what[@]}" --as-of "$as_of" --quiet \
    --format "oscal=$space/assessment-results.json" \
    --format "oscal-poam=$space/plan-of-action-and-milestones.json" \
    --format "oscal-catalog=$space/catalog.json" \
    --format "oscal-component=$space/component-definition.json" || code=$?
  [ "$code" -le 2 ] && [ -s "$space/catalog.json" ] || { echo "passmuster ended with $code" >&2; exit 1; }
  "$folder/venv/bin/python" "$folder/references.py" "$space"/*.json
  (
    # Trestle imports no file of its own workspace.
    mkdir "$space/workspace"
    cd "$space/workspace"
    "$trestle" init --local >/dev/null 2>&1
    for model in assessment-results plan-of-action-and-milestones catalog component-definition; do
      "$trestle" import -f "../$model.json" -o run >import.log 2>&1 || { cat import.log >&2; exit 1; }
      said="$("$trestle" validate -t "$model" -n run 2>&1)" || { echo "$said" >&2; exit 1; }
      grep -q "^VALID: Model" <<<"$said" || { echo "$said" >&2; exit 1; }
      echo "$estate: $model is valid for compliance-trestle $TRESTLE"
    done
  )
done
