# shellcheck shell=bash
# Sourced by every script here: the repository's root as the working directory, and what several need.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Where cargo builds; what CI installs goes below it, so that the tree stays clean.
target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/ci
mkdir -p "$tools"

# Talk goes to stderr: the stdout of some scripts is an answer.
say() { printf 'ci: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# need COMMAND PACKAGE...: installs the Debian packages where the command is missing.
need() {
    local command=$1
    shift
    if command -v "$command" >/dev/null; then return; fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "$command is missing; install it (Debian: apt-get install $*)"
    fi
    say "$command is missing: installing $*"
    apt-get update -q >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" >&2
}
