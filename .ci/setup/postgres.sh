#!/usr/bin/env bash
# Makes sure that a PostgreSQL answers on 127.0.0.1 (PGPORT, 5432 where it is not set) and prints the URL
# the tests use. MATCHDAY_TEST_POSTGRES_URL, where it is set, is taken as it is and must answer.
source "$(dirname "$0")/../lib.sh"

port=${PGPORT:-5432}
answers() { psql "$1" -qAtc 'SELECT 1' >/dev/null 2>&1; }
done_with() { say "postgres: ${1##*@} answers"; printf '%s\n' "$1"; exit 0; }
export PGCONNECT_TIMEOUT=5

need psql postgresql
if [ -n "${MATCHDAY_TEST_POSTGRES_URL:-}" ]; then
    answers "$MATCHDAY_TEST_POSTGRES_URL" || fail "postgres: MATCHDAY_TEST_POSTGRES_URL does not answer"
    done_with "$MATCHDAY_TEST_POSTGRES_URL"
fi

trusted=postgres://postgres@127.0.0.1:$port/postgres
if answers "$trusted"; then done_with "$trusted"; fi

if ! pg_isready -q -h 127.0.0.1 -p "$port"; then
    need pg_ctlcluster postgresql
    cluster=$(pg_lsclusters --no-header | awk -v port="$port" '$3 == port { print $1, $2; exit }')
    [ -n "$cluster" ] || fail "postgres: no cluster for port $port; make one with pg_createcluster"
    say "postgres: starting cluster $cluster"
    # two words: version and name
    # shellcheck disable=SC2086
    pg_ctlcluster $cluster start >&2
    if answers "$trusted"; then done_with "$trusted"; fi
fi

# A stock cluster asks for a password on TCP and trusts its own user on the socket.
[ "$(id -u)" = 0 ] || fail "postgres: set MATCHDAY_TEST_POSTGRES_URL to a role that may create databases"
url=postgres://matchday_test:matchday_test@127.0.0.1:$port/postgres
if ! answers "$url"; then
    say "postgres: making the role matchday_test, which may create databases"
    runuser -u postgres -- psql -p "$port" -q -d postgres >&2 \
        -c "CREATE ROLE matchday_test LOGIN CREATEDB PASSWORD 'matchday_test'"
fi
answers "$url" || fail "postgres: the server on port $port refuses $url"
done_with "$url"
