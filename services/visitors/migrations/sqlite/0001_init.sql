-- gates, by resource name; the zone is the one it leads to
CREATE TABLE gates (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    zone TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- devices, whose gate is also part of their name: state 1 active, 2 revoked
CREATE TABLE devices (
    name TEXT NOT NULL PRIMARY KEY,
    gate TEXT NOT NULL,
    display_name TEXT NOT NULL,
    state INTEGER NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- credentials: kind 1 ticket, 2 pass, 3 staff; state 1 valid, 2 revoked; names separated by spaces
CREATE TABLE credentials (
    name TEXT NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    sessions TEXT NOT NULL,
    zones TEXT NOT NULL,
    state INTEGER NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- openings, named as their sessions; instants in microseconds. The phase is the one set by hand or by the
-- schedule, a lower bound: 1 planned, 2 open, 3 exit-only, 4 free egress, 5 cleared, 6 cancelled
CREATE TABLE openings (
    name TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL,
    title TEXT NOT NULL,
    venue TEXT NOT NULL,
    gates TEXT NOT NULL,
    opens INTEGER NOT NULL,
    exit_only INTEGER NOT NULL,
    free_egress INTEGER NOT NULL,
    clears INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    plan TEXT NOT NULL,
    expected_attendance INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- scans, refused or not: only ever added to. Direction 1 entry, 2 exit; the verdict as the contract numbers it
CREATE TABLE scans (
    device TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    opening TEXT NOT NULL,
    code TEXT NOT NULL,
    direction INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    device_time INTEGER,
    decided INTEGER NOT NULL,
    PRIMARY KEY (device, sequence)
) STRICT;

-- the list of an opening; the verdict lets the refused ones be counted from the index
CREATE INDEX scans_by_opening ON scans (opening, decided, device, sequence, verdict);

-- admissions, by the scan that let somebody in: state 1 open, 2 left, 3 closed by the clear-out; the kind is
-- the credential's
CREATE TABLE admissions (
    device TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    opening TEXT NOT NULL,
    credential TEXT NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    entered INTEGER NOT NULL,
    closed INTEGER,
    PRIMARY KEY (device, sequence)
) STRICT;

-- who is inside: the rule decides under the opening's lock, and this holds should the rule have a defect
CREATE UNIQUE INDEX admissions_open ON admissions (opening, credential) WHERE state = 1;
-- how many are inside
CREATE INDEX admissions_by_opening ON admissions (opening, state, kind);

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
