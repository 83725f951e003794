-- applications: state, insurance and skills as in the contract; words, availability and names of zones separated
-- by spaces; instants in microseconds. What says who somebody is stands from display_name to note, and goes when it is
-- erased; of an identity document a keyed hash and its last characters are kept, never the number
CREATE TABLE applications (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL,
    skills TEXT COLLATE "C" NOT NULL,
    languages TEXT COLLATE "C" NOT NULL,
    availability TEXT COLLATE "C" NOT NULL,
    zones TEXT COLLATE "C" NOT NULL,
    consent_version TEXT COLLATE "C" NOT NULL,
    consented BIGINT,
    guardian_version TEXT COLLATE "C" NOT NULL,
    guardian_consented BIGINT,
    insurance INTEGER NOT NULL,
    insured_until BIGINT,
    slot TEXT COLLATE "C" NOT NULL,
    volunteer TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    birth_date TEXT COLLATE "C" NOT NULL,
    document_hash TEXT COLLATE "C" NOT NULL,
    document_last TEXT COLLATE "C" NOT NULL,
    guardian TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    erased BIGINT,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- one document, one application: the key of the hash is the tournament's own
CREATE UNIQUE INDEX applications_by_document ON applications (document_hash) WHERE document_hash <> '';
-- one volunteer, one application
CREATE UNIQUE INDEX applications_by_volunteer ON applications (volunteer) WHERE volunteer <> '';

-- the keys that identity documents are hashed with, one for each tournament
CREATE TABLE identity_keys (
    tournament TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    key BYTEA NOT NULL
);

-- interview slots; booked counts the applications that name them
CREATE TABLE interview_slots (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    capacity INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- courses: ends of what is learned after so many days, 0 for never; skill empty where none is learned
CREATE TABLE courses (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    title TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    capacity INTEGER NOT NULL,
    enrolled INTEGER NOT NULL,
    skill TEXT COLLATE "C" NOT NULL,
    valid_days INTEGER NOT NULL,
    required INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- enrolments: person is the name of an application or a volunteer; state as in the contract; expires is when what
-- was learned ends
CREATE TABLE enrolments (
    course TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    skill TEXT COLLATE "C" NOT NULL,
    attended BIGINT,
    expires BIGINT,
    PRIMARY KEY (course, person)
);

CREATE INDEX enrolments_by_person ON enrolments (person);

-- names of volunteers who were erased: nobody else gets them, because assignments and hours still bear them
CREATE TABLE erasures (
    volunteer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    erased BIGINT NOT NULL
);
