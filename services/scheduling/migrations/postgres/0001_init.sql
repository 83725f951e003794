-- tournaments and their teams, by resource name; lists of names are separated by spaces
CREATE TABLE tournaments (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    start_date TEXT COLLATE "C" NOT NULL,
    end_date TEXT COLLATE "C" NOT NULL,
    sites TEXT COLLATE "C" NOT NULL,
    published_version TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE teams (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    competition TEXT COLLATE "C" NOT NULL,
    drawn_group TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE sessions (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    title TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    expected_attendance INTEGER NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- activities: kind and state as the contract numbers them; instants and durations in microseconds;
-- home_goals, away_goals and result_note are all NULL while no result is known
CREATE TABLE activities (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    planned_start BIGINT NOT NULL,
    set_up BIGINT NOT NULL,
    turnaround BIGINT NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    competition TEXT COLLATE "C" NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    match_group TEXT COLLATE "C" NOT NULL,
    home TEXT COLLATE "C" NOT NULL,
    away TEXT COLLATE "C" NOT NULL,
    home_goals INTEGER,
    away_goals INTEGER,
    result_note TEXT COLLATE "C",
    state INTEGER NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- schedule versions: state as the contract numbers it; attempt is the last attempt to reserve the places
CREATE TABLE versions (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    state INTEGER NOT NULL,
    activities INTEGER NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    change_id TEXT COLLATE "C" NOT NULL,
    attempt BIGINT NOT NULL,
    published BIGINT,
    places_created INTEGER NOT NULL,
    places_moved INTEGER NOT NULL,
    places_kept INTEGER NOT NULL,
    places_released INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE INDEX activities_by_start ON activities (starts, name);
CREATE INDEX activities_by_session ON activities (session, starts);
CREATE INDEX versions_by_state ON versions (state);
CREATE UNIQUE INDEX versions_by_number ON versions (tournament, number);

-- what a version says, as it was when the version was fixed: encoded matchday.scheduling.v1.Activity
CREATE TABLE version_activities (
    version TEXT COLLATE "C" NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (version, activity)
);
