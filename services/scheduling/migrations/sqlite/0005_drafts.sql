-- supersedes: the version that was in force when a draft was made, and that it takes the place of;
-- kept: the activities that the live day changed while it was published, separated by spaces
ALTER TABLE versions ADD COLUMN supersedes TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN kept TEXT NOT NULL DEFAULT '';

-- changed: 1 where a draft differs from the schedule it was made from
ALTER TABLE version_activities ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
