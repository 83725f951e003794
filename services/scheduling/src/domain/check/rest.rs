//! Rest of a team between two matches, counted in three ways.
//!
//! Two kinds of pairs are looked at. Matches that name a team: each with the next one that names it. Matches
//! with a slot: whoever takes it has played the match that decides it, or is one of the teams of the group that
//! does; so every team that may take it is covered, and no pair that no team can play.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use matchday_kernel::{Instant, SignedDuration, Zone};

use super::{
    report::{Figure, Finding, Violation},
    rule::{Rest, Scope},
    slot::Slot,
    timetable::{Activity, Side, Timetable},
    words,
};

/// Most last matches of a group that are looked at for one place in it: the latest ones. Whoever rests long
/// enough after these rests longer after the others.
const LATEST: usize = 32;

/// Two matches that one team plays, or may play.
struct Pair<'a> {
    earlier: &'a Activity,
    later: &'a Activity,
    /// The slot of the later one that the team takes, where it is not named.
    slot: Option<&'a Slot>,
    /// Names of the teams, where they are known.
    teams: Vec<&'a str>,
}

impl Pair<'_> {
    /// Who plays both, or may.
    fn who(&self, timetable: &Timetable) -> String {
        let called: Vec<String> = self.teams.iter().map(|team| timetable.team_called(team)).collect();
        match self.slot {
            None => format!("{} plays", words::one_of(&called)),
            Some(slot) if called.is_empty() => format!("the {} plays", slot.text()),
            Some(slot) => format!("{}, as {}, may play", words::one_of(&called), slot.text()),
        }
    }
}

/// Every team rests between its matches.
pub(super) fn check(rest: Rest, scope: &Scope, timetable: &Timetable) -> Finding {
    let pairs: Vec<Pair<'_>> = named(timetable)
        .into_iter()
        .chain(through_slots(timetable))
        .filter(|pair| scope.covers(pair.later))
        .collect();
    let is_broken = |pair: &&Pair<'_>| rest.is_too_short(pair.earlier, pair.later, &timetable.zone);
    let violations = pairs.iter().filter(is_broken).map(|pair| too_short(rest, pair, timetable)).collect();
    let none = "no team plays two matches that the rule is about";
    Finding::among(pairs.len(), "pairs of matches of one team", none, violations)
}

/// The matches that name a team, each with the next.
fn named(timetable: &Timetable) -> Vec<Pair<'_>> {
    let mut last: BTreeMap<&str, &Activity> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (later, played) in timetable.matches() {
        let teams: BTreeSet<&str> = played.sides.iter().filter_map(Side::team).collect();
        for team in teams {
            if let Some(earlier) = last.insert(team, later) {
                pairs.push(Pair { earlier, later, slot: None, teams: vec![team] });
            }
        }
    }
    pairs
}

/// The matches with a slot, each with those that whoever takes it has played last.
fn through_slots(timetable: &Timetable) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    let mut groups: BTreeMap<(&str, &str), Vec<Last<'_>>> = BTreeMap::new();
    for (later, played) in timetable.matches() {
        for side in &played.sides {
            let Side::Slot(slot) = side else { continue };
            match slot {
                Slot::OfMatch { .. } => {
                    let fed = timetable.feeders(slot);
                    pairs.extend(fed.map(|earlier| Pair { earlier, later, slot: Some(slot), teams: vec![] }));
                }
                Slot::OfGroup { competition, group, .. } => {
                    let lasts = groups.entry((competition, group)).or_insert_with(|| lasts(slot, timetable));
                    pairs.extend(lasts.iter().map(|Last { activity, teams }| Pair {
                        earlier: activity,
                        later,
                        slot: Some(slot),
                        teams: teams.clone(),
                    }));
                }
                Slot::Unread { .. } => {}
            }
        }
    }
    // a match that waits for itself is a matter of the knockout
    pairs.retain(|pair| pair.earlier.name != pair.later.name);
    pairs
}

/// A match of a group that is the last one of some of its teams.
struct Last<'a> {
    activity: &'a Activity,
    teams: Vec<&'a str>,
}

/// The last matches of the teams of a group, the latest first.
fn lasts<'a>(slot: &Slot, timetable: &'a Timetable) -> Vec<Last<'a>> {
    let mut last: BTreeMap<&str, &Activity> = BTreeMap::new();
    for activity in timetable.feeders(slot) {
        let sides = activity.played.iter().flat_map(|played| &played.sides);
        last.extend(sides.filter_map(Side::team).map(|team| (team, activity)));
    }
    let mut matches: BTreeMap<(Reverse<Instant>, &str), Last<'_>> = BTreeMap::new();
    for (team, activity) in last {
        let key = (Reverse(activity.time.end()), activity.name.as_str());
        matches.entry(key).or_insert_with(|| Last { activity, teams: Vec::new() }).teams.push(team);
    }
    matches.into_values().take(LATEST).collect()
}

