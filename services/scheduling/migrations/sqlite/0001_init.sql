-- tournaments and their teams, by resource name; lists of names are separated by spaces
CREATE TABLE tournaments (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    start_date TEXT NOT NULL,
    end_date TEXT NOT NULL,
    sites TEXT NOT NULL,
    published_version TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE TABLE teams (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    competition TEXT NOT NULL,
    drawn_group TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    name TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    venue TEXT NOT NULL,
    expected_attendance INTEGER NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- activities: kind and state as the contract numbers them; instants and durations in microseconds;
-- home_goals, away_goals and result_note are all NULL while no result is known
CREATE TABLE activities (
    name TEXT NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    title TEXT NOT NULL,
    zone TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    planned_start INTEGER NOT NULL,
    set_up INTEGER NOT NULL,
    turnaround INTEGER NOT NULL,
    session TEXT NOT NULL,
    competition TEXT NOT NULL,
    stage TEXT NOT NULL,
    match_group TEXT NOT NULL,
    home TEXT NOT NULL,
    away TEXT NOT NULL,
    home_goals INTEGER,
    away_goals INTEGER,
    result_note TEXT,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- schedule versions: state as the contract numbers it; attempt is the last attempt to reserve the places
CREATE TABLE versions (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    number INTEGER NOT NULL,
    state INTEGER NOT NULL,
    activities INTEGER NOT NULL,
    author TEXT NOT NULL,
    change_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    published INTEGER,
    places_created INTEGER NOT NULL,
    places_moved INTEGER NOT NULL,
    places_kept INTEGER NOT NULL,
    places_released INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE INDEX activities_by_start ON activities (starts, name);
CREATE INDEX activities_by_session ON activities (session, starts);
CREATE INDEX versions_by_state ON versions (state);
CREATE UNIQUE INDEX versions_by_number ON versions (tournament, number);

-- what a version says, as it was when the version was fixed: encoded matchday.scheduling.v1.Activity
CREATE TABLE version_activities (
    version TEXT NOT NULL,
    activity TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (version, activity)
) STRICT;
