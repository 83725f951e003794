//! Places are used while they are open, set-up and turnaround included.

use matchday_kernel::{
    Instant, LocalTimeError, SignedDuration, Zone,
    civil::{Date, Time},
};

use super::{
    report::{Figure, Finding, Violation},
    rule::{Scope, Window},
    timetable::{Activity, Timetable},
    words,
};

/// Every activity lies within the window of one day.
pub(super) fn within(window: Window, scope: &Scope, timetable: &Timetable) -> Finding {
    let activities: Vec<&Activity> =
        timetable.activities.iter().filter(|activity| scope.covers(activity)).collect();
    let is_outside = |activity: &&&Activity| {
        let today = timetable.zone.local_date(activity.occupation.start());
        let days = [today.yesterday().unwrap_or(today), today];
        !days.into_iter().any(|day| window.on(day, &timetable.zone).holds(activity))
    };
    let violations =
        activities.iter().filter(is_outside).map(|activity| outside(activity, window, timetable));
    let none = "the schedule holds no activity that the rule is about";
    Finding::among(activities.len(), "activities", none, violations.collect())
}

/// The window of one day.
struct Open {
    from: Instant,
    until: Instant,
}

impl Open {
    fn holds(&self, activity: &Activity) -> bool {
        self.from <= activity.occupation.start() && activity.occupation.end() <= self.until
    }
}

impl Window {
    fn on(self, day: Date, zone: &Zone) -> Open {
        let last_day = if self.closes > self.opens { day } else { day.tomorrow().unwrap_or(day) };
        Open { from: moment(day, self.opens, zone), until: moment(last_day, self.closes, zone) }
    }
}

/// The moment at which clocks show a time: the first where they show it twice, the one after the gap where
/// they never do.
fn moment(day: Date, time: Time, zone: &Zone) -> Instant {
    match zone.resolve(day.to_datetime(time)) {
        Ok(moment)
        | Err(
            LocalTimeError::Ambiguous { earlier: moment, .. } | LocalTimeError::Gap { after: moment, .. },
        ) => moment,
        Err(LocalTimeError::OutOfRange { .. }) => zone.day(day).start(),
    }
}

fn outside(activity: &Activity, window: Window, timetable: &Timetable) -> Violation {
    let open = window.on(timetable.zone.local_date(activity.time.start()), &timetable.zone);
    let early = open.from.since(activity.occupation.start()).max(SignedDuration::ZERO);
    let late = activity.occupation.end().since(open.until).max(SignedDuration::ZERO);
    let set_up = activity.time.start().since(activity.occupation.start());
    let turnaround = activity.occupation.end().since(activity.time.end());
    let is_too_long = activity.occupation.duration() > open.until.since(open.from);
    let id = words::id(&activity.name);
    Violation {
        at: activity.time.start(),
        resources: vec![activity.name.clone(), activity.zone.clone()],
        figures: vec![Figure::minutes("before opening", early), Figure::minutes("after closing", late)],
        sentence: format!(
            "{} needs {} from {} until {}, which is open from {} until {}",
            words::called(activity),
            words::place(&activity.zone),
            timetable.at(activity.occupation.start()),
            timetable.at(activity.occupation.end()),
            timetable.at(open.from),
            timetable.at(open.until),
        ),
        resolution: if is_too_long {
            format!("{id} needs longer than the place is open: shorten it, or give it another zone")
        } else {
            format!(
                "start {id} at {} or later, and let it end at {} or earlier",
                timetable.at(open.from.saturating_add(set_up)),
                timetable.at(open.until.saturating_add(-turnaround)),
            )
        },
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::civil::time;

    use super::super::{rule::Kind, testing::*};
    use super::*;

    fn kind(opens: i8, closes: i8) -> Kind {
        Kind::OpeningHours(Window { opens: time(opens, 0, 0, 0), closes: time(closes, 0, 0, 0) })
    }

    #[test]
    fn what_lies_within_is_fine() {
        holds(kind(8, 10), &timetable(vec![game("m1", 8 * 60, "a", "b")]));
    }

    #[test]
    fn too_early_and_too_late_are_told_with_the_times_that_fit() {
        let games = vec![game("m1", 7 * 60, "a", "b"), game("m2", 22 * 60, "a", "b")];
        let report = broken(kind(8, 23), 2, &timetable(games));
        for violation in &report.violations {
            assert!(violation.resolution.contains("at 2023-10-21 08:00 +08:00 or later"));
            assert!(violation.resolution.contains("end at 2023-10-21 23:00 +08:00"));
        }
        let minutes =
            |at: usize| [0, 1].map(|figure| report.violations[at].figures[figure].value.to_string());
        assert_eq!([minutes(0), minutes(1)], [["60", "0"], ["0", "55"]]);
    }

    #[test]
    fn a_window_may_end_after_midnight() {
        let late = |from| timetable(vec![game("m1", from, "a", "b")]);
        holds(kind(8, 1), &late(23 * 60));
        holds(kind(8, 2), &late(24 * 60));
        holds(kind(8, 0), &late(22 * 60));
        broken(kind(8, 0), 1, &late(23 * 60));
    }

    #[test]
    fn what_is_longer_than_the_window_is_told() {
        let report = broken(kind(8, 9), 1, &timetable(vec![game("m1", 8 * 60, "a", "b")]));
        assert!(report.violations[0].resolution.contains("longer than the place is open"));
    }
}