impl Rest {
    fn is_too_short(self, earlier: &Activity, later: &Activity, zone: &Zone) -> bool {
        later.time.start() < self.earliest(earlier, zone)
    }

    /// The earliest kick-off that leaves enough rest.
    fn earliest(self, earlier: &Activity, zone: &Zone) -> Instant {
        match self {
            Self::BetweenKickOffs(least) => earlier.time.start().saturating_add(least),
            Self::AfterWhistle(least) => earlier.time.end().saturating_add(least),
            Self::CalendarDays(least) => {
                let mut day = zone.local_date(earlier.time.start());
                for _ in 0..=least {
                    day = day.tomorrow().unwrap_or(day);
                }
                zone.day(day).start()
            }
        }
    }

    /// What lies between two matches and what must, in words and as figures.
    fn told(self, earlier: &Activity, later: &Activity, zone: &Zone) -> (String, Vec<Figure>) {
        let between_kick_offs = later.time.start().since(earlier.time.start());
        let after_whistle = later.time.start().since(earlier.time.end());
        let hours = |what: &str, is: SignedDuration, least: SignedDuration| {
            let words = format!("{} {what}, {} required", words::length(is), words::length(least));
            (words, Figure::hours("required", least))
        };
        let (words, required) = match self {
            Self::BetweenKickOffs(least) => hours("between the kick-offs", between_kick_offs, least),
            Self::AfterWhistle(least) => hours("from the whistle to the kick-off", after_whistle, least),
            Self::CalendarDays(least) => {
                let days = days_between(earlier.time.start(), later.time.start(), zone);
                let words = format!("{days} whole days between, {least} required");
                let required = Figure::count("required", i32::try_from(least).unwrap_or(i32::MAX), "days");
                return (words, vec![Figure::count("whole days between", days, "days"), required]);
            }
        };
        let figures = vec![
            Figure::hours("between kick-offs", between_kick_offs),
            Figure::hours("whistle to kick-off", after_whistle),
            required,
        ];
        (words, figures)
    }
}

/// Whole days of the calendar between the days of two moments; -1 on the same day.
fn days_between(earlier: Instant, later: Instant, zone: &Zone) -> i32 {
    let hours = zone.local_date(later).duration_since(zone.local_date(earlier)).as_hours();
    i32::try_from(hours / 24 - 1).unwrap_or(i32::MAX)
}

