//! The day as a list of what happens when, from the opening of the gates to the clear-out and the last log.

use super::crowd::Crowd;

/// A minute, in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;

/// Nobody is let in from the 75th minute on: kick-off at 120, and a half-time.
const EXIT_ONLY: i64 = 210 * MINUTE;
/// Everybody leaves without a scan.
const FREE_EGRESS: i64 = 225 * MINUTE;
/// The place is cleared.
const CLEAR: i64 = 280 * MINUTE;
/// Some gates have no network from here on,
const CUT_OFF: i64 = 60 * MINUTE;
/// to here.
const BACK: i64 = 95 * MINUTE;
/// One lane in so many is cut off.
const CUT: usize = 4;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Somebody with a credential comes to a lane.
    Scan {
        /// Number of the credential.
        credential: usize,
        /// Number of the lane.
        lane: usize,
        /// Out, and not in.
        is_exit: bool,
    },
    /// A lane loses its network.
    CutOff {
        /// Number of the lane.
        lane: usize,
        /// Places it may fill meanwhile.
        places: usize,
    },
    /// A lane has its network again.
    Back {
        /// Number of the lane.
        lane: usize,
    },
    /// A lane tells what it did without a network.
    Upload {
        /// Number of the lane.
        lane: usize,
    },
    /// Nobody is let in any more.
    ExitOnly,
    /// Everybody leaves without a scan.
    FreeEgress,
    /// The place is cleared.
    Clear,
}

/// Something that happens, and when, in milliseconds from the opening of the gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// When.
    pub(crate) at: i64,
    /// What.
    pub(crate) step: Step,
}

/// A day, by time.
#[derive(Clone, Debug)]
pub(crate) struct Script(pub(crate) Vec<Event>);

impl Script {
    /// The day of a crowd. The logs of the lanes that are cut off come at once, after the match, and after the
    /// clear-out, in turn.
    pub(crate) fn of(crowd: &Crowd) -> Self {
        let mut events: Vec<Event> = crowd
            .wishes
            .iter()
            .map(|wish| Event {
                at: wish.at,
                step: Step::Scan { credential: wish.credential, lane: wish.lane, is_exit: wish.is_exit },
            })
            .collect();
        for (number, lane) in (0..crowd.lanes).step_by(CUT).enumerate() {
            let is_due = |at: i64| (CUT_OFF..BACK).contains(&at);
            let due =
                crowd.wishes.iter().filter(|it| it.lane == lane && !it.is_exit && is_due(it.at)).count();
            // a few fewer than come: then the gate itself must stop
            let places = (due * 9 / 10).max(1);
            let told = [BACK + MINUTE, FREE_EGRESS + 10 * MINUTE, CLEAR + 10 * MINUTE][number % 3];
            events.push(Event { at: CUT_OFF, step: Step::CutOff { lane, places } });
            events.push(Event { at: BACK, step: Step::Back { lane } });
            events.push(Event { at: told, step: Step::Upload { lane } });
        }
        events.push(Event { at: EXIT_ONLY, step: Step::ExitOnly });
        events.push(Event { at: FREE_EGRESS, step: Step::FreeEgress });
        events.push(Event { at: CLEAR, step: Step::Clear });
        events.sort_by_key(|event| event.at);
        Self(events)
    }

    /// When it ends.
    pub(crate) fn end(&self) -> i64 {
        self.0.last().map_or(0, |event| event.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::crowd::Frame;

    #[test]
    fn a_day_has_its_phases_and_every_log_is_told() {
        let crowd = Crowd::of(Frame { spectators: 8000, gates: 2, seed: 1 });
        let Script(events) = Script::of(&crowd);
        let at = |wanted: Step| events.iter().position(|event| event.step == wanted).expect("it happens");
        assert!(at(Step::ExitOnly) < at(Step::FreeEgress) && at(Step::FreeEgress) < at(Step::Clear));
        let lanes = |of: fn(&Step) -> bool| events.iter().filter(|event| of(&event.step)).count();
        let cut = lanes(|step| matches!(step, Step::CutOff { .. }));
        assert!(cut >= 3, "one for each time a log is told: {cut}");
        assert_eq!(cut, lanes(|step| matches!(step, Step::Upload { .. })));
        assert!(matches!(events.last().map(|event| event.step), Some(Step::Upload { .. })));
    }
}
