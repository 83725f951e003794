//! Offline quotas: places that a device may fill without a network, which count as taken meanwhile.

use super::capacity::Filling;

/// Where a quota stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaState {
    /// Its places count as taken.
    Open,
    /// The device's log is complete.
    Settled,
    /// It was given up.
    WrittenOff,
}

/// Why a quota is not granted, or not written off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Fewer places are free.
    #[error("has room for {free} more: grant at most so many places of the {wanted} wanted")]
    NoRoom {
        /// Places that are free.
        free: i64,
        /// Places wanted.
        wanted: i64,
    },
    /// The device has a quota.
    #[error(
        "grants no second quota to a device that holds {places} places: upload its log, or write it off, first"
    )]
    StillOpen {
        /// Places of that quota.
        places: i64,
    },
    /// The device has none that is open.
    #[error("has no open quota for the device: there is nothing to write off")]
    NoneOpen,
}

/// The places of a quota, and how many of them the device's log has filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Places.
    pub places: i64,
    /// Filled so far.
    pub filled: i64,
    /// Where it stands.
    pub state: QuotaState,
}

impl Quota {
    /// A quota of so many places, out of those that are free; and who is inside then.
    ///
    /// # Errors
    /// [`Refusal::StillOpen`] and [`Refusal::NoRoom`]
    pub fn grant(before: Option<Self>, places: i64, filling: Filling) -> Result<(Self, Filling), Refusal> {
        if let Some(Self { places, state: QuotaState::Open, .. }) = before {
            return Err(Refusal::StillOpen { places });
        }
        match filling.room() {
            Some(free) if free < places => Err(Refusal::NoRoom { free: free.max(0), wanted: places }),
            _ => {
                let quota = Self { places, filled: 0, state: QuotaState::Open };
                Ok((quota, Filling { held: filling.held + places, ..filling }))
            }
        }
    }

    /// Places that count as taken and are not filled by anybody known.
    #[must_use]
    pub fn held(self) -> i64 {
        if self.state == QuotaState::Open { self.places - self.filled } else { 0 }
    }

    /// Somebody took a place; `None` when there was none.
    #[must_use]
    pub fn fill(self) -> Option<Self> {
        (self.held() > 0).then_some(Self { filled: self.filled + 1, ..self })
    }

    /// Ends it: its log is complete, or it is given up.
    #[must_use]
    pub const fn close(self, state: QuotaState) -> Self {
        Self { state, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_taken_until_they_are_accounted_for() {
        let filling = Filling { public_limit: Some(10), public: 6, everyone: 6, ..Filling::default() };
        let refusal = Quota::grant(None, 5, filling).unwrap_err();
        assert_eq!(refusal, Refusal::NoRoom { free: 4, wanted: 5 });
        let (quota, filling) = Quota::grant(None, 3, filling).unwrap();
        assert_eq!((quota.held(), filling.held, filling.room()), (3, 3, Some(1)));
        assert_eq!(Quota::grant(Some(quota), 1, filling), Err(Refusal::StillOpen { places: 3 }));
        let filled = quota.fill().and_then(Quota::fill).unwrap();
        assert_eq!(filled.held(), 1);
        assert_eq!(filled.fill().and_then(Quota::fill), None);
        let settled = filled.close(QuotaState::Settled);
        assert_eq!((settled.held(), settled.fill()), (0, None));
        assert!(Quota::grant(Some(settled), 1, filling).is_ok());
    }

    #[test]
    fn nothing_is_granted_above_a_limit_that_is_passed() {
        let filling = Filling { everyone_limit: Some(3), everyone: 5, ..Filling::default() };
        assert_eq!(Quota::grant(None, 1, filling), Err(Refusal::NoRoom { free: 0, wanted: 1 }));
        assert!(Quota::grant(None, 1, Filling::default()).is_ok());
    }
}