fn too_short(rest: Rest, pair: &Pair<'_>, timetable: &Timetable) -> Violation {
    let Pair { earlier, later, teams, .. } = pair;
    let (told, figures) = rest.told(earlier, later, &timetable.zone);
    let matches = [*earlier, *later].map(|activity| activity.name.clone());
    // who plays is told already: the titles would tell it twice more
    let told_short = |activity: &Activity| {
        format!("{} at {}", words::id(&activity.name), timetable.at(activity.time.start()))
    };
    Violation {
        at: later.time.start(),
        resources: matches.into_iter().chain(teams.iter().map(ToString::to_string)).collect(),
        figures,
        sentence: format!(
            "{} {} and {}: {told}",
            pair.who(timetable),
            told_short(earlier),
            told_short(later)
        ),
        resolution: format!(
            "kick {} off at {} or later, or {} earlier",
            words::id(&later.name),
            timetable.at(rest.earliest(earlier, &timetable.zone)),
            words::id(&earlier.name),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{rule::Kind, testing::*};
    use super::*;

    const DAY: i64 = 24 * 60;

    fn hours(hours: i64) -> SignedDuration {
        SignedDuration::from_hours(hours)
    }

    fn rest(rest: Rest) -> Kind {
        Kind::Rest(rest)
    }

    /// 22 October 16:00, 24 October 19:00, 26 October 16:00: 51 h and 45 h, 49 h 05 and 43 h 05.
    fn frankfurt() -> Timetable {
        timetable(vec![
            game("m1", DAY + 16 * 60, "frankfurt", "b"),
            game("m2", 3 * DAY + 19 * 60, "c", "frankfurt"),
            game("m3", 5 * DAY + 16 * 60, "frankfurt", "d"),
        ])
    }

    #[test]
    fn the_real_gaps_pass_the_calendar_day_and_fail_48_hours_after_the_whistle_once() {
        holds(rest(Rest::CalendarDays(1)), &frankfurt());
        assert_eq!(holds(rest(Rest::BetweenKickOffs(hours(45))), &frankfurt()).looked_at, 2);
        let report = broken(rest(Rest::AfterWhistle(hours(48))), 1, &frankfurt());
        let violation = &report.violations[0];
        assert!(violation.sentence.contains("43 h 5 min from the whistle"), "{}", violation.sentence);
        assert_eq!(violation.resources, [activity("m2"), activity("m3"), team("frankfurt")]);
        assert!(violation.resolution.starts_with("kick m3 off at 2023-10-26 20:55 +08:00 or later"));
    }

    #[test]
    fn a_day_between_is_one_of_the_calendar() {
        // late on one day, early on the next but one
        let near = timetable(vec![game("m1", 23 * 60, "a", "b"), game("m2", 2 * DAY + 60, "a", "c")]);
        holds(rest(Rest::CalendarDays(1)), &near);
        let next = timetable(vec![game("m1", 60, "a", "b"), game("m2", DAY + 23 * 60, "a", "c")]);
        let report = broken(rest(Rest::CalendarDays(1)), 1, &next);
        assert!(report.violations[0].sentence.contains("0 whole days between, 1 required"));
        assert!(report.violations[0].resolution.contains("2023-10-23 00:00 +08:00"));
    }

    #[test]
    fn whoever_takes_a_slot_rests_too() {
        let games = vec![
            game("m1", 0, "a", "b"),
            game("m2", DAY, "winner of m1", "c"),
            game("m3", 4 * DAY, "loser of m1", "d"),
        ];
        let report = broken(rest(Rest::BetweenKickOffs(hours(48))), 1, &timetable(games));
        assert_eq!(report.looked_at, 2);
        assert!(report.violations[0].sentence.starts_with("the winner of m1 plays m1 at"));
    }

    #[test]
    fn every_team_of_a_group_may_take_its_places() {
        let games = vec![
            in_group("A", game("m1", 0, "a", "b")),
            in_group("A", game("m2", 2 * DAY, "b", "c")),
            game("m3", 3 * DAY, "first of group A", "d"),
        ];
        let report = broken(rest(Rest::BetweenKickOffs(hours(48))), 1, &timetable(games));
        // b from m1 to m2; a from m1 to m3; b and c from m2 to m3
        assert_eq!(report.looked_at, 3);
        assert!(report.violations[0].sentence.starts_with("b or c, as first of group A, may play m2"));
        assert_eq!(report.violations[0].resources[2..], [team("b"), team("c")]);
    }

    #[test]
    fn of_a_large_group_the_latest_matches_are_looked_at() {
        let mut games: Vec<Activity> = (0..100)
            .map(|number| {
                let sides = [format!("a{number}"), format!("b{number}")];
                in_group("A", game(&format!("m{number}"), number * 10, &sides[0], &sides[1]))
            })
            .collect();
        games.push(game("final", 2 * DAY, "first of group A", "second of group A"));
        let report = report(rest(Rest::AfterWhistle(hours(24))), &timetable(games));
        assert_eq!(report.looked_at, 2 * LATEST);
        assert!(report.violations.is_empty(), "{report:?}");
    }

    #[test]
    fn a_match_that_waits_for_itself_is_not_a_matter_of_rest() {
        does_not_apply(
            rest(Rest::CalendarDays(1)),
            "no team plays two matches",
            &timetable(vec![game("m1", 0, "winner of m1", "b")]),
        );
    }

    #[test]
    fn one_match_of_each_team_is_nothing_to_check() {
        let once = timetable(vec![game("m1", 0, "a", "b"), game("m2", 10, "c", "winner of x1")]);
        does_not_apply(rest(Rest::CalendarDays(1)), "no team plays two matches", &once);
    }

    proptest! {
        /// The kick-off that a resolution names leaves enough rest, and a minute before it does not.
        #[test]
        fn the_earliest_kick_off_is_the_earliest(from in 0i64..10_000, least in 0i64..100, days in 0u32..5) {
            let earlier = game("m1", from, "a", "b");
            for rest in [Rest::CalendarDays(days), Rest::BetweenKickOffs(hours(least)), Rest::AfterWhistle(hours(least))] {
                let earliest = rest.earliest(&earlier, &zone()).since(at(0)).as_mins();
                let later = |minute| game("m2", minute, "a", "c");
                prop_assert!(!rest.is_too_short(&earlier, &later(earliest), &zone()));
                prop_assert!(rest.is_too_short(&earlier, &later(earliest - 1), &zone()));
                if let Rest::CalendarDays(least) = rest {
                    let days = days_between(earlier.time.start(), at(earliest), &zone());
                    prop_assert_eq!(days, i32::try_from(least).unwrap());
                }
            }
        }
    }
}
