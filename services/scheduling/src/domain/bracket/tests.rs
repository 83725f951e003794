use std::collections::BTreeMap;

use super::*;
use crate::domain::{
    contest::{Entrant, Presence, Seat},
    refused::Refusal,
    result::Score,
};

fn team(id: &str) -> String {
    format!("tournaments/t/teams/{id}")
}

/// A match; a side in several words is a slot.
fn game(id: &str, group: &str, stage: &str, sides: [&str; 2]) -> Game {
    Game {
        name: format!("tournaments/t/activities/{id}"),
        title: format!("{stage}: {} – {}", sides[0], sides[1]),
        competition: "men".into(),
        stage: stage.into(),
        group: group.into(),
        seats: sides.map(
            |side| {
                if side.contains(' ') { Seat::read(side, "") } else { Seat::read(&team(side), "") }
            },
        ),
        score: None,
        has_begun: false,
        is_cancelled: false,
    }
}

/// Two groups of three and a final for each two places.
fn contest() -> Contest {
    let mut games = Vec::new();
    for (group, [a, b, c]) in [("A", ["a1", "a2", "a3"]), ("B", ["b1", "b2", "b3"])] {
        for (number, sides) in [[a, b], [b, c], [a, c]].into_iter().enumerate() {
            games.push(game(&format!("{}{number}", group.to_lowercase()), group, "group", sides));
        }
    }
    for (id, stage, sides) in [
        ("s1", "semi-final", ["first of group A", "second of group B"]),
        ("s2", "semi-final", ["first of group B", "second of group A"]),
        ("f5", "fifth place", ["third of group A", "third of group B"]),
        ("f3", "third place", ["loser of s1", "loser of s2"]),
        ("f1", "final", ["winner of s1", "winner of s2"]),
    ] {
        games.push(game(id, "", stage, sides));
    }
    let teams = ["a1", "a2", "a3", "b1", "b2", "b3"].map(|id| {
        let entrant = Entrant {
            display_name: id.to_uppercase(),
            competition: "men".into(),
            group: id[..1].to_uppercase(),
            presence: Presence::Entered,
        };
        (team(id), entrant)
    });
    Contest { games, teams: teams.into(), ..Contest::default() }
}

fn at<'a>(contest: &'a mut Contest, id: &str) -> &'a mut Game {
    contest.games.iter_mut().find(|game| game.id() == id).unwrap()
}

fn score(contest: &mut Contest, id: &str, goals: [i32; 2]) {
    let game = at(contest, id);
    game.score = Some(Score { goals, ..Score::default() });
    game.has_begun = true;
}

/// Applies what a change of a contest brings along; returns the matches that changed.
fn go_on(contest: &mut Contest, change: impl FnOnce(&mut Contest)) -> Result<Vec<String>, Refusal> {
    let mut after = contest.clone();
    change(&mut after);
    let changes = progress(contest, &after)?;
    let mut told = Vec::new();
    for change in changes {
        let game = &mut after.games[change.game];
        for (side, seat) in game.seats.iter_mut().enumerate() {
            *seat = Seat::read(&change.sides[side], &change.slots[side]);
        }
        game.title = change.title;
        game.is_cancelled = !change.cancelled.is_empty();
        told.push(format!(
            "{} {}",
            game.id(),
            if game.is_cancelled { &change.cancelled } else { &game.title }
        ));
    }
    *contest = after;
    Ok(told)
}

/// Plays both groups: the first beats the second, both beat the third.
fn play_groups(contest: &mut Contest) {
    for group in ["a", "b"] {
        for number in 0..3 {
            go_on(contest, |contest| score(contest, &format!("{group}{number}"), [1, 0])).unwrap();
        }
    }
}

fn retire(contest: &mut Contest, id: &str) {
    contest.teams.get_mut(&team(id)).unwrap().presence = Presence::Withdrawn;
}

