-- the limits of an opening, by its name: people; NULL where nobody said. raised_to is a supervisor's
CREATE TABLE entry_controls (
    name TEXT NOT NULL PRIMARY KEY,
    approved INTEGER,
    permit TEXT NOT NULL,
    entry_figure INTEGER,
    holding INTEGER,
    exit_figure INTEGER,
    emergency INTEGER,
    everyone INTEGER,
    safe_limit INTEGER,
    raised_to INTEGER,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- who is inside of an opening that has limits, counted along with its admissions: those are the truth. held are
-- the places of offline quotas; reached 1 while a limit is
CREATE TABLE entry_counts (
    opening TEXT NOT NULL PRIMARY KEY,
    public_limit INTEGER,
    everyone_limit INTEGER,
    public_inside INTEGER NOT NULL,
    everyone_inside INTEGER NOT NULL,
    held INTEGER NOT NULL,
    reached INTEGER NOT NULL
) STRICT;

-- the entry states of an opening's gates that are not normal; an empty gate is all of them. State 2 paused, 3 one
-- in, one out, with room for so many
CREATE TABLE entry_states (
    opening TEXT NOT NULL,
    gate TEXT NOT NULL,
    state INTEGER NOT NULL,
    since INTEGER NOT NULL,
    room INTEGER NOT NULL,
    PRIMARY KEY (opening, gate)
) STRICT;
