-- the run sheet: one line for each thing of a kind; state 1 planned, 2 under way, 3 done, 4 cancelled; instants in
-- microseconds; attention as people see it, one sentence a line; source_revision is that of the thing itself
CREATE TABLE run_sheet (
    resource TEXT COLLATE "C" NOT NULL,
    kind INTEGER NOT NULL,
    tournament TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    ends BIGINT,
    planned BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    occasion TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    sure INTEGER NOT NULL,
    present INTEGER NOT NULL,
    attention TEXT COLLATE "C" NOT NULL,
    source_revision BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (resource, kind)
);

CREATE INDEX run_sheet_by_time ON run_sheet (tournament, at, kind, resource);

-- what each service says is wrong with a line, also before the line is there: source 1 scheduling, 2 venues,
-- 3 volunteers, 4 visitors; one sentence a line
CREATE TABLE concerns (
    resource TEXT COLLATE "C" NOT NULL,
    kind INTEGER NOT NULL,
    source INTEGER NOT NULL,
    sentences TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (resource, kind, source)
);

-- the log of the operations centre: the one table that may name persons, in text and strike_reason
CREATE TABLE log_entries (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    text TEXT COLLATE "C" NOT NULL,
    resources TEXT COLLATE "C" NOT NULL,
    happened BIGINT NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    struck BIGINT,
    striker TEXT COLLATE "C" NOT NULL,
    strike_reason TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- what scheduling says: activities, sessions and the plan in force, as the contract encodes them
CREATE TABLE agenda (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    fixed TEXT COLLATE "C" NOT NULL,
    published INTEGER NOT NULL
);

CREATE INDEX agenda_by_session ON agenda (session);
CREATE INDEX agenda_by_tournament ON agenda (tournament);
