-- skills that a volunteer has learned in courses, as skill@microseconds of the end, separated by spaces
ALTER TABLE volunteers ADD COLUMN learned TEXT COLLATE "C" NOT NULL DEFAULT '';
