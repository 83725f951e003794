//! Checks a timetable, whoever made it. It shares no code with the search: it reads the [model](crate::model) alone,
//! so that a defect of the one is seen by the other.
//!
//! | file | subject |
//! |---|---|
//! | `report` | what comes out |
//! | `tournament`, `bracket` | what is known before a timetable is seen: what rules are about, which matches decide who plays others, which ones the same team may play |
//! | `played`, `words` | the timetable as it is read; moments, lengths and names in sentences |
//! | `places`, `pitches` | every match has a place; pitches are open, not closed, not booked, and hold one match at a time |
//! | `rest`, `starts` | two matches of a team; kick-offs together, in order, and equal rest |
//! | `single`, `sums`, `shares`, `sessions`, `officials` | the other rules |
//!
//! To add a kind of rule: a function in the file of its subject that gives a `Finding`, and its line in `find`. What
//! finds nothing to look at is *not applicable* and says why: it never passes silently.

mod bracket;
mod officials;
mod pitches;
mod places;
pub(crate) mod played;
pub mod report;
mod rest;
mod sessions;
mod shares;
mod single;
mod starts;
mod sums;
pub(crate) mod tournament;
mod words;

use crate::model::{Instance, Kind, Rule, Severity, Timetable};

use played::Played;
use report::Finding;
pub use report::{Figure, Outcome, Report, RuleReport, Violation};
use tournament::{Reach, Tournament};

/// Something that always holds.
type Law = (&'static str, fn(&Played) -> Finding);

/// What always holds, whatever the rules say.
const LAWS: [Law; 15] = [
    ("always-placed", places::placed),
    ("always-kick-off-allowed", places::kick_offs),
    ("always-pitch-allowed", places::pitches),
    ("always-pins-kept", places::pins),
    ("always-open", pitches::open),
    ("always-not-closed", pitches::closed),
    ("always-not-booked", pitches::booked),
    ("always-one-match-on-a-pitch", pitches::one_at_a_time),
    ("always-one-match-in-a-warm-up-area", pitches::warm_ups),
    ("always-one-match-of-a-team", rest::one_at_a_time),
    ("always-after-what-decides-it", rest::after_deciders),
    ("always-crews-appointed", officials::crews),
    ("always-appointed-stay", officials::appointed),
    ("always-officials-present", officials::present),
    ("always-one-match-of-an-official", officials::one_at_a_time),
];

/// What always holds for matches that have begun, too: they stay as they are.
const OF_THE_PAST: [&str; 3] = ["always-placed", "always-pins-kept", "always-appointed-stay"];

/// Checks a timetable against everything that always holds and every rule of its instance.
///
/// The instance has no fault that [`validate`](crate::validate::validate) finds; the timetable may be any. A match
/// without a place within the tournament breaks `always-placed` and is not looked at any further. Matches called off
/// are not looked at at all.
#[must_use]
pub fn check(instance: &Instance, timetable: &Timetable) -> Report {
    let tournament = Tournament::new(instance);
    let played = Played::new(&tournament, timetable, None);
    let mut report = Report { rules: Vec::new(), hard: 0, cost: 0 };
    for (id, severity, finding) in findings(&played) {
        match severity {
            Severity::Hard => report.hard += finding.violations.len(),
            Severity::Soft { weight } => {
                report.cost = report.cost.saturating_add(weight.saturating_mul(finding.units()));
            }
            Severity::Off => {}
        }
        report.rules.push(finding.report(id, severity));
    }
    report
}

/// Whether a timetable keeps what must hold, at the cost that is said of it. What the search finds is given out only
/// when it passes.
pub(crate) fn passes(instance: &Instance, timetable: &Timetable, cost: i64) -> bool {
    let report = check(instance, timetable);
    let passes = report.is_clean() && report.cost == cost;
    debug_assert!(
        passes,
        "the search says {cost}, the check {}: {:#?}",
        report.cost,
        report.broken().collect::<Vec<_>>()
    );
    passes
}

/// Looks at everything that always holds, and then at each rule: its id, how much it matters, what was found.
pub(crate) fn findings<'t>(played: &Played<'t>) -> impl Iterator<Item = (&'t str, Severity, Finding)> {
    let tournament = played.tournament;
    let laws = LAWS.iter().map(|(id, law)| {
        let finding = law(played);
        (*id, Severity::Hard, if OF_THE_PAST.contains(id) { finding } else { to_come(played, finding) })
    });
    let rules = tournament.instance.rules.iter().zip(&tournament.reaches);
    laws.chain(rules.map(|(rule, reach)| (rule.id.as_str(), rule.severity, find(rule, reach, played))))
}

/// What was found, without what matches that have begun break by themselves.
fn to_come(played: &Played, mut finding: Finding) -> Finding {
    finding.violations.retain(|violation| !played.is_past(&violation.matches));
    finding
}

/// Looks at a rule.
fn find(rule: &Rule, reach: &Reach, played: &Played) -> Finding {
    if rule.severity == Severity::Off {
        return Finding::off();
    }
    let finding = match &rule.kind {
        Kind::RestCalendarDays(_) | Kind::RestKickOff(_) | Kind::RestWhistle(_) | Kind::TeamOnceADay => {
            rest::rest(played, reach, &rule.kind)
        }
        Kind::LastGroupMatchesTogether => starts::last_of_groups(played, reach),
        Kind::Together(ids) => starts::together(played, reach, ids),
        Kind::InOrder(ids) => starts::in_order(played, reach, ids),
        Kind::EqualRest => starts::equal_rest(played, reach),
        Kind::MatchesPerPitchAndDay(most) => sums::of_pitch_and_day(played, reach, *most),
        Kind::MatchesPerVenueAndDay(most) => sums::of_venue_and_day(played, reach, *most),
        Kind::WeeklyWear { surface, most } => sums::wear(played, reach, surface, *most),
        Kind::CrowdAtOnce(most) => sums::crowd_at_once(played, reach, *most),
        Kind::KickOffWithin { from, until } => single::kick_off_within(played, reach, *from, *until),
        Kind::CrowdWithin { from, until, crowd } => {
            single::crowd_within(played, reach, (*from, *until), *crowd)
        }
        Kind::NotOnDays(days) => single::days(played, reach, days, false),
        Kind::OnDays(days) => single::days(played, reach, days, true),
        Kind::OnPitches(pitches) => single::pitches(played, reach, pitches),
        Kind::Travel(most) => single::travel(played, reach, *most),
        Kind::Notice { crowd, minutes, now } => single::notice(played, reach, *crowd, (*minutes, *now)),
        Kind::FitsCapacity => single::capacity(played, reach),
        // Shares look at what counts alone, and know themselves what is past.
        Kind::ShareOfPrimeTime { from, until } => return shares::of_time(played, reach, *from, *until),
        Kind::ShareOfPitches(pitches) => return shares::of_pitches(played, reach, pitches),
        Kind::SessionsApart(minutes) => sessions::apart(played, reach, *minutes),
        Kind::OfficialMatchesPerDay(most) => officials::at_most(played, reach, *most, true),
        Kind::OfficialMatches(most) => officials::at_most(played, reach, *most, false),
        Kind::OfficialRest(minutes) => officials::rest(played, reach, *minutes),
        Kind::OfficialNeutral => officials::neutral(played, reach),
    };
    to_come(played, finding)
}
