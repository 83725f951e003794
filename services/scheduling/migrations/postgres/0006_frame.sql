-- the timetable frame of a tournament; body is an encoded matchday.scheduling.v1.TimetableFrame without name and times
CREATE TABLE frames (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
