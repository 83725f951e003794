-- officials, by resource name, without names of persons: conflicts are names of teams separated by spaces, away
-- is the start and the end of each time in microseconds
CREATE TABLE officials (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    country TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    conflicts TEXT COLLATE "C" NOT NULL,
    away TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- the live day of activities; instants in microseconds, NULL before
ALTER TABLE activities ADD COLUMN planned_end BIGINT NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN state_since BIGINT;
UPDATE activities SET planned_end = planned_start + (ends - starts);

-- what was recorded of activities on the day: encoded matchday.scheduling.v1.LiveRecord
CREATE TABLE live_records (
    activity TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (activity, number)
);
