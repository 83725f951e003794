#!/usr/bin/env bash
# Licences, banned crates and sources, by deny.toml. Builds cargo-deny where it is missing, once: about two
# minutes on two cores.
source "$(dirname "$0")/../lib.sh"

version=0.20.2
export PATH=$tools/cargo-deny/bin:$PATH
if ! cargo deny --version >/dev/null 2>&1; then
    say "cargo-deny is missing: building $version into $tools"
    cargo install --quiet --locked --root "$tools/cargo-deny" --target-dir "$tools/cargo-deny/build" \
        "cargo-deny@$version"
    rm -rf "$tools/cargo-deny/build"
fi
cargo deny --all-features --locked check licenses bans sources
