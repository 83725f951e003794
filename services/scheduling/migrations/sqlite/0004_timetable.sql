-- what the timetable engine and the live day need of activities; instants in microseconds, NULL while unknown
ALTER TABLE activities ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activities ADD COLUMN actual_start INTEGER;
ALTER TABLE activities ADD COLUMN actual_end INTEGER;
ALTER TABLE activities ADD COLUMN outcome INTEGER;
ALTER TABLE activities ADD COLUMN home_penalties INTEGER;
ALTER TABLE activities ADD COLUMN away_penalties INTEGER;
ALTER TABLE activities ADD COLUMN awarded_to TEXT NOT NULL DEFAULT '';

-- state as the contract numbers it
ALTER TABLE teams ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE teams ADD COLUMN state INTEGER NOT NULL DEFAULT 1;
ALTER TABLE teams ADD COLUMN replaced_by TEXT NOT NULL DEFAULT '';

-- where a version comes from: origin as the contract numbers it
ALTER TABLE versions ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN run TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN base TEXT NOT NULL DEFAULT '';
