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
