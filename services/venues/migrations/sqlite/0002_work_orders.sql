-- work orders: state 1 planned, 2 in progress, 3 done, 4 cancelled; by_hand 1 once somebody was assigned by hand;
-- instants in microseconds
CREATE TABLE work_orders (
    name TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    tournament TEXT NOT NULL,
    occasion TEXT NOT NULL,
    item TEXT NOT NULL,
    starts INTEGER NOT NULL,
    due INTEGER NOT NULL,
    planned_due INTEGER NOT NULL,
    assignee TEXT NOT NULL,
    by_hand INTEGER NOT NULL,
    state INTEGER NOT NULL,
    plan TEXT NOT NULL,
    begun INTEGER,
    done INTEGER,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- what was derived for an activity or a session
CREATE INDEX work_orders_by_occasion ON work_orders (occasion);
-- pages by the moment they are due
CREATE INDEX work_orders_by_due ON work_orders (due, name);
CREATE INDEX work_orders_by_tournament ON work_orders (tournament, state);

-- what scheduling says: activities, sessions and the plan in force, as the contract encodes them
CREATE TABLE agenda (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    session TEXT NOT NULL,
    body BLOB NOT NULL,
    fixed TEXT NOT NULL,
    published INTEGER NOT NULL
) STRICT;

CREATE INDEX agenda_by_session ON agenda (session);
CREATE INDEX agenda_by_tournament ON agenda (tournament);
