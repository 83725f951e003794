-- the run sheet: one line for each thing of a kind; state 1 planned, 2 under way, 3 done, 4 cancelled; instants in
-- microseconds; attention as people see it, one sentence a line; source_revision is that of the thing itself
CREATE TABLE run_sheet (
    resource TEXT NOT NULL,
    kind INTEGER NOT NULL,
    tournament TEXT NOT NULL,
    at INTEGER NOT NULL,
    ends INTEGER,
    planned INTEGER NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    occasion TEXT NOT NULL,
    owner TEXT NOT NULL,
    state INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    sure INTEGER NOT NULL,
    present INTEGER NOT NULL,
    attention TEXT NOT NULL,
    source_revision INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (resource, kind)
) STRICT;

CREATE INDEX run_sheet_by_time ON run_sheet (tournament, at, kind, resource);

-- what each service says is wrong with a line, also before the line is there: source 1 scheduling, 2 venues,
-- 3 volunteers, 4 visitors; one sentence a line
CREATE TABLE concerns (
    resource TEXT NOT NULL,
    kind INTEGER NOT NULL,
    source INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    PRIMARY KEY (resource, kind, source)
) STRICT;

-- the log of the operations centre: the one table that may name persons, in text and strike_reason
CREATE TABLE log_entries (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    resources TEXT NOT NULL,
    happened INTEGER NOT NULL,
    author TEXT NOT NULL,
    struck INTEGER,
    striker TEXT NOT NULL,
    strike_reason TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- what scheduling says: activities, sessions and the plan in force, as the contract encodes them
CREATE TABLE agenda (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    session TEXT NOT NULL,
    body BLOB NOT NULL,
    fixed TEXT NOT NULL,
    published INTEGER NOT NULL
) STRICT;

CREATE INDEX agenda_by_session ON agenda (session);
CREATE INDEX agenda_by_tournament ON agenda (tournament);
