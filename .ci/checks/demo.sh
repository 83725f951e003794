#!/usr/bin/env bash
# The README's demo runs to its end on an empty data directory, within two minutes of being built.
source "$(dirname "$0")/../lib.sh"

command=$(.ci/readme.sh demo)
[[ $command != *$'\n'* && $command == "cargo run "* ]] || fail "demo: the README's block must be one cargo run"
build=${command/#cargo run/cargo build}
say "${build%% -- *}"
bash -euo pipefail -c "${build%% -- *}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MATCHDAY_DATA=$work/data MATCHDAY_LISTEN=127.0.0.1:0
say "$command --exit"
timeout 120 bash -euo pipefail -c "$command --exit"
