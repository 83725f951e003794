#!/usr/bin/env bash
# No lint is broken, in any target and with any feature.
source "$(dirname "$0")/../lib.sh"

cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
