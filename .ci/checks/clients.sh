#!/usr/bin/env bash
# Clients that are not ours can use the API: see tests/clients/run.sh.
source "$(dirname "$0")/../lib.sh"

cargo build --locked --package matchday
tests/clients/run.sh
