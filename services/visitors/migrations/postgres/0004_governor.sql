-- the limits of an opening, by its name: people; NULL where nobody said. raised_to is a supervisor's
CREATE TABLE entry_controls (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    approved BIGINT,
    permit TEXT COLLATE "C" NOT NULL,
    entry_figure BIGINT,
    holding BIGINT,
    exit_figure BIGINT,
    emergency BIGINT,
    everyone BIGINT,
    safe_limit BIGINT,
    raised_to BIGINT,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- who is inside of an opening that has limits, counted along with its admissions: those are the truth. held are
-- the places of offline quotas; reached 1 while a limit is
CREATE TABLE entry_counts (
    opening TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    public_limit BIGINT,
    everyone_limit BIGINT,
    public_inside BIGINT NOT NULL,
    everyone_inside BIGINT NOT NULL,
    held BIGINT NOT NULL,
    reached INTEGER NOT NULL
);

-- the entry states of an opening's gates that are not normal; an empty gate is all of them. State 2 paused, 3 one
-- in, one out, with room for so many
CREATE TABLE entry_states (
    opening TEXT COLLATE "C" NOT NULL,
    gate TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    since BIGINT NOT NULL,
    room BIGINT NOT NULL,
    PRIMARY KEY (opening, gate)
);
