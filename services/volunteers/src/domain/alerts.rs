//! What is wrong with a shift: limits that it, or the work of somebody on it, breaks.

use std::{collections::BTreeSet, fmt};

use matchday_kernel::Interval;

use super::{
    duty::Duty,
    limits::{Broken, Limits},
};

/// A limit that is broken, for everybody for whom it is with the same numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alert {
    /// The limit: `SHIFT_TOO_LONG`, `DAY_TOO_LONG`, `REST_TOO_SHORT`.
    pub code: String,
    /// What is wrong, with its numbers.
    pub description: String,
    /// Names of the volunteers it concerns; empty when it concerns the shift.
    pub volunteers: BTreeSet<String>,
}

/// The alerts of a shift. As text: one to a line, code, names and description separated by tabs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alerts(Vec<Alert>);

impl Alerts {
    /// Reads the text that [`Display`](fmt::Display) writes.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let alert = |line: &str| {
            let mut parts = line.splitn(3, '\t').map(str::to_owned);
            let (code, names) = (parts.next()?, parts.next()?);
            let volunteers = names.split_whitespace().map(str::to_owned).collect();
            Some(Alert { code, volunteers, description: parts.next()? })
        };
        Self(text.lines().filter_map(alert).collect())
    }

    /// Each alert, in a steady order.
    pub fn iter(&self) -> impl Iterator<Item = &Alert> {
        self.0.iter()
    }

    fn add(&mut self, broken: &Broken, volunteer: Option<&str>) {
        let (code, description) = (broken.what.code(), broken.to_string());
        let known = self.0.iter().position(|alert| alert.code == code && alert.description == description);
        let index = known.unwrap_or_else(|| {
            self.0.push(Alert { code: code.to_owned(), description, volunteers: BTreeSet::new() });
            self.0.len() - 1
        });
        self.0[index].volunteers.extend(volunteer.map(str::to_owned));
        self.0.sort();
    }

    /// Looks at the shift itself anew.
    pub fn look_at_shift(&mut self, limits: &Limits, time: &Interval) {
        self.0.retain(|alert| !alert.volunteers.is_empty());
        if let Some(broken) = limits.broken_by_shift(time) {
            self.add(&broken, None);
        }
    }

    /// Looks anew at somebody on the shift, with all the work of that person.
    pub fn look_at(
        &mut self,
        volunteer: &str,
        limits: &Limits,
        shift: &str,
        time: &Interval,
        duties: &[Duty],
    ) {
        self.forget(volunteer);
        let days = limits.days(time);
        for broken in limits.broken_by_person(shift, time, &days, duties) {
            self.add(&broken, Some(volunteer));
        }
    }

    /// Forgets somebody who is not on the shift any more.
    pub fn forget(&mut self, volunteer: &str) {
        self.0.retain_mut(|alert| !alert.volunteers.remove(volunteer) || !alert.volunteers.is_empty());
    }
}

impl fmt::Display for Alerts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Alert { code, description, volunteers } in &self.0 {
            let names: Vec<&str> = volunteers.iter().map(String::as_str).collect();
            writeln!(f, "{code}\t{}\t{description}", names.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{assignment::State, duty::tests::duty, limits::tests::limits, shift::tests::between};

    const SHIFT: &str = "tournaments/t/shifts/x";

    #[test]
    fn those_with_the_same_numbers_share_an_alert_and_leave_it() {
        let (limits, time) = (limits(false), between(600, 1140));
        let mut alerts = Alerts::default();
        alerts.look_at_shift(&limits, &time);
        for volunteer in ["v2", "v1"] {
            alerts.look_at(volunteer, &limits, SHIFT, &time, &[duty("a", 480, 600, State::Accepted)]);
        }
        let said: Vec<(&str, usize)> =
            alerts.iter().map(|one| (one.code.as_str(), one.volunteers.len())).collect();
        assert_eq!(said, [("DAY_TOO_LONG", 2), ("SHIFT_TOO_LONG", 0)]);
        assert_eq!(Alerts::read(&alerts.to_string()), alerts);
        alerts.forget("v1");
        alerts.look_at("v2", &limits, SHIFT, &time, &[]);
        assert_eq!(alerts.iter().count(), 1, "only the shift is too long");
        alerts.look_at_shift(&limits, &between(600, 700));
        assert_eq!(alerts, Alerts::default());
    }
}
