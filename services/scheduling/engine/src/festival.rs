//! A youth festival to try the engine on: many teams, short matches, few days. The same seed gives the same festival.
//!
//! Eight age classes of sixteen teams play in groups of four, then for a gold cup (first two of each group) and a
//! silver cup (the others). Small classes play on small pitches and not in the evening, finals are on the main pitch
//! on the last day, some pitches are booked or closed for a while, and every match has a crew.

use crate::model::{
    Closure, Day, Fixed, Instance, Kind, Match, Minute, Official, Pitch, Rule, Scope, Severity, Side, Span,
    Team,
};
use crate::random::Dice;

const DAY: Minute = 1440;
const DAYS: Minute = 5;
const CLASSES: usize = 8;
const TEAMS: usize = 16;
const PITCHES: usize = 16;
/// Small pitches: the last ones.
const SMALL: usize = 6;
const CREWS: usize = 48;
const FIRST: Minute = 510;
/// Kick-offs of a day, an hour apart.
const SLOTS: Minute = 11;
/// Two halves of 20 minutes and a break.
const LENGTH: Minute = 45;
const OCCUPIED: Minute = 55;

/// Makes the festival: 128 teams, 16 pitches, five days, 320 matches.
#[must_use]
pub fn festival(seed: u64) -> Instance {
    let mut dice = Dice::new(seed);
    let matches = (0..CLASSES).fold(Vec::new(), |mut matches, class| {
        cups(&mut matches, class, &mut dice);
        matches
    });
    let pitches: Vec<Pitch> = (0..PITCHES).map(|number| pitch(number, &mut dice)).collect();
    Instance {
        name: format!("festival-{seed}"),
        days: (0..DAYS).map(|day| Day { label: format!("day {}", day + 1), start: day * DAY }).collect(),
        end: DAYS * DAY,
        kick_offs: (0..DAYS)
            .flat_map(|day| (0..SLOTS).map(move |slot| day * DAY + FIRST + slot * 60))
            .collect(),
        teams: (0..CLASSES * TEAMS).map(|number| team(number, &mut dice)).collect(),
        fixed: bookings(&mut dice),
        officials: (0..CREWS)
            .map(|number| Official {
                id: format!("crew-{number}"),
                country: String::new(),
                conflicts: vec![dice.below(CLASSES * TEAMS)],
                away: Vec::new(),
            })
            .collect(),
        rules: rules(),
        pitches,
        matches,
        ..Instance::default()
    }
}

fn class(number: usize) -> String {
    format!("u{}", 10 + number)
}

/// The three youngest classes.
fn is_young(class: usize) -> bool {
    class < 3
}

fn team(number: usize, dice: &mut Dice) -> Team {
    let away = dice.below(40);
    Team {
        id: format!("{}-{}", class(number / TEAMS), number % TEAMS + 1),
        competition: class(number / TEAMS),
        country: String::new(),
        people: small(18 + dice.below(8)),
        travel: (0..PITCHES).map(|pitch| small(5 + away + if is_far(pitch) { 15 } else { 0 })).collect(),
    }
}

/// A quarter of the pitches lie on the other side of the town.
fn is_far(pitch: usize) -> bool {
    pitch % 4 == 3
}

fn pitch(number: usize, dice: &mut Dice) -> Pitch {
    let closed = (dice.below(4) == 0).then(|| {
        let start = small_minute(dice.below(5)) * DAY + FIRST + small_minute(dice.below(8)) * 60;
        Closure { span: Span { start, end: start + 180 }, why: "the grass rests".to_owned() }
    });
    Pitch {
        id: if number == 0 { "main".to_owned() } else { format!("pitch-{number}") },
        venue: if is_far(number) { "riverside".to_owned() } else { "park".to_owned() },
        site: "town".to_owned(),
        open: (0..DAYS)
            .map(|day| Span { start: day * DAY + FIRST, end: day * DAY + FIRST + SLOTS * 60 })
            .collect(),
        closed: closed.into_iter().collect(),
        surface: String::new(),
        capacity: 0,
        floodlit: true,
        reserve: false,
        warm_up_area: None,
    }
}

/// Training of others, at random.
fn bookings(dice: &mut Dice) -> Vec<Fixed> {
    (0..12)
        .map(|number| {
            let start = small_minute(dice.below(4)) * DAY + FIRST + small_minute(dice.below(10)) * 60;
            let span = Span { start, end: start + 60 };
            let title = "training of the local club".to_owned();
            Fixed { id: format!("training-{number}"), title, pitch: 1 + dice.below(PITCHES - 1), span }
        })
        .collect()
}

