#!/usr/bin/env bash
# Prints the command of README.md that stands in the code block directly after `<!-- ci:NAME -->`, so that
# what the README says and what CI runs cannot differ. Usage: .ci/readme.sh test|demo
source "$(dirname "$0")/lib.sh"

[ $# = 1 ] || fail "usage: .ci/readme.sh NAME"
command=$(awk -v marker="<!-- ci:$1 -->" '
    inside && /^```/   { exit }
    inside             { print; next }
    found && /^```/    { inside = 1; next }
    found && NF        { exit }
    $0 == marker       { found = 1 }
' README.md)
[ -n "$command" ] || fail "README.md has no code block directly after <!-- ci:$1 -->"
printf '%s\n' "$command"
