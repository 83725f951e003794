#!/usr/bin/env bash
# The code is formatted.
source "$(dirname "$0")/../lib.sh"

cargo fmt --all --check
