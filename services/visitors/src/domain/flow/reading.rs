//! What a counter saw.

/// Most people a counter may report of one slot and direction. More is a fault of the counter: a door of ten metres
/// lets some 800 people through in a minute.
pub const MOST_IN_A_SLOT: u32 = 100_000;

/// What one counter saw in one slot of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// People counted in.
    pub entries: u32,
    /// People counted out.
    pub exits: u32,
}

impl Slot {
    /// Whether nobody was seen, in either direction.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.entries == 0 && self.exits == 0
    }
}

/// What one counter saw on one day, slot by slot, from midnight on. All days of a counter have slots of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// The slots, in order of time.
    pub slots: Vec<Slot>,
}

impl Day {
    /// People counted in.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.slots.iter().map(|slot| u64::from(slot.entries)).sum()
    }

    /// People counted out.
    #[must_use]
    pub fn exits(&self) -> u64 {
        self.slots.iter().map(|slot| u64::from(slot.exits)).sum()
    }
}
