-- the version whose places were reserved last: they are not reserved again
ALTER TABLE reservations ADD COLUMN version TEXT COLLATE "C" NOT NULL DEFAULT '';

-- the revision at which a version gave the activity's place up; 0 when none did
ALTER TABLE activities ADD COLUMN given_up BIGINT NOT NULL DEFAULT 0;
