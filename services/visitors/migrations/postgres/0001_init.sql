-- gates, by resource name; the zone is the one it leads to
CREATE TABLE gates (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- devices, whose gate is also part of their name: state 1 active, 2 revoked
CREATE TABLE devices (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    gate TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- credentials: kind 1 ticket, 2 pass, 3 staff; state 1 valid, 2 revoked; names separated by spaces
CREATE TABLE credentials (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    sessions TEXT COLLATE "C" NOT NULL,
    zones TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- openings, named as their sessions; instants in microseconds. The phase is the one set by hand or by the
-- schedule, a lower bound: 1 planned, 2 open, 3 exit-only, 4 free egress, 5 cleared, 6 cancelled
CREATE TABLE openings (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    session TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    gates TEXT COLLATE "C" NOT NULL,
    opens BIGINT NOT NULL,
    exit_only BIGINT NOT NULL,
    free_egress BIGINT NOT NULL,
    clears BIGINT NOT NULL,
    phase INTEGER NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    expected_attendance INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- scans, refused or not: only ever added to. Direction 1 entry, 2 exit; the verdict as the contract numbers it
CREATE TABLE scans (
    device TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    opening TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    direction INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    device_time BIGINT,
    decided BIGINT NOT NULL,
    PRIMARY KEY (device, sequence)
);

-- the list of an opening; the verdict lets the refused ones be counted from the index
CREATE INDEX scans_by_opening ON scans (opening, decided, device, sequence, verdict);

-- admissions, by the scan that let somebody in: state 1 open, 2 left, 3 closed by the clear-out; the kind is
-- the credential's
CREATE TABLE admissions (
    device TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    opening TEXT COLLATE "C" NOT NULL,
    credential TEXT COLLATE "C" NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    entered BIGINT NOT NULL,
    closed BIGINT,
    PRIMARY KEY (device, sequence)
);

-- who is inside: the rule decides under the opening's lock, and this holds should the rule have a defect
CREATE UNIQUE INDEX admissions_open ON admissions (opening, credential) WHERE state = 1;
-- how many are inside
CREATE INDEX admissions_by_opening ON admissions (opening, state, kind);

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
