-- who may give shifts to whom: of a day as a date, or with an empty day of all others
CREATE TABLE roster_phases (
    tournament TEXT NOT NULL,
    day TEXT NOT NULL,
    phase INTEGER NOT NULL,
    PRIMARY KEY (tournament, day)
) STRICT;

-- what somebody waits for
CREATE INDEX waitlist_by_volunteer ON waitlist (volunteer);
