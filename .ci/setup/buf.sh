#!/usr/bin/env bash
# Installs the buf that tests/clients/package.json pins, and prints the path of its binary.
source "$(dirname "$0")/../lib.sh"

pinned=tests/clients/package.json
home=$tools/npm
if ! cmp -s "$pinned" "$home/installed.json"; then
    need npm nodejs npm
    rm -rf "$home"
    mkdir -p "$home"
    cp "$pinned" "$home"
    npm install --prefix "$home" --no-audit --no-fund --no-package-lock --loglevel=error >&2
    # Written last: a half-made installation does not look finished.
    cp "$pinned" "$home/installed.json"
fi
printf '%s\n' "$home/node_modules/.bin/buf"