#[test]
fn slots_are_taken_when_a_group_is_complete() {
    let mut contest = contest();
    for id in ["a0", "a1"] {
        assert!(go_on(&mut contest, |contest| score(contest, id, [1, 0])).unwrap().is_empty());
    }
    let told = go_on(&mut contest, |contest| score(contest, "a2", [1, 0])).unwrap();
    let expected = [
        "s1 semi-final: A1 – second of group B",
        "s2 semi-final: first of group B – A2",
        "f5 fifth place: A3 – third of group B",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_bracket_is_played_to_its_ranks() {
    let mut contest = contest();
    play_groups(&mut contest);
    go_on(&mut contest, |contest| score(contest, "s1", [2, 1])).unwrap();
    let told = go_on(&mut contest, |contest| score(contest, "s2", [0, 1])).unwrap();
    assert_eq!(told, ["f3 third place: B2 – B1", "f1 final: A1 – A2"]);
    for id in ["f1", "f3", "f5"] {
        go_on(&mut contest, |contest| score(contest, id, [0, 1])).unwrap();
    }
    let ranks = ranks(&contest, &resolve(&contest));
    let expected = ["a2", "a1", "b1", "b2", "b3", "a3"];
    let expected: BTreeMap<(String, usize), String> =
        expected.iter().enumerate().map(|(index, id)| (("men".to_owned(), index + 1), team(id))).collect();
    assert_eq!(ranks, expected);
}

#[test]
fn a_correction_goes_on_as_long_as_nothing_has_begun() {
    let mut contest = contest();
    play_groups(&mut contest);
    // the second and the third change places
    let told = go_on(&mut contest, |contest| score(contest, "a1", [0, 1])).unwrap();
    assert_eq!(told, ["s2 semi-final: B1 – A3", "f5 fifth place: A2 – B3"]);
    // all three are level, and nobody is known
    let told = go_on(&mut contest, |contest| score(contest, "a2", [0, 1])).unwrap();
    assert_eq!(told[0], "s1 semi-final: A3 – B2");
    score(&mut contest, "s1", [1, 0]);
    let refused = go_on(&mut contest, |contest| score(contest, "a2", [9, 0])).unwrap_err();
    let Refusal::BracketBegun { activity, what, was, would } = refused else { panic!("{refused:?}") };
    assert!(activity.ends_with("/s1"));
    assert_eq!((what, was.as_str(), would.as_str()), ("has begun", "A3 – B2", "A1 – B2"));
}

#[test]
fn a_slot_is_open_again_when_a_correction_leaves_it_undecided() {
    let mut contest = contest();
    play_groups(&mut contest);
    let level = |contest: &mut Contest| {
        score(contest, "a0", [0, 1]);
        score(contest, "a1", [0, 1]);
    };
    let told = go_on(&mut contest, level).unwrap();
    assert_eq!(told[0], "s1 semi-final: first of group A – B2");
    contest.lots.insert(("men".into(), "A".into()), ["a3", "a1", "a2"].map(team).to_vec());
    let told = go_on(&mut contest, |_| ()).unwrap();
    assert_eq!(told[0], "s1 semi-final: A3 – B2");
}

#[test]
fn one_of_three_withdraws_and_both_places_are_taken() {
    let mut contest = contest();
    go_on(&mut contest, |contest| score(contest, "a1", [2, 2])).unwrap();
    go_on(&mut contest, |contest| score(contest, "a0", [5, 0])).unwrap();
    contest.lots.insert(("men".into(), "A".into()), ["a3", "a2"].map(team).to_vec());
    let told = go_on(&mut contest, |contest| retire(contest, "a1")).unwrap();
    let expected = [
        "a2 A1 does not play",
        "s1 semi-final: A3 – second of group B",
        "s2 semi-final: first of group B – A2",
        "f5 third of group A does not play",
    ];
    assert_eq!(told, expected);
    assert!(!at(&mut contest, "a0").is_cancelled, "what was played stays");
    for number in 0..3 {
        go_on(&mut contest, |contest| score(contest, &format!("b{number}"), [1, 0])).unwrap();
    }
    let decided = ranks(&contest, &resolve(&contest));
    assert_eq!(decided.get(&("men".to_owned(), 5)), Some(&team("b3")), "who meets nobody goes on");
    assert_eq!(decided.get(&("men".to_owned(), 6)), None);
}

#[test]
fn who_would_have_met_a_team_that_left_goes_on() {
    let mut contest = contest();
    play_groups(&mut contest);
    let told = go_on(&mut contest, |contest| retire(contest, "a1")).unwrap();
    let expected =
        ["s1 A1 does not play: B2 goes on", "f3 loser of s1 does not play", "f1 final: B2 – winner of s2"];
    assert_eq!(told, expected);
    let told = go_on(&mut contest, |contest| score(contest, "s2", [1, 0])).unwrap();
    assert_eq!(told, ["f1 final: B2 – B1"]);
    let decided = ranks(&contest, &resolve(&contest));
    assert_eq!(decided.get(&("men".to_owned(), 3)), Some(&team("a2")));
    // with another winner of the group, what was cancelled would be played
    let refused = go_on(&mut contest, |contest| score(contest, "a0", [0, 5])).unwrap_err();
    assert!(matches!(refused, Refusal::BracketBegun { what: "was cancelled", .. }), "{refused:?}");
}

#[test]
fn what_has_begun_stays_when_a_team_withdraws() {
    let mut contest = contest();
    at(&mut contest, "a0").has_begun = true;
    let told = go_on(&mut contest, |contest| retire(contest, "a1")).unwrap();
    assert_eq!(told, ["a2 A1 does not play", "f5 third of group A does not play"]);
}

#[test]
fn what_waits_for_itself_or_for_nothing_stays_open() {
    let games = vec![
        game("m1", "", "final", ["winner of m2", "winner of m9"]),
        game("m2", "", "semi-final", ["winner of m1", "best third"]),
    ];
    let contest = Contest { games, ..Contest::default() };
    let nodes = resolve(&contest);
    assert!(nodes.iter().all(|node| node.winner == Taker::Unknown && !node.is_void()));
    assert_eq!(progress(&contest, &contest), Ok(vec![]));
}

#[test]
fn a_long_row_of_matches_is_followed_to_its_end() {
    let mut games: Vec<Game> = (1..5000)
        .map(|number| {
            game(&format!("m{number}"), "", "placement", [&format!("loser of m{}", number - 1), "a1"])
        })
        .collect();
    games.reverse();
    let first = Game {
        score: Some(Score { goals: [1, 0], ..Score::default() }),
        ..game("m0", "", "placement", ["a1", "a2"])
    };
    games.push(first);
    let nodes = resolve(&Contest { games, ..Contest::default() });
    assert_eq!(nodes[nodes.len() - 2].sides[0], Taker::Team(team("a2")));
}

#[test]
fn who_takes_a_place_takes_the_matches_of_it() {
    let mut contest = contest();
    let changes = replace(&contest, &team("a1"), (&team("a9"), "A9")).unwrap();
    let told: Vec<&str> = changes.iter().map(|change| contest.games[change.game].id()).collect();
    assert_eq!(told, ["a0", "a2"]);
    assert_eq!(changes[0].sides, [team("a9"), team("a2")]);
    score(&mut contest, "a0", [1, 0]);
    let refused = replace(&contest, &team("a1"), (&team("a9"), "A9")).unwrap_err();
    assert!(matches!(refused, Refusal::TeamHasPlayed { activity, .. } if activity.ends_with("/a0")));
}
