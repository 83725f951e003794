#!/usr/bin/env bash
# The documentation builds without warnings: no broken link, nothing public undocumented.
source "$(dirname "$0")/../lib.sh"

RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
