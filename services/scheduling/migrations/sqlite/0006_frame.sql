-- the timetable frame of a tournament; body is an encoded matchday.scheduling.v1.TimetableFrame without name and times
CREATE TABLE frames (
    name TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;
