#!/usr/bin/env bash
# The files for CI systems, held against the schemas of those systems.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check check-jsonschema==0.39.0
check() { "$work/venv/bin/check-jsonschema" --builtin-schema "$@"; }
check vendor.github-actions action.yml
check vendor.github-workflows docs/ci/github.yml
check vendor.gitlab-ci --data-transform gitlab-ci docs/ci/gitlab.yml
