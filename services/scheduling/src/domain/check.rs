//! Checking a schedule against rules. Pure: everything a rule looks at is in the [`Timetable`].
//!
//! | file | subject |
//! |---|---|
//! | `rule` | a rule: what it looks at, its limit, its scope |
//! | `limit` | limits that the timetable engine decides |
//! | `timetable`, `slot` | what is checked; slots such as `winner of m37`, and the matches that decide them |
//! | `report`, `words` | what came of a rule; moments, lengths and names in sentences |
//! | `places`, `opening` | zones needed twice, or held by others; opening hours |
//! | `sessions`, `venue_days` | sessions at one venue; matches of a venue and day |
//! | `twice`, `rest` | a team or an official in two places; rest of a team |
//! | `groups`, `knockout` | last matches of a group; matches after those that feed them |
//! | `names` | names that name nothing |
//!
//! A rule that finds nothing to look at is *not applicable* and says why: it never passes silently.

mod groups;
mod knockout;
pub mod limit;
mod names;
mod opening;
mod places;
pub mod report;
mod rest;
pub mod rule;
mod sessions;
pub mod slot;
#[cfg(test)]
pub(super) mod testing;
pub mod timetable;
mod twice;
mod venue_days;
pub(super) mod words;

use report::{Finding, Report};
use rule::{Kind, Rule, Severity};
use timetable::Timetable;

/// Checks a timetable against each of the rules, in their order. `None` where the timetable engine decides.
#[must_use]
pub fn check(rules: &[Rule], timetable: &Timetable) -> Vec<Option<Report>> {
    rules.iter().map(|rule| Report::of(rule, || find(rule, timetable))).collect()
}

fn find(rule: &Rule, timetable: &Timetable) -> Option<Finding> {
    let scope = &rule.scope;
    Some(match &rule.kind {
        Kind::PlaceDoubleBooked => places::double_booked(scope, timetable),
        Kind::PlaceHeldByOthers => places::held_by_others(scope, timetable),
        Kind::SessionsOverlap { between } => sessions::overlap(*between, scope, timetable),
        Kind::TeamInTwoPlaces => twice::teams(scope, timetable),
        Kind::OfficialInTwoPlaces => twice::officials(scope, timetable),
        Kind::Rest(rest) => rest::check(*rest, scope, timetable),
        Kind::LastGroupMatchesTogether => groups::last_together(scope, timetable),
        Kind::KnockoutAfterFeeders { gap } => knockout::after_feeders(*gap, scope, timetable),
        Kind::MatchesPerVenueAndDay { most } => venue_days::at_most(*most, scope, timetable),
        Kind::OpeningHours(window) => opening::within(*window, scope, timetable),
        Kind::NamesKnown => names::known(scope, timetable),
        Kind::ZonesKnown => names::zones_known(scope, timetable),
        Kind::Timetable(_) => return None,
    })
}

impl Report {
    fn of(rule: &Rule, find: impl FnOnce() -> Option<Finding>) -> Option<Self> {
        match rule.severity {
            Severity::Off => Some(Self::off()),
            Severity::Hard | Severity::Soft { .. } => find().map(Self::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{report::Outcome, testing::*, *};

    #[test]
    fn a_rule_that_is_off_is_not_checked_and_says_so() {
        let timetable = timetable(vec![game("m1", 0, "a", "b"), game("m2", 60, "a", "c")]);
        let rule = |severity| Rule { severity, ..hard(Kind::TeamInTwoPlaces) };
        let reports = check(&[rule(Severity::Off), rule(Severity::Soft { weight: 5 })], &timetable);
        let outcomes: Vec<Outcome> = reports.into_iter().flatten().map(|report| report.outcome).collect();
        assert_eq!(outcomes, [Outcome::Off, Outcome::Violated]);
    }

    #[test]
    fn an_empty_timetable_passes_nothing_silently() {
        for kind in every_kind() {
            let report = report(kind.clone(), &timetable(vec![]));
            assert_eq!(report.outcome, Outcome::NotApplicable, "{kind:?}");
            assert!(!report.why.is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn a_scope_that_holds_nothing_passes_nothing_silently() {
        let games = vec![game("m1", 0, "a", "b"), game("m2", 60, "a", "c")];
        for kind in every_kind() {
            let mut rule = hard(kind.clone());
            rule.scope.competitions = vec!["veterans".into()];
            let report = check(&[rule], &timetable(games.clone())).remove(0).expect("it is decided here");
            assert_eq!(report.outcome, Outcome::NotApplicable, "{kind:?}: {}", report.why);
        }
    }
}
