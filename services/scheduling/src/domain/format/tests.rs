use std::collections::BTreeSet;

use matchday_kernel::{Interval, SignedDuration, civil::time};
use proptest::prelude::*;

use super::*;
use crate::domain::stage;

fn groups_of(sizes: &[usize]) -> BTreeMap<String, Vec<String>> {
    let letters = ('A'..).map(String::from);
    let teams = |group: &String, size: usize| (1..=size).map(|team| format!("{group}{team}")).collect();
    letters.zip(sizes).map(|(group, size)| (group.clone(), teams(&group, *size))).collect()
}

fn groups_format(advancing: usize) -> Format {
    Format::Groups { legs: 1, advancing, knockout: Knockout { last_rank: None, has_byes: false } }
}

fn made(format: &Format, groups: &BTreeMap<String, Vec<String>>) -> Vec<Planned> {
    plan(format, &Draw { competition: "men", groups }).unwrap()
}

#[track_caller]
fn unfit(format: &Format, groups: &BTreeMap<String, Vec<String>>, words: &str) {
    match plan(format, &Draw { competition: "men", groups }) {
        Err(Refusal::FormatUnfit { problem, .. }) => assert!(problem.contains(words), "{problem}"),
        other => panic!("{other:?}"),
    }
}

fn stages(made: &[Planned]) -> BTreeMap<&str, usize> {
    let mut stages = BTreeMap::new();
    for planned in made {
        *stages.entry(planned.stage.as_str()).or_default() += 1;
    }
    stages
}

/// The matches as schedules write them: `m01 A1 – A2`.
fn told(made: &[Planned]) -> Vec<String> {
    let ids: Vec<String> = (1..=made.len()).map(|number| format!("m{number:02}")).collect();
    let side = |entry: &Entry| written(entry, "men", &ids);
    let line = |(id, planned): (&String, &Planned)| {
        format!("{id} {}: {} – {}", planned.stage, side(&planned.sides[0]), side(&planned.sides[1]))
    };
    ids.iter().zip(made).map(line).collect()
}

#[test]
fn the_tournament_of_2023_has_28_and_18_matches() {
    let men = made(&groups_format(2), &groups_of(&[3, 3, 3, 3]));
    let expected = [
        ("group", 12),
        ("quarter-final", 4),
        ("semi-final", 2),
        ("placement 5-8", 2),
        ("placement 9-12", 2),
        ("final", 1),
        ("third place", 1),
        ("fifth place", 1),
        ("seventh place", 1),
        ("ninth place", 1),
        ("eleventh place", 1),
    ];
    assert_eq!(stages(&men), expected.into());
    assert_eq!(men.len(), 28);
    let told = told(&men);
    assert!(
        told.contains(&"m15 quarter-final: first of men's group A – second of men's group B".to_owned()),
        "{told:#?}"
    );
    assert!(told.contains(&"m13 placement 9-12: third of men's group A – third of men's group B".to_owned()));
    assert_eq!(told[27], "m28 final: winner of m23 – winner of m24");
    assert_eq!(told[26], "m27 third place: loser of m23 – loser of m24");

    let women = made(&groups_format(2), &groups_of(&[4, 4]));
    let expected = [
        ("group", 12),
        ("semi-final", 2),
        ("final", 1),
        ("third place", 1),
        ("fifth place", 1),
        ("seventh place", 1),
    ];
    assert_eq!(stages(&women), expected.into());
    assert_eq!(men.len() + women.len(), 46);
}

#[test]
fn with_two_of_a_group_they_meet_again_in_the_final_alone() {
    let format =
        Format::Groups { legs: 1, advancing: 2, knockout: Knockout { last_rank: Some(1), has_byes: false } };
    let told = told(&made(&format, &groups_of(&[3, 3, 3, 3])));
    let expected = [
        "m13 quarter-final: first of men's group A – second of men's group B",
        "m14 quarter-final: first of men's group C – second of men's group D",
        "m15 quarter-final: first of men's group B – second of men's group A",
        "m16 quarter-final: first of men's group D – second of men's group C",
        "m17 semi-final: winner of m13 – winner of m14",
        "m18 semi-final: winner of m15 – winner of m16",
        "m19 final: winner of m17 – winner of m18",
    ];
    assert_eq!(told[12..], expected);
}

