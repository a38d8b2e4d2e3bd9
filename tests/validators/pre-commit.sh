#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml with pre-commit itself, installed from a clone of this repository, on real commits:
# one that only deletes a runbook is blocked, one that changes nothing of the kind is not.
# usage: tests/validators/pre-commit.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
binary=$(realpath "${1:-target/debug/passmuster}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pre-commit==4.7.0
export PATH="$work/bin:$work/venv/bin:$PATH" PRE_COMMIT_HOME="$work/cache"
mkdir "$work/bin" && ln -s "$binary" "$work/bin/passmuster"
pre-commit validate-manifest .pre-commit-hooks.yaml

# The hooks as they stand here, committed or not, tagged as a release would be.
mkdir "$work/hooks" && cp .pre-commit-hooks.yaml "$work/hooks/"
export GIT_AUTHOR_NAME=Rosa GIT_AUTHOR_EMAIL=rosa@shop.example GIT_COMMITTER_NAME=Rosa GIT_COMMITTER_EMAIL=rosa@shop.example
commit() { git -C "$1" add --all && git -C "$1" commit --quiet --message "$2"; }
git -C "$work/hooks" init --quiet && commit "$work/hooks" hooks && git -C "$work/hooks" tag v0.1.0

shop=$work/shop
mkdir "$shop" && cp "$here"/fixtures/corner-shop/*.yaml "$shop/" && git -C "$shop" init --quiet
sed '/^runbooks:/,$d' "$here/fixtures/corner-shop/inventory.yaml" >"$shop/inventory.yaml"
{ echo "passmuster: inventory/v1"; sed -n '/^runbooks:/,$p' "$here/fixtures/corner-shop/inventory.yaml"; } >"$shop/runbooks.yaml"
cat >"$shop/.pre-commit-config.yaml" <<CONFIG
repos:
  - repo: $work/hooks
    rev: v0.1.0
    hooks: [{id: passmuster-system, verbose: true}, {id: passmuster-policies}]
CONFIG
cd "$shop" && pre-commit install >/dev/null

fail() { echo "$1" >&2; cat "$work/log" >&2; exit 1; }
commit . "the first commit" >"$work/log" 2>&1 || fail "the first commit was blocked"
grep -q "this is the first commit" "$work/log" || fail "the first commit was not told what is judged"
echo "open on Sundays" >notes.md
commit . "a note" >"$work/log" 2>&1 || fail "a commit that changes nothing was blocked"
git rm --quiet runbooks.yaml
if commit . "no runbook" >"$work/log" 2>&1; then fail "a commit that deletes a runbook was not blocked"; fi
grep -q "RUN-001" "$work/log" || fail "the deleted runbook is not what blocked the commit"
echo "pre-commit: 3 commits judged as they should be"
