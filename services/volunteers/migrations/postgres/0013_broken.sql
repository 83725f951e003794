-- what the schedule has broken and waits for somebody else: looked for after every change
CREATE INDEX assignments_broken ON assignments (updated) WHERE state = 8;
