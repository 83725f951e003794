-- runs of the timetable engine; kind and state as the contract numbers them; holder is the process it runs in;
-- body is an encoded matchday.scheduling.v1.Run without what stands in a column
CREATE TABLE runs (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    change_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX runs_by_number ON runs (tournament, number);
CREATE UNIQUE INDEX runs_by_request ON runs (author, kind, request_id) WHERE request_id <> '';
-- those that wait or search
CREATE INDEX runs_open ON runs (holder) WHERE state <= 2;
