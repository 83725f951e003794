-- 1 when the device decided it without a network; decided is when it was told then
ALTER TABLE scans ADD COLUMN offline INTEGER NOT NULL DEFAULT 0;

-- the scan by which somebody left; NULL while inside, after the clear-out, and where it was not kept. State 4 is
-- open like 1: somebody else is inside with the same credential, too
ALTER TABLE admissions ADD COLUMN exit_device TEXT;
ALTER TABLE admissions ADD COLUMN exit_sequence INTEGER;

-- all there was with a credential: what logs told later is accounted for with it
CREATE INDEX admissions_by_credential ON admissions (credential);

-- offline quotas: state 1 open, 2 settled, 3 written off; granted, closed and lasts in microseconds
CREATE TABLE quotas (
    opening TEXT NOT NULL,
    device TEXT NOT NULL,
    number INTEGER NOT NULL,
    places INTEGER NOT NULL,
    filled INTEGER NOT NULL,
    state INTEGER NOT NULL,
    granted INTEGER NOT NULL,
    lasts INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    closed INTEGER,
    reason TEXT NOT NULL,
    PRIMARY KEY (opening, device, number)
) STRICT;

-- the open quota of a device, whatever the opening
CREATE UNIQUE INDEX quotas_open ON quotas (device) WHERE state = 1;

-- conflicts, by the scan at which they happened, as the contract numbers their kinds
CREATE TABLE conflicts (
    device TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    opening TEXT NOT NULL,
    credential TEXT NOT NULL,
    happened INTEGER NOT NULL,
    other_device TEXT NOT NULL,
    other_sequence INTEGER NOT NULL,
    PRIMARY KEY (device, sequence, kind)
) STRICT;

CREATE INDEX conflicts_by_credential ON conflicts (credential);
CREATE INDEX conflicts_by_time ON conflicts (opening, happened, device, sequence, kind);
