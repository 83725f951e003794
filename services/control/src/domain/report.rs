//! What a service reports, and what it makes of the lines it is about.

use super::{
    activity::Activity,
    item::{Key, Kind},
    line::{Line, Source},
    opening::Opening,
    shift::Shift,
    work_order::WorkOrder,
};

/// What a service reports of one of its resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Scheduling: an activity as it is now.
    Activity(Activity),
    /// Venues: whether an activity has its place.
    Place {
        /// Name of the activity.
        activity: String,
        /// What is wrong with its place; `None` when it has it, or needs none any more.
        problem: Option<String>,
    },
    /// Venues: a work order as it is now.
    WorkOrder(WorkOrder),
    /// Volunteers: a shift as it is now.
    Shift(Shift),
    /// Visitors: the opening of a venue's gates as it is now.
    Opening(Opening),
}

impl Report {
    /// The lines it is about.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        match self {
            Self::Activity(activity) => vec![Key::new(&activity.name, Kind::Activity)],
            Self::Place { activity, .. } => vec![Key::new(activity, Kind::Activity)],
            Self::WorkOrder(order) => vec![Key::new(&order.name, Kind::WorkOrder)],
            Self::Shift(shift) => vec![Key::new(&shift.name, Kind::Shift)],
            Self::Opening(opening) => Opening::KINDS.map(|kind| Key::new(&opening.name, kind)).into(),
        }
    }

    /// One of those lines, as it is with this report. It takes over what the service has said before, and leaves
    /// alone what others say: which service is heard first makes no difference.
    #[must_use]
    pub fn change(&self, kind: Kind, line: Line) -> Line {
        match self {
            Self::Activity(activity) => {
                line.take(Source::Scheduling, activity.revision, activity.item(), &activity.concerns())
            }
            Self::Place { problem, .. } => line.concern(Source::Venues, problem.as_slice()),
            Self::WorkOrder(order) => {
                line.take(Source::Venues, order.revision, order.item(), &order.concerns())
            }
            Self::Shift(shift) => {
                let item = shift.item(line.item.as_ref().map(|item| item.state));
                let concerns = shift.concerns(item.state);
                line.take(Source::Volunteers, shift.revision, item, &concerns)
            }
            Self::Opening(opening) => {
                let item = opening.item(kind, line.item.as_ref());
                line.take(Source::Visitors, opening.revision, item, &[])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, VecDeque};

    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        activity::tests::activity, item::State, opening::Phase, opening::tests::opening, shift::tests::shift,
        work_order::tests::work_order,
    };

    type Sheet = BTreeMap<Key, Line>;

    fn hear(sheet: &mut Sheet, report: &Report) {
        for key in report.keys() {
            let line = sheet.remove(&key).unwrap_or_default();
            sheet.insert(key.clone(), report.change(key.kind, line));
        }
    }

    fn sheet(reports: impl IntoIterator<Item = Report>) -> Sheet {
        let mut sheet = Sheet::new();
        for report in reports {
            hear(&mut sheet, &report);
        }
        sheet
    }

    fn place(activity: &str, problem: Option<&str>) -> Report {
        Report::Place {
            activity: format!("tournaments/t/activities/{activity}"),
            problem: problem.map(str::to_owned),
        }
    }

    #[test]
    fn a_displaced_activity_says_so_until_it_has_a_place() {
        let delayed = Report::Activity(activity("m01", 100, 45, 2));
        let displaced = place("m01", Some("its place is not free"));
        let both = sheet([displaced.clone(), delayed.clone()]);
        assert_eq!(both, sheet([delayed.clone(), displaced.clone()]));
        let line = both.values().next().unwrap();
        assert_eq!(line.shown().unwrap().1, ["kick-off delayed by 45 min", "its place is not free"]);
        let placed = sheet([displaced, delayed, place("m01", None)]);
        assert_eq!(placed.values().next().unwrap().shown().unwrap().1, ["kick-off delayed by 45 min"]);
    }

    #[test]
    fn an_opening_has_three_lines() {
        let sheet = sheet([Report::Opening(opening(Phase::Open, 0, 1))]);
        let states: Vec<State> = sheet.values().map(|line| line.item.as_ref().unwrap().state).collect();
        assert_eq!(states, [State::UnderWay, State::Planned, State::Planned]);
    }

    fn scheduling() -> impl Strategy<Value = (usize, i64, bool)> {
        (0usize..3, 0i64..90, any::<bool>())
    }

    /// Each log's reports in its own order, revisions counted by resource.
    fn logs(
        scheduling: Vec<(usize, i64, bool)>,
        venues: Vec<(usize, u8)>,
        volunteers: Vec<(i32, i32, bool)>,
        visitors: Vec<(u8, i64)>,
    ) -> [VecDeque<Report>; 4] {
        let states = [State::Planned, State::UnderWay, State::Done, State::Cancelled];
        let phases = [Phase::Planned, Phase::Open, Phase::ExitOnly, Phase::Cleared, Phase::Cancelled];
        let ids = ["m01", "m02", "m03"];
        let activities = (1i64..).zip(scheduling).map(|(revision, (id, delay, takes_place))| {
            Report::Activity(Activity { takes_place, ..activity(ids[id], 100, delay, revision) })
        });
        let places = (1i64..).zip(venues).map(|(revision, (id, what))| match what {
            0 => place(ids[id], None),
            1 => place(ids[id], Some("its place is not free")),
            _ => {
                let state = states[usize::from(what) % 4];
                Report::WorkOrder(work_order(ids[id], revision, state, revision))
            }
        });
        let shifts = (1i64..).zip(volunteers).map(|(revision, (signed_in, accepted, is_cancelled))| {
            Report::Shift(Shift { is_cancelled, accepted, signed_in, ..shift("ushers", revision / 2) })
        });
        let openings = (1i64..).zip(visitors).map(|(revision, (phase, delay))| {
            Report::Opening(opening(phases[usize::from(phase) % 5], delay, revision))
        });
        [activities.collect(), places.collect(), shifts.collect(), openings.collect()]
    }

    proptest! {
        /// Whichever service is heard first, the run sheet is the same, as long as each is heard in its own order.
        #[test]
        fn the_order_of_the_logs_makes_no_difference(
            scheduling in prop::collection::vec(scheduling(), 0..20),
            venues in prop::collection::vec((0usize..3, 0u8..6), 0..20),
            volunteers in prop::collection::vec((0i32..3, 0i32..4, any::<bool>()), 0..20),
            visitors in prop::collection::vec((0u8..5, 0i64..90), 0..20),
            turns in prop::collection::vec(0usize..4, 80),
        ) {
            let mut waiting = logs(scheduling, venues, volunteers, visitors);
            let one_after_the_other = sheet(waiting.iter().flatten().cloned());
            let mut interleaved = Sheet::new();
            for turn in turns {
                if let Some(report) = waiting[turn].pop_front() {
                    hear(&mut interleaved, &report);
                }
            }
            for report in waiting.iter().flatten() {
                hear(&mut interleaved, report);
            }
            prop_assert_eq!(interleaved, one_after_the_other);
        }

        /// A report that is heard again changes nothing, unless something newer was heard since.
        #[test]
        fn a_repeat_changes_nothing(scheduling in prop::collection::vec(scheduling(), 1..20)) {
            let [activities, ..] = logs(scheduling, vec![], vec![], vec![]);
            let mut heard = sheet(activities.iter().cloned());
            let before = heard.clone();
            for report in &activities {
                hear(&mut heard, report);
            }
            prop_assert_eq!(heard, before);
        }
    }
}
