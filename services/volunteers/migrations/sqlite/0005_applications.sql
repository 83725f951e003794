-- applications: state, insurance and skills as in the contract; words, availability and names of zones separated
-- by spaces; instants in microseconds. What says who somebody is stands from display_name to note, and goes when it is
-- erased; of an identity document a keyed hash and its last characters are kept, never the number
CREATE TABLE applications (
    name TEXT NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    group_name TEXT NOT NULL,
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    availability TEXT NOT NULL,
    zones TEXT NOT NULL,
    consent_version TEXT NOT NULL,
    consented INTEGER,
    guardian_version TEXT NOT NULL,
    guardian_consented INTEGER,
    insurance INTEGER NOT NULL,
    insured_until INTEGER,
    slot TEXT NOT NULL,
    volunteer TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    document_hash TEXT NOT NULL,
    document_last TEXT NOT NULL,
    guardian TEXT NOT NULL,
    note TEXT NOT NULL,
    erased INTEGER,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- one document, one application: the key of the hash is the tournament's own
CREATE UNIQUE INDEX applications_by_document ON applications (document_hash) WHERE document_hash <> '';
-- one volunteer, one application
CREATE UNIQUE INDEX applications_by_volunteer ON applications (volunteer) WHERE volunteer <> '';

-- the keys that identity documents are hashed with, one for each tournament
CREATE TABLE identity_keys (
    tournament TEXT NOT NULL PRIMARY KEY,
    key BLOB NOT NULL
) STRICT;

-- interview slots; booked counts the applications that name them
CREATE TABLE interview_slots (
    name TEXT NOT NULL PRIMARY KEY,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    place TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- courses: ends of what is learned after so many days, 0 for never; skill empty where none is learned
CREATE TABLE courses (
    name TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    place TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    enrolled INTEGER NOT NULL,
    skill TEXT NOT NULL,
    valid_days INTEGER NOT NULL,
    required INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- enrolments: person is the name of an application or a volunteer; state as in the contract; expires is when what
-- was learned ends
CREATE TABLE enrolments (
    course TEXT NOT NULL,
    person TEXT NOT NULL,
    state INTEGER NOT NULL,
    skill TEXT NOT NULL,
    attended INTEGER,
    expires INTEGER,
    PRIMARY KEY (course, person)
) STRICT;

CREATE INDEX enrolments_by_person ON enrolments (person);

-- names of volunteers who were erased: nobody else gets them, because assignments and hours still bear them
CREATE TABLE erasures (
    volunteer TEXT NOT NULL PRIMARY KEY,
    erased INTEGER NOT NULL
) STRICT;
