-- rosters that the engine has made; state 1 draft, 2 published; body is an encoded matchday.volunteers.v1.Roster
-- without what stands in a column
CREATE TABLE rosters (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    state INTEGER NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX rosters_by_number ON rosters (tournament, number);
CREATE UNIQUE INDEX rosters_by_request ON rosters (author, request_id) WHERE request_id <> '';
