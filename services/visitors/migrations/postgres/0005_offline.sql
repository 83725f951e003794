-- 1 when the device decided it without a network; decided is when it was told then
ALTER TABLE scans ADD COLUMN offline INTEGER NOT NULL DEFAULT 0;

-- the scan by which somebody left; NULL while inside, after the clear-out, and where it was not kept. State 4 is
-- open like 1: somebody else is inside with the same credential, too
ALTER TABLE admissions ADD COLUMN exit_device TEXT COLLATE "C";
ALTER TABLE admissions ADD COLUMN exit_sequence BIGINT;

-- all there was with a credential: what logs told later is accounted for with it
CREATE INDEX admissions_by_credential ON admissions (credential);

-- offline quotas: state 1 open, 2 settled, 3 written off; granted, closed and lasts in microseconds
CREATE TABLE quotas (
    opening TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    places BIGINT NOT NULL,
    filled BIGINT NOT NULL,
    state INTEGER NOT NULL,
    granted BIGINT NOT NULL,
    lasts BIGINT NOT NULL,
    first_sequence BIGINT NOT NULL,
    closed BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (opening, device, number)
);

-- the open quota of a device, whatever the opening
CREATE UNIQUE INDEX quotas_open ON quotas (device) WHERE state = 1;

-- conflicts, by the scan at which they happened, as the contract numbers their kinds
CREATE TABLE conflicts (
    device TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    opening TEXT COLLATE "C" NOT NULL,
    credential TEXT COLLATE "C" NOT NULL,
    happened BIGINT NOT NULL,
    other_device TEXT COLLATE "C" NOT NULL,
    other_sequence BIGINT NOT NULL,
    PRIMARY KEY (device, sequence, kind)
);

CREATE INDEX conflicts_by_credential ON conflicts (credential);
CREATE INDEX conflicts_by_time ON conflicts (opening, happened, device, sequence, kind);
