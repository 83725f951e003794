-- sites, venues, zones: the tree of places, by resource name
CREATE TABLE sites (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE TABLE venues (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    purpose INTEGER NOT NULL,
    seats INTEGER NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE TABLE zones (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    source TEXT NOT NULL,
    generated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- bookings: state 1 booked, 2 displaced, 3 released; instants and durations in microseconds
CREATE TABLE bookings (
    name TEXT NOT NULL PRIMARY KEY,
    zone TEXT NOT NULL,
    holder TEXT NOT NULL,
    title TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    set_up INTEGER NOT NULL,
    turnaround INTEGER NOT NULL,
    occupied_from INTEGER NOT NULL,
    occupied_until INTEGER NOT NULL,
    state INTEGER NOT NULL,
    conflicts TEXT NOT NULL,
    tournament TEXT NOT NULL,
    activity_revision INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- who is in the way: one zone, one state, by time
CREATE INDEX bookings_by_zone ON bookings (zone, state, occupied_until);
-- the one live booking of an activity
CREATE INDEX bookings_by_holder ON bookings (holder, state);
CREATE INDEX bookings_by_tournament ON bookings (tournament, state);

-- the newest revision heard of each activity: an older one is never reserved
CREATE TABLE activities (
    name TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT;

-- the last attempt to reserve a tournament's places: an earlier one that comes late is refused
CREATE TABLE reservations (
    tournament TEXT NOT NULL PRIMARY KEY,
    attempt INTEGER NOT NULL
) STRICT;
