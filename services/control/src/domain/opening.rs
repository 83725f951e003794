//! What visitors says of the opening of a venue's gates: three lines of the run sheet.

use matchday_kernel::Instant;

use super::item::{Item, Kind, People, State};

/// What the gates do; a later phase is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Not open yet.
    Planned,
    /// People enter and leave.
    Open,
    /// Nobody is let in any more.
    ExitOnly,
    /// Everybody leaves without a scan.
    FreeEgress,
    /// The place was cleared.
    Cleared,
    /// The session does not take place.
    Cancelled,
}

/// The opening of a venue's gates for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its name.
    pub name: String,
    /// Name of its tournament.
    pub tournament: String,
    /// What people call the session.
    pub title: String,
    /// Name of the venue.
    pub venue: String,
    /// Name of the session.
    pub session: String,
    /// When the gates open.
    pub opens: Instant,
    /// When nobody is let in any more.
    pub exit_only: Instant,
    /// When everybody leaves without a scan.
    pub free_egress: Instant,
    /// When the place is to be cleared.
    pub clears: Instant,
    /// What the gates do.
    pub phase: Phase,
    /// It was just planned: its times are the planned ones.
    pub is_new: bool,
    /// Counts its writes.
    pub revision: i64,
}

impl Opening {
    /// The kinds of its lines.
    pub const KINDS: [Kind; 3] = [Kind::GatesOpen, Kind::ExitOnly, Kind::Clear];

    /// Its line of a kind; `before` is what the line said.
    #[must_use]
    pub fn item(&self, kind: Kind, before: Option<&Item>) -> Item {
        let (time, end) = match kind {
            Kind::ExitOnly => (self.exit_only, Some(self.free_egress)),
            Kind::Clear => (self.clears, None),
            _ => (self.opens, Some(self.exit_only)),
        };
        Item {
            tournament: self.tournament.clone(),
            time,
            end,
            planned: before.filter(|_| !self.is_new).map_or(time, |item| item.planned),
            title: self.title.clone(),
            place: self.venue.clone(),
            occasion: self.session.clone(),
            owner: String::new(),
            state: self.state(kind),
            people: People::default(),
        }
    }

    fn state(&self, kind: Kind) -> State {
        let (begins, ends) = match kind {
            Kind::ExitOnly => (Phase::ExitOnly, Phase::FreeEgress),
            Kind::Clear => (Phase::Cleared, Phase::Cleared),
            _ => (Phase::Open, Phase::ExitOnly),
        };
        match self.phase {
            Phase::Cancelled => State::Cancelled,
            phase if phase >= ends => State::Done,
            phase if phase >= begins => State::UnderWay,
            _ => State::Planned,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::activity::tests::at;

    pub(crate) fn opening(phase: Phase, delay: i64, revision: i64) -> Opening {
        Opening {
            name: "tournaments/t/openings/opening".into(),
            tournament: "tournaments/t".into(),
            title: "Opening".into(),
            venue: "sites/s/venues/v".into(),
            session: "tournaments/t/sessions/opening".into(),
            opens: at(0),
            exit_only: at(200 + delay),
            free_egress: at(230 + delay),
            clears: at(260 + delay),
            phase,
            is_new: revision == 1,
            revision,
        }
    }

    fn states(phase: Phase) -> [State; 3] {
        Opening::KINDS.map(|kind| opening(phase, 0, 2).item(kind, None).state)
    }

    #[test]
    fn a_phase_carries_its_lines_on() {
        use State::{Cancelled, Done, Planned, UnderWay};
        assert_eq!(states(Phase::Planned), [Planned, Planned, Planned]);
        assert_eq!(states(Phase::Open), [UnderWay, Planned, Planned]);
        assert_eq!(states(Phase::ExitOnly), [Done, UnderWay, Planned]);
        assert_eq!(states(Phase::FreeEgress), [Done, Done, Planned]);
        assert_eq!(states(Phase::Cleared), [Done, Done, Done]);
        assert_eq!(states(Phase::Cancelled), [Cancelled; 3]);
    }

    #[test]
    fn what_moved_keeps_when_it_was_planned() {
        let first = opening(Phase::Planned, 0, 1).item(Kind::Clear, None);
        assert_eq!((first.time, first.planned), (at(260), at(260)));
        let moved = opening(Phase::Planned, 45, 2).item(Kind::Clear, Some(&first));
        assert_eq!((moved.time, moved.planned), (at(305), at(260)));
        let again = opening(Phase::Planned, 45, 1).item(Kind::Clear, Some(&moved));
        assert_eq!((again.time, again.planned), (at(305), at(305)), "planned anew");
    }
}
