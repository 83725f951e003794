-- rosters that the engine has made; state 1 draft, 2 published; body is an encoded matchday.volunteers.v1.Roster
-- without what stands in a column
CREATE TABLE rosters (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    number INTEGER NOT NULL,
    state INTEGER NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX rosters_by_number ON rosters (tournament, number);
CREATE UNIQUE INDEX rosters_by_request ON rosters (author, request_id) WHERE request_id <> '';
