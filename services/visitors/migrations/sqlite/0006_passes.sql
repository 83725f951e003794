-- the pass that a volunteer was given with the accreditation: names of both, and nothing of the person
CREATE TABLE passes (
    volunteer TEXT NOT NULL PRIMARY KEY,
    credential TEXT NOT NULL
) STRICT;
