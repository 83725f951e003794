#!/usr/bin/env bash
# Runs the README's test command with the PostgreSQL half: a missing server is a failure, not a skip.
source "$(dirname "$0")/../lib.sh"

command=$(.ci/readme.sh test)
MATCHDAY_TEST_POSTGRES_URL=$(.ci/setup/postgres.sh)
export MATCHDAY_TEST_POSTGRES_URL MATCHDAY_REQUIRE_POSTGRES=1
if [[ $command == *nextest* ]]; then
    cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest
    export NEXTEST_PROFILE=ci
fi
say "$command"
# A test that hangs ends here and not with the whole run.
timeout 1800 bash -euo pipefail -c "$command"
