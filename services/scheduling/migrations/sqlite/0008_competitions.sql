-- the slot a side was written as before a team took it; empty while none has
ALTER TABLE activities ADD COLUMN home_slot TEXT NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN away_slot TEXT NOT NULL DEFAULT '';

-- what competitions are like: encoded matchday.scheduling.v1.Competition
CREATE TABLE competitions (
    tournament TEXT NOT NULL,
    competition TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tournament, competition)
) STRICT;

-- lots that were drawn: encoded matchday.scheduling.v1.Lots
CREATE TABLE lots (
    tournament TEXT NOT NULL,
    competition TEXT NOT NULL,
    match_group TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tournament, competition, match_group)
) STRICT;
