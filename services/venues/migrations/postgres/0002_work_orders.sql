-- work orders: state 1 planned, 2 in progress, 3 done, 4 cancelled; by_hand 1 once somebody was assigned by hand;
-- instants in microseconds
CREATE TABLE work_orders (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    title TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    tournament TEXT COLLATE "C" NOT NULL,
    occasion TEXT COLLATE "C" NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    planned_due BIGINT NOT NULL,
    assignee TEXT COLLATE "C" NOT NULL,
    by_hand INTEGER NOT NULL,
    state INTEGER NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    begun BIGINT,
    done BIGINT,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- what was derived for an activity or a session
CREATE INDEX work_orders_by_occasion ON work_orders (occasion);
-- pages by the moment they are due
CREATE INDEX work_orders_by_due ON work_orders (due, name);
CREATE INDEX work_orders_by_tournament ON work_orders (tournament, state);

-- what scheduling says: activities, sessions and the plan in force, as the contract encodes them
CREATE TABLE agenda (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    fixed TEXT COLLATE "C" NOT NULL,
    published INTEGER NOT NULL
);

CREATE INDEX agenda_by_session ON agenda (session);
CREATE INDEX agenda_by_tournament ON agenda (tournament);
