#!/usr/bin/env bash
# Clients that are not ours against the built binary: grpcio with reflection (PyPI) and buf curl (npm).
# Both list the services, read with a token, and get a typed error without one. Nothing of them is
# installed outside of the target directory. Runs alone, after `cargo build --package matchday`.
source "$(dirname "$0")/../../.ci/lib.sh"

binary=$target/debug/matchday
[ -x "$binary" ] || fail "clients: $binary is missing; cargo build --package matchday"

python=$tools/venv/bin/python
pinned=tests/clients/requirements.txt
if ! cmp -s "$pinned" "$tools/venv/installed.txt"; then
    need python3 python3 python3-venv
    # Debian ships python3 without the module that a venv needs.
    python3 -c 'import ensurepip' 2>/dev/null || need ensurepip python3-venv
    rm -rf "$tools/venv"
    python3 -m venv "$tools/venv"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$pinned"
    # Written last: a half-made environment does not look finished.
    cp "$pinned" "$tools/venv/installed.txt"
fi
buf=$(.ci/setup/buf.sh)

# ---- the server, on an empty data directory and a free port

work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT

mkfifo "$work/talk"
"$binary" serve --data "$work/data" --listen 127.0.0.1:0 2>"$work/talk" &
server=$!
exec 3<"$work/talk"
url=
while read -r -t 60 line <&3; do
    printf 'server: %s\n' "$line" >&2
    if [[ $line =~ ready\ on\ (http://[0-9.]+:[0-9]+) ]]; then
        url=${BASH_REMATCH[1]}
        break
    fi
done
[ -n "$url" ] || fail "clients: the server ended, or was silent for 60 s, before it was ready"
# Read on, or the server would wait on a full pipe.
sed 's/^/server: /' <&3 >&2 &

token_file=$work/data/admin.token
[ "$(stat -c %a "$token_file")" = 600 ] || fail "clients: $token_file is not 0600"

# ---- grpcio

"$python" tests/clients/python_client.py "${url#http://}" "$token_file" proto

# ---- buf curl

# The token is read from a file, so that no process list shows it.
printf 'authorization: Bearer %s\n' "$(cat "$token_file")" >"$work/headers"
method=$url/matchday.venues.v1.PlaceService/ListSites
curl() { "$buf" curl --protocol grpc --http2-prior-knowledge "$@"; }
holds() { say "buf curl: $1"; }

# refused WHAT CODE WORD ARGUMENTS...: the call ends with the exit code, and buf's talk has the word.
refused() {
    local what=$1 expected=$2 word=$3 code=0 talk
    shift 3
    talk=$(curl "$@" 2>&1) || code=$?
    if [ "$code" != "$expected" ] || [[ $talk != *"$word"* ]]; then
        fail "buf curl: FAILED: $what: exit code $code, not $expected with '$word': $talk"
    fi
    holds "$what: refused ($word)"
}

for version in grpc-v1 grpc-v1alpha; do
    curl --reflect-protocol "$version" --reflect-header "@$work/headers" --list-services "$url" >"$work/services"
    grep -qx matchday.venues.v1.PlaceService "$work/services" || fail "buf curl: FAILED: $version lists no PlaceService"
    holds "$version lists $(wc -l <"$work/services") services"
done

curl --reflect-header "@$work/headers" --header "@$work/headers" "$method" >"$work/sites"
"$python" -c 'import json, sys; json.load(sys.stdin)' <"$work/sites"
holds "ListSites with a token: $(tr -d '\n' <"$work/sites")"

# buf takes UNAUTHENTICATED from a reflection service for its own registry's, and says so in its own words.
refused "reflection without a token" 1 "not authenticated" --list-services "$url"
# Of a call it returns the gRPC code shifted three bits to the left, and prints the error with its details.
refused "ListSites without a token" $((16 << 3)) google.rpc.ErrorInfo --reflect-header "@$work/headers" "$method"

# ---- the server leaves when it is asked to

kill -TERM "$server"
timeout 30 tail --pid="$server" -f /dev/null || fail "clients: the server did not end within 30 s of SIGTERM"
code=0
wait "$server" || code=$?
server=
[ "$code" = 0 ] || fail "clients: the server ended with $code after SIGTERM"
say "clients: all passed"
