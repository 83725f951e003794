-- groups: blocks of volunteers that come together
CREATE TABLE groups (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    leader TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- volunteers: the one table that says who somebody is; skills, languages and availability separated by
-- spaces, availability as start/end in microseconds
CREATE TABLE volunteers (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    group_name TEXT NOT NULL,
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    availability TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE INDEX volunteers_by_group ON volunteers (group_name, name);

-- shifts: state 1 planned, 2 cancelled; instants in microseconds; alerts one to a line
CREATE TABLE shifts (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    title TEXT NOT NULL,
    occasion TEXT NOT NULL,
    post TEXT NOT NULL,
    place TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    planned_starts INTEGER NOT NULL,
    planned_ends INTEGER NOT NULL,
    headcount INTEGER NOT NULL,
    unit TEXT NOT NULL,
    reported INTEGER,
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    state INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    signed_in INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    alerts TEXT NOT NULL,
    plan TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE INDEX shifts_by_start ON shifts (tournament, starts, name);
-- what a follower compares with the plan
CREATE INDEX shifts_by_occasion ON shifts (occasion);

-- assignments: states as in the contract; times are those of the shift; former is the state before a change of
-- the schedule took it, 0 otherwise, and cause that change
CREATE TABLE assignments (
    name TEXT NOT NULL PRIMARY KEY,
    shift TEXT NOT NULL,
    volunteer TEXT NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    signed_in INTEGER,
    signed_out INTEGER,
    former INTEGER NOT NULL,
    cause TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- what a person does
CREATE INDEX assignments_by_volunteer ON assignments (volunteer, starts);
CREATE INDEX assignments_by_shift ON assignments (shift, state);
-- what the events of one change have broken
CREATE INDEX assignments_by_cause ON assignments (cause);

-- the time zone of each tournament: the days that work is counted by
CREATE TABLE tournaments (
    name TEXT NOT NULL PRIMARY KEY,
    time_zone TEXT NOT NULL
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
