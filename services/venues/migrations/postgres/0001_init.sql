-- sites, venues, zones: the tree of places, by resource name
CREATE TABLE sites (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE venues (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    purpose INTEGER NOT NULL,
    seats INTEGER NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE zones (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    kind INTEGER NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    generated TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- bookings: state 1 booked, 2 displaced, 3 released; instants and durations in microseconds
CREATE TABLE bookings (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    zone TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    set_up BIGINT NOT NULL,
    turnaround BIGINT NOT NULL,
    occupied_from BIGINT NOT NULL,
    occupied_until BIGINT NOT NULL,
    state INTEGER NOT NULL,
    conflicts TEXT COLLATE "C" NOT NULL,
    tournament TEXT COLLATE "C" NOT NULL,
    activity_revision BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- who is in the way: one zone, one state, by time
CREATE INDEX bookings_by_zone ON bookings (zone, state, occupied_until);
-- the one live booking of an activity
CREATE INDEX bookings_by_holder ON bookings (holder, state);
CREATE INDEX bookings_by_tournament ON bookings (tournament, state);

-- the newest revision heard of each activity: an older one is never reserved
CREATE TABLE activities (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);

-- the last attempt to reserve a tournament's places: an earlier one that comes late is refused
CREATE TABLE reservations (
    tournament TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    attempt BIGINT NOT NULL
);
