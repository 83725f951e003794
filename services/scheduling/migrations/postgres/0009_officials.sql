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
