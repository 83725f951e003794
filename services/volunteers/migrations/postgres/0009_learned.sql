-- skills of a volunteer that expire, as skill@microseconds, separated by spaces
ALTER TABLE volunteers ADD COLUMN learned TEXT COLLATE "C" NOT NULL DEFAULT '';
