-- whether a shift is a reserve, which is given up for other posts: 1 or 0
ALTER TABLE shifts ADD COLUMN reserve INTEGER NOT NULL DEFAULT 0;