#[test]
fn what_does_not_fit_says_why() {
    unfit(&groups_format(2), &groups_of(&[4, 1]), "group B has one team");
    unfit(&groups_format(3), &groups_of(&[4, 2]), "group B has 2 teams, and 3 of each group");
    unfit(&groups_format(2), &groups_of(&[3, 3, 3]), "6 teams are no bracket of 4 or 8");
    unfit(&groups_format(1), &groups_of(&[4]), "a knockout needs two");
    unfit(&groups_format(2), &BTreeMap::new(), "a knockout needs two");
    unfit(
        &groups_format(1),
        &[(String::new(), vec!["a".to_owned()])].into(),
        "1 of its teams are in no group",
    );
    unfit(&Format::League { legs: 2 }, &groups_of(&[1]), "one team");
    unfit(&Format::League { legs: 1 }, &groups_of(&[100]), "they would be 4950");
    let knockout = Knockout { last_rank: None, has_byes: true };
    let seeds = vec!["A1".to_owned(), "A1".to_owned()];
    unfit(&Format::Knockout { knockout, seeds }, &groups_of(&[2]), "2 seeds are not its 2 teams");
}

#[test]
fn the_words_are_those_that_schedules_read() {
    let place = |group: &str| Entry::Place { place: 2, group: group.into() };
    assert_eq!(written(&place("B"), "men", &[]), "second of men's group B");
    for competition in ["men", "World Cup 2018", "the cup", "girls' group 1", "C's", ""] {
        let text = written(&place("B"), competition, &[]);
        let read = Slot::read(&text, competition);
        assert!(
            matches!(&read, Slot::OfGroup { competition: of, group, place: Some(2), .. } if of == competition && group == "B"),
            "{text}: {read:?}"
        );
    }
}

/// Plays everything, the first side winning, and returns the rank of every team that a match decides.
fn ranks(made: &[Planned]) -> BTreeMap<usize, Vec<String>> {
    let mut winners: Vec<[String; 2]> = Vec::new();
    let mut ranks: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (index, planned) in made.iter().enumerate() {
        let sides = planned.sides.clone().map(|side| match side {
            Entry::Team(team) => team,
            Entry::Place { place, group } => format!("{group}{place}"),
            Entry::After { of, is_winner } => {
                assert!(of < index, "what feeds a match has the lower index");
                assert!(made[of].step < planned.step);
                winners[of][usize::from(!is_winner)].clone()
            }
        });
        if let Some(rank) = stage::rank_of(&planned.stage) {
            ranks.entry(rank).or_default().push(sides[0].clone());
            ranks.entry(rank + 1).or_default().push(sides[1].clone());
        }
        winners.push(sides);
    }
    ranks
}

proptest! {
    #[test]
    fn in_a_league_everybody_meets_everybody(teams in 2usize..24, legs in 1usize..3) {
        let made = made(&Format::League { legs }, &groups_of(&[teams]));
        prop_assert_eq!(made.len(), legs * teams * (teams - 1) / 2);
        let mut met: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        let mut busy = BTreeSet::new();
        let mut at_home: BTreeMap<String, usize> = BTreeMap::new();
        for planned in &made {
            let [Entry::Team(home), Entry::Team(away)] = &planned.sides else { panic!("{planned:?}") };
            *met.entry([home.clone(), away.clone()].into()).or_default() += 1;
            *at_home.entry(home.clone()).or_default() += 1;
            for team in [home, away] {
                prop_assert!(busy.insert((planned.round, team.clone())), "twice in a round");
            }
        }
        prop_assert!(met.values().all(|times| *times == legs));
        prop_assert_eq!(made.iter().map(|planned| planned.round).max(), Some(legs * (teams - 1 + teams % 2)));
        if legs == 2 {
            prop_assert!(at_home.values().all(|times| *times == teams - 1));
        }
    }

    /// Every rank is decided exactly once, by the team that comes there, and everybody plays as long as it should.
    #[test]
    fn every_rank_is_decided_once(teams in 2usize..40) {
        let seeds: Vec<String> = (1..=teams).map(|team| format!("A{team}")).collect();
        let knockout = Knockout { last_rank: None, has_byes: true };
        let made = made(&Format::Knockout { knockout, seeds: seeds.clone() }, &groups_of(&[teams]));
        let ranks = ranks(&made);
        let mut ranked = BTreeSet::new();
        for (rank, takers) in &ranks {
            prop_assert_eq!(takers.len(), 1, "rank {} of {:?}", rank, ranks);
            prop_assert!(ranked.insert(takers[0].clone()), "{} twice", takers[0]);
            prop_assert!(*rank <= teams);
        }
        // a team that no match ranks has lost to all above it: there is at most one for each odd number of losers
        prop_assert!(ranks.contains_key(&1) && ranks.contains_key(&2));
        if teams.is_power_of_two() {
            prop_assert_eq!(ranks.len(), teams);
            prop_assert_eq!(made.len(), teams / 2 * usize::try_from(teams.ilog2()).unwrap());
        }
        let title = plan(
            &Format::Knockout { knockout: Knockout { last_rank: Some(1), ..knockout }, seeds },
            &Draw { competition: "men", groups: &groups_of(&[teams]) },
        ).unwrap();
        prop_assert_eq!(title.len(), teams - 1);
    }

    #[test]
    fn groups_of_any_size_play_for_every_rank(
        sizes in prop::collection::vec(2usize..6, 2..9), advancing in 1usize..3, legs in 1usize..3,
    ) {
        let knockout = Knockout { last_rank: None, has_byes: true };
        let groups = groups_of(&sizes);
        let made = made(&Format::Groups { legs, advancing, knockout }, &groups);
        let in_groups = made.iter().filter(|planned| !planned.group.is_empty()).count();
        prop_assert_eq!(in_groups, sizes.iter().map(|size| legs * size * (size - 1) / 2).sum::<usize>());
        let mut ranked = BTreeSet::new();
        for (rank, takers) in ranks(&made) {
            prop_assert_eq!(takers.len(), 1, "rank {}", rank);
            prop_assert!(ranked.insert(takers[0].clone()), "{} twice", &takers[0]);
        }
        // in the first round nobody meets a team of its own group
        for planned in made.iter().filter(|planned| planned.rank == 1) {
            if let [Entry::Place { group: one, .. }, Entry::Place { group: other, .. }] = &planned.sides {
                prop_assert!(one != other || sizes.len() < 2, "{:?}", planned);
            }
        }
    }
}