/// The groups and cups of a class.
fn cups(matches: &mut Vec<Match>, number: usize, dice: &mut Dice) {
    const PAIRS: [(usize, usize); 6] = [(0, 1), (2, 3), (0, 2), (1, 3), (0, 3), (1, 2)];
    let mut draw: Vec<usize> = (number * TEAMS..(number + 1) * TEAMS).collect();
    dice.shuffle(&mut draw);
    let mut groups = Vec::new();
    for (group, teams) in ["A", "B", "C", "D"].into_iter().zip(draw.chunks(4)) {
        groups.push(matches.len());
        for (place, (home, away)) in PAIRS.into_iter().enumerate() {
            let sides = [Side::Team(teams[home]), Side::Team(teams[away])];
            let game = game(number, "group", &format!("{group}{place}"), sides);
            matches.push(Match { group: group.to_owned(), round: small(place / 2 + 1), ..game });
        }
    }
    for (cup, best) in [("gold", 1), ("silver", 3)] {
        let rank = |group: usize, rank: u32| Side::Rank { of: groups[group], rank };
        let mut add = |stage: &str, id: &str, sides| {
            matches.push(game(number, &format!("{cup}-{stage}"), &format!("{cup}-{id}"), sides));
            matches.len() - 1
        };
        let quarters = [(0, 1), (1, 0), (2, 3), (3, 2)].map(|(one, other)| {
            let id = format!("q{}", one + 1);
            add("quarter-final", &id, [rank(one, best), rank(other, best + 1)])
        });
        let semis = [(0, 2, "s1"), (1, 3, "s2")].map(|(one, other, id)| {
            add("semi-final", id, [Side::Winner(quarters[one]), Side::Winner(quarters[other])])
        });
        add("third-place", "third", semis.map(Side::Loser));
        add("final", "final", semis.map(Side::Winner));
    }
}

fn game(number: usize, stage: &str, id: &str, sides: [Side; 2]) -> Match {
    let pitches = if is_young(number) { PITCHES - SMALL..PITCHES } else { 0..PITCHES - SMALL };
    let is_final = ["gold-final", "silver-final"].contains(&stage);
    Match {
        id: format!("{}-{id}", class(number)),
        competition: class(number),
        stage: stage.to_owned(),
        group: String::new(),
        round: 0,
        sides,
        length: LENGTH,
        set_up: 0,
        occupied: OCCUPIED,
        crowd: if is_final { 300 } else { 60 },
        people: 6,
        kick_offs: None,
        pitches: Some(if stage == "gold-final" { vec![0] } else { pitches.collect() }),
        pinned: None,
        appointed: Vec::new(),
        crews: 1,
    }
}

fn rules() -> Vec<Rule> {
    let rule = |id: &str, kind, severity, scope| Rule {
        id: id.to_owned(),
        kind,
        severity,
        scope,
        source: String::new(),
        assumed: true,
    };
    let stages = |stages: &[&str]| Scope {
        stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
        ..Scope::default()
    };
    let young = Scope {
        competitions: (0..CLASSES).filter(|one| is_young(*one)).map(class).collect(),
        ..Scope::default()
    };
    let hard = Severity::Hard;
    let soft = |weight| Severity::Soft { weight };
    vec![
        rule("rest", Kind::RestKickOff(150), hard, Scope::default()),
        rule("last-group-matches", Kind::LastGroupMatchesTogether, hard, Scope::default()),
        rule("young-by-day", Kind::KickOffWithin { from: 0, until: 1020 }, hard, young),
        rule("groups-first", Kind::OnDays(vec![0, 1, 2]), hard, stages(&["group"])),
        rule("finals-last", Kind::OnDays(vec![4]), hard, stages(&["gold-final", "silver-final"])),
        rule("pitch-8", Kind::MatchesPerPitchAndDay(8), hard, Scope::default()),
        rule("crew-4-a-day", Kind::OfficialMatchesPerDay(4), hard, Scope::default()),
        rule("crew-rest", Kind::OfficialRest(90), hard, Scope::default()),
        rule("crew-neutral", Kind::OfficialNeutral, hard, Scope::default()),
        rule("equal-rest", Kind::EqualRest, soft(1), Scope::default()),
        rule("travel", Kind::Travel(40), soft(2), Scope::default()),
        rule("not-early", Kind::KickOffWithin { from: 540, until: DAY }, soft(10), Scope::default()),
    ]
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn small_minute(count: usize) -> Minute {
    Minute::try_from(count).unwrap_or(Minute::MAX)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::festival;
    use crate::check::check;
    use crate::outcome::{Budget, Outcome};
    use crate::solve::feasible;
    use crate::validate::validate;

    #[test]
    fn a_festival_has_no_fault_and_a_timetable() {
        let instance = festival(1);
        assert_eq!(instance, festival(1));
        assert_ne!(instance, festival(2));
        assert_eq!((instance.teams.len(), instance.pitches.len(), instance.matches.len()), (128, 16, 320));
        assert_eq!(validate(&instance), []);
        let budget = Budget { seed: 1, conflicts: 0, rounds: 2_000 };
        let outcome = feasible(&instance, budget, &mut |_| ControlFlow::Continue(()));
        let (Outcome::Best { found, .. } | Outcome::Optimal(found)) = outcome else { panic!("{outcome:?}") };
        let report = check(&instance, &found.timetable);
        assert!(report.is_clean(), "{:?}", report.broken().collect::<Vec<_>>());
        assert_eq!(report.cost, found.cost);
    }
}
