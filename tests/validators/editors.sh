#!/usr/bin/env bash
# What an editor shows of files that `init` wrote, by yaml-language-server: nothing while they are right; a key that does not
# exist and a word that is none at their line; what a key is, on hovering; the keys there are, on completing.
# usage: tests/validators/editors.sh [PASSMUSTER]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/passmuster}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -d "$here/node_modules/yaml-language-server" ] || npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --silent
"$program" init "$work/estate" >/dev/null
node "$here/editors.js" "$work/estate"
