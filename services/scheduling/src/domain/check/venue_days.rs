//! How many matches a venue has on one day.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::civil::Date;

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    timetable::{Activity, Timetable},
    words,
};

/// Most venues that a resolution names.
const MOST_NAMED: usize = 5;

/// No venue has more matches on a day of the tournament's calendar.
pub(super) fn at_most(most: u32, scope: &Scope, timetable: &Timetable) -> Finding {
    let mut days: BTreeMap<(&str, Date), Vec<&Activity>> = BTreeMap::new();
    for (activity, _) in timetable.matches().filter(|(activity, _)| scope.covers(activity)) {
        let day = timetable.zone.local_date(activity.time.start());
        days.entry((activity.venue(), day)).or_default().push(activity);
    }
    let venues: BTreeSet<&str> = days.keys().map(|(venue, _)| *venue).collect();
    let has_room =
        |venue: &str, day: Date| days.get(&(venue, day)).is_none_or(|matches| matches.len() < most as usize);
    let too_many = days.iter().filter(|(_, matches)| matches.len() > most as usize);
    let violations = too_many
        .map(|((venue, day), matches)| {
            let free: Vec<String> = venues
                .iter()
                .filter(|venue| has_room(venue, *day))
                .take(MOST_NAMED)
                .map(|venue| words::place(venue))
                .collect();
            crowded(venue, *day, matches, most, &free, timetable)
        })
        .collect();
    let none = "no match that the rule is about takes place";
    Finding::among(days.len(), "days of a venue", none, violations)
}

fn crowded(
    venue: &str,
    day: Date,
    matches: &[&Activity],
    most: u32,
    free: &[String],
    timetable: &Timetable,
) -> Violation {
    let starts: Vec<String> = matches.iter().map(|activity| timetable.starting(activity)).collect();
    let number = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let names = matches.iter().map(|activity| activity.name.clone());
    let elsewhere = match free {
        [] => "no other venue of the schedule has room on that day".to_owned(),
        free => format!("with room on that day: {}", words::listed(free)),
    };
    Violation {
        at: matches[0].time.start(),
        resources: names.chain([venue.to_owned()]).collect(),
        figures: vec![
            Figure::count("matches", number(matches.len()), "matches"),
            Figure::count("most", number(most as usize), "matches"),
        ],
        sentence: format!(
            "{} has {} matches on {day}, at most {most} allowed: {}",
            words::place(venue),
            matches.len(),
            words::listed(&starts),
        ),
        resolution: format!(
            "give {} of them another venue or another day; {elsewhere}",
            matches.len() - most as usize
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{rule::Kind, testing::*};

    const KIND: Kind = Kind::MatchesPerVenueAndDay { most: 1 };

    #[test]
    fn two_on_one_day_are_told_with_both_kick_offs_and_where_there_is_room() {
        let games = vec![
            game("m1", 18 * 60, "korea", "portugal"),
            game("m2", 22 * 60, "cameroon", "brazil"),
            at_venue("v2", game("m3", 18 * 60, "ghana", "uruguay")),
            at_venue("v3", game("m4", 48 * 60, "a", "b")),
        ];
        let report = broken(KIND, 1, &timetable(games.clone()));
        let violation = &report.violations[0];
        for words in ["s/v1 has 2 matches on 2023-10-21", "at 2023-10-21 18:00", "at 2023-10-21 22:00"] {
            assert!(violation.sentence.contains(words), "{}", violation.sentence);
        }
        assert!(violation.resolution.ends_with("with room on that day: s/v3"), "{}", violation.resolution);
        assert_eq!(report.looked_at, 3);
        holds(Kind::MatchesPerVenueAndDay { most: 2 }, &timetable(games));
    }

    #[test]
    fn the_day_is_one_of_the_tournaments_calendar() {
        // 00:30 of the next day in Shanghai is 16:30 of the same day in UTC
        let games = vec![game("m1", 18 * 60, "a", "b"), game("m2", 24 * 60 + 30, "c", "d")];
        holds(KIND, &timetable(games));
    }
}
