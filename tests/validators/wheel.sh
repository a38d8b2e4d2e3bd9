#!/usr/bin/env bash
# A wheel, built and installed into a fresh environment: the program is on its path and judges the example.
# usage: tests/validators/wheel.sh [ARGUMENTS OF maturin build]   e.g. --release
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/tools" && "$work/tools/bin/pip" install --quiet --disable-pip-version-check maturin==1.16.0
"$work/tools/bin/maturin" build --quiet --locked --out "$work/wheels" "$@"
python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$work"/wheels/*.whl
code=0
said=$("$work/venv/bin/passmuster" check --config fixtures/hollowdale-dairy/passmuster.yaml --as-of 2026-11-21 --quiet) || code=$?
[ "$code" = 1 ] && grep -q " 3 not met " <<<"$said" || { echo "exit $code: $said" >&2; exit 1; }
echo "$(basename "$work"/wheels/*.whl): installed, and judges the example"
