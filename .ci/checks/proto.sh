#!/usr/bin/env bash
# The contract is linted, and breaks nobody who uses the one on main.
source "$(dirname "$0")/../lib.sh"

buf=$(.ci/setup/buf.sh)
"$buf" lint proto

git rev-parse --git-dir >/dev/null
for ref in origin/main main; do
    if git cat-file -e "$ref:proto" 2>/dev/null; then
        # Unpacked here, because buf would clone the repository, which a shallow checkout does not allow.
        before=$(mktemp -d)
        trap 'rm -rf "$before"' EXIT
        git archive "$ref" proto | tar -x -C "$before"
        "$buf" breaking proto --against "$before/proto"
        say "proto: nothing breaks against $ref"
        exit 0
    fi
done
say "proto: buf breaking SKIPPED (neither origin/main nor main holds proto/ yet)"
