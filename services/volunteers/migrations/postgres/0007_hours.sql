-- the ledger of hours: kind as in the contract; instants in microseconds; counters is the name of the entry that a
-- counter-entry takes back; percent is what a minute of the night was credited with. Rows are only ever added, but for
-- who has confirmed them and whether a counter-entry has come
CREATE TABLE hours (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    volunteer TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    shift TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    minutes INTEGER NOT NULL,
    night_minutes INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    credited BIGINT NOT NULL,
    counters TEXT COLLATE "C" NOT NULL,
    countered INTEGER NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    confirmer TEXT COLLATE "C" NOT NULL,
    confirmed BIGINT,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX hours_by_number ON hours (volunteer, number);
-- what the leader of a shift confirms
CREATE INDEX hours_by_shift ON hours (shift) WHERE shift <> '';
-- an entry is taken back once
CREATE UNIQUE INDEX hours_by_countered ON hours (counters) WHERE counters <> '';

-- how service at night is credited; minutes of the day
CREATE TABLE hours_rules (
    tournament TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    night_start INTEGER NOT NULL,
    night_end INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    source TEXT COLLATE "C" NOT NULL
);

-- certificates: state 1 valid, 2 revoked; the numbers are those of the ledger when it was issued
CREATE TABLE certificates (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    volunteer TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    credited BIGINT NOT NULL,
    shifts INTEGER NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX certificates_by_number ON certificates (tournament, number);
CREATE UNIQUE INDEX certificates_by_code ON certificates (code);
-- nobody has two that are valid
CREATE UNIQUE INDEX certificates_valid ON certificates (volunteer) WHERE state = 1;

-- what people call a tournament; empty for one that was last heard of before
ALTER TABLE tournaments ADD COLUMN title TEXT COLLATE "C" NOT NULL DEFAULT '';