fn grid(days: i8, pitches: usize) -> Grid {
    let first = matchday_kernel::civil::date(2023, 10, 21);
    Grid {
        zone: "Asia/Shanghai".parse().unwrap(),
        first,
        last: matchday_kernel::civil::date(2023, 10, 20 + days),
        kick_offs: vec![time(10, 0, 0, 0), time(11, 0, 0, 0), time(15, 0, 0, 0)],
        pitches: (1..=pitches).map(|number| format!("p{number}")).collect(),
        held: BTreeMap::new(),
    }
}

fn lengths(steps: &[usize]) -> Vec<Length> {
    steps.iter().map(|step| Length { step: *step, play: SignedDuration::from_mins(115) }).collect()
}

fn placed(grid: &Grid, steps: &[usize]) -> Result<Vec<String>, Refusal> {
    let half = SignedDuration::from_mins(30);
    let told = |kick_off: KickOff| format!("{} {}", grid.zone.format(kick_off.at), kick_off.pitch);
    grid.place(&lengths(steps), half, half).map(|placed| placed.into_iter().map(told).collect())
}

#[test]
fn steps_begin_on_days_of_their_own_where_that_fits() {
    let places = placed(&grid(2, 1), &[0, 0, 1]).unwrap();
    // the kick-off at 11:00 is too near to the one before
    let expected = ["2023-10-21 10:00 +08:00 p1", "2023-10-21 15:00 +08:00 p1", "2023-10-22 10:00 +08:00 p1"];
    assert_eq!(places, expected);
    let places = placed(&grid(1, 2), &[0, 0, 1]).unwrap();
    let expected = ["2023-10-21 10:00 +08:00 p1", "2023-10-21 10:00 +08:00 p2", "2023-10-21 15:00 +08:00 p1"];
    assert_eq!(places, expected, "otherwise when the step before is over");
}

#[test]
fn a_grid_says_how_many_fit() {
    let refused = placed(&grid(2, 1), &[0, 0, 0, 0, 0]).unwrap_err();
    assert_eq!(refused, Refusal::GridTooSmall { placed: 4, matches: 5, last: "2023-10-22".into() });
    assert!(placed(&grid(2, 0), &[0]).is_err());
}

#[test]
fn what_holds_a_pitch_stays() {
    let mut grid = grid(1, 1);
    let zone = grid.zone.clone();
    let at = |text: &str| zone.parse_local_or_offset(text).unwrap();
    let held = Interval::new(at("2023-10-21 09:00"), at("2023-10-21 12:00")).unwrap();
    grid.held.insert("p1".into(), vec![held]);
    assert_eq!(placed(&grid, &[0]).unwrap(), ["2023-10-21 15:00 +08:00 p1"]);
}
