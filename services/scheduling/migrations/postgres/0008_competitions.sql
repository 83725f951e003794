-- the slot a side was written as before a team took it; empty while none has
ALTER TABLE activities ADD COLUMN home_slot TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN away_slot TEXT COLLATE "C" NOT NULL DEFAULT '';

-- what competitions are like: encoded matchday.scheduling.v1.Competition
CREATE TABLE competitions (
    tournament TEXT COLLATE "C" NOT NULL,
    competition TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (tournament, competition)
);

-- lots that were drawn: encoded matchday.scheduling.v1.Lots
CREATE TABLE lots (
    tournament TEXT COLLATE "C" NOT NULL,
    competition TEXT COLLATE "C" NOT NULL,
    match_group TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (tournament, competition, match_group)
);
