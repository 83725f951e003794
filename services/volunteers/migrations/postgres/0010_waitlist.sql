-- until when an invitation can be accepted, in microseconds; NULL without a deadline
ALTER TABLE assignments ADD COLUMN answer_by BIGINT;

-- when the volunteer accepted, in microseconds; NULL before
ALTER TABLE assignments ADD COLUMN agreed BIGINT;

-- what has lapsed, or will
CREATE INDEX assignments_by_answer ON assignments (answer_by) WHERE state = 2 AND answer_by IS NOT NULL;

-- who waits for a seat of a shift, by place
CREATE TABLE waitlist (
    shift TEXT COLLATE "C" NOT NULL,
    volunteer TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    joined BIGINT NOT NULL,
    PRIMARY KEY (shift, volunteer)
);

CREATE UNIQUE INDEX waitlist_by_place ON waitlist (shift, place);
