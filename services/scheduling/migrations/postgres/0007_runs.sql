-- runs of the timetable engine; kind and state as the contract numbers them; holder is the process it runs in;
-- body is an encoded matchday.scheduling.v1.Run without what stands in a column
CREATE TABLE runs (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    change_id TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX runs_by_number ON runs (tournament, number);
CREATE UNIQUE INDEX runs_by_request ON runs (author, kind, request_id) WHERE request_id <> '';
-- those that wait or search
CREATE INDEX runs_open ON runs (holder) WHERE state <= 2;
