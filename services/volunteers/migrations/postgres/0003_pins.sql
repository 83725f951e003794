-- whether no roster moves an assignment: 1 or 0
ALTER TABLE assignments ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
