-- the pass that a volunteer was given with the accreditation: names of both, and nothing of the person
CREATE TABLE passes (
    volunteer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    credential TEXT COLLATE "C" NOT NULL
);
