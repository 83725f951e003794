-- groups: blocks of volunteers that come together
CREATE TABLE groups (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    leader TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- volunteers: the one table that says who somebody is; skills, languages and availability separated by
-- spaces, availability as start/end in microseconds
CREATE TABLE volunteers (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL,
    skills TEXT COLLATE "C" NOT NULL,
    languages TEXT COLLATE "C" NOT NULL,
    availability TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE INDEX volunteers_by_group ON volunteers (group_name, name);

-- shifts: state 1 planned, 2 cancelled; instants in microseconds; alerts one to a line
CREATE TABLE shifts (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    occasion TEXT COLLATE "C" NOT NULL,
    post TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    planned_starts BIGINT NOT NULL,
    planned_ends BIGINT NOT NULL,
    headcount INTEGER NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    reported INTEGER,
    skills TEXT COLLATE "C" NOT NULL,
    languages TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    signed_in INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    alerts TEXT COLLATE "C" NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE INDEX shifts_by_start ON shifts (tournament, starts, name);
-- what a follower compares with the plan
CREATE INDEX shifts_by_occasion ON shifts (occasion);

-- assignments: states as in the contract; times are those of the shift; former is the state before a change of
-- the schedule took it, 0 otherwise, and cause that change
CREATE TABLE assignments (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    shift TEXT COLLATE "C" NOT NULL,
    volunteer TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    signed_in BIGINT,
    signed_out BIGINT,
    former INTEGER NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- what a person does
CREATE INDEX assignments_by_volunteer ON assignments (volunteer, starts);
CREATE INDEX assignments_by_shift ON assignments (shift, state);
-- what the events of one change have broken
CREATE INDEX assignments_by_cause ON assignments (cause);

-- the time zone of each tournament: the days that work is counted by
CREATE TABLE tournaments (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    time_zone TEXT COLLATE "C" NOT NULL
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
