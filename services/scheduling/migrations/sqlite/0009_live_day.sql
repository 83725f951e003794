-- officials, by resource name, without names of persons: conflicts are names of teams separated by spaces, away
-- is the start and the end of each time in microseconds
CREATE TABLE officials (
    name TEXT NOT NULL PRIMARY KEY,
    country TEXT NOT NULL,
    category TEXT NOT NULL,
    conflicts TEXT NOT NULL,
    away TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- the live day of activities; instants in microseconds, NULL before
ALTER TABLE activities ADD COLUMN planned_end INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN state_since INTEGER;
UPDATE activities SET planned_end = planned_start + (ends - starts);

-- what was recorded of activities on the day: encoded matchday.scheduling.v1.LiveRecord
CREATE TABLE live_records (
    activity TEXT NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (activity, number)
) STRICT;
