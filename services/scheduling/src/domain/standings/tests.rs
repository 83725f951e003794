use proptest::prelude::*;

use super::*;

fn meeting(home: &str, away: &str, goals: [i32; 2]) -> Meeting {
    Meeting { sides: [Some(home.into()), Some(away.into())], goals: Some(goals), is_cancelled: false }
}

fn members(teams: &[&str]) -> Vec<Member> {
    teams.iter().map(|team| Member { team: (*team).into(), has_withdrawn: false }).collect()
}

fn fifa() -> Order {
    Order::fifa(Points::default())
}

fn uefa() -> Order {
    Order::uefa(Points::default())
}

/// Teams and positions from the top: `a1 b2 c2`.
fn told(table: &Table) -> String {
    let lines = table.lines.iter().map(|line| format!("{}{}", line.team, line.position));
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn points_then_difference_then_goals() {
    let played = [
        meeting("a", "b", [2, 1]),
        meeting("c", "d", [1, 1]),
        meeting("a", "c", [0, 0]),
        meeting("b", "d", [3, 0]),
        meeting("a", "d", [1, 0]),
        meeting("b", "c", [0, 2]),
    ];
    let table = Table::of(&members(&["d", "c", "b", "a"]), &played, &fifa(), &[]);
    assert_eq!(told(&table), "a1 c2 b3 d4");
    assert!(table.is_complete);
    let first = &table.lines[0];
    assert_eq!((first.record, first.goals, first.points, first.played()), ([2, 1, 0], [3, 1], 7, 3));
    assert_eq!(table.lines[1].decided_by, Some(Criterion::Points));
    assert_eq!(first.decided_by, None);
}

/// b and c are level in everything but their own match.
#[test]
fn the_order_of_fifa_looks_at_all_matches_first() {
    let played = [
        meeting("a", "b", [0, 3]),
        meeting("a", "c", [1, 0]),
        meeting("b", "c", [0, 1]),
        meeting("d", "a", [0, 1]),
        meeting("d", "b", [0, 1]),
        meeting("d", "c", [0, 9]),
    ];
    let all = members(&["a", "b", "c", "d"]);
    // all have six points: a -1, b +3, c +9
    assert_eq!(told(&Table::of(&all, &played, &fifa(), &[])), "c1 b2 a3 d4");
    // among them: b 3-1, c 1-1, a 1-3
    let among = Table::of(&all, &played, &uefa(), &[]);
    assert_eq!(told(&among), "b1 c2 a3 d4");
    assert_eq!(among.lines[1].decided_by, Some(Criterion::HeadToHeadGoalDifference));
}

/// a, b, c and d are level in points. Among the four, a is first and the three others level in points; by the
/// difference among the four they would be c, b, d.
#[test]
fn the_table_among_equals_is_of_all_of_them_and_then_starts_again() {
    let played = [
        meeting("a", "b", [1, 0]),
        meeting("a", "c", [0, 0]),
        meeting("b", "c", [1, 1]),
        meeting("e", "a", [9, 0]),
        meeting("b", "e", [1, 0]),
        meeting("c", "e", [1, 0]),
    ];
    let all = members(&["a", "b", "c", "e"]);
    // a 4, b 4, c 5, e 3; then a and b by their own match
    let table = Table::of(&all, &played, &uefa(), &[]);
    assert_eq!(told(&table), "c1 a2 b3 e4");
    assert_eq!(table.lines[2].decided_by, Some(Criterion::HeadToHeadPoints));
    // in all matches a lost nine goals
    assert_eq!(told(&Table::of(&all, &played, &fifa(), &[])), "c1 b2 a3 e4");
}

/// Three teams beat each other in a circle. The block among the three puts a first by goals; b and c are level in
/// it, and their own match separates them when it starts again.
#[test]
fn who_is_equal_still_is_compared_once_more() {
    let played = [
        meeting("a", "b", [2, 0]),
        meeting("b", "c", [1, 0]),
        meeting("c", "a", [2, 1]),
        meeting("a", "d", [1, 0]),
        meeting("b", "d", [1, 0]),
        meeting("c", "d", [5, 0]),
    ];
    let all = members(&["a", "b", "c", "d"]);
    // among the three: a 3-2, b 1-2, c 2-2: +1, -1, 0
    assert_eq!(told(&Table::of(&all, &played, &uefa(), &[])), "a1 c2 b3 d4");
    let level = [
        meeting("a", "b", [3, 1]),
        meeting("b", "c", [1, 0]),
        meeting("c", "a", [2, 1]),
        meeting("a", "d", [1, 0]),
        meeting("b", "d", [1, 0]),
        meeting("c", "d", [5, 0]),
    ];
    // a 4-3, b 2-3, c 2-2: +1, -1, 0
    assert_eq!(told(&Table::of(&all, &level, &uefa(), &[])), "a1 c2 b3 d4");
    let equal = [
        meeting("a", "b", [3, 2]),
        meeting("b", "c", [1, 0]),
        meeting("c", "a", [2, 1]),
        meeting("a", "d", [1, 0]),
        meeting("b", "d", [1, 0]),
        meeting("c", "d", [5, 0]),
    ];
    // a 4-4, b 3-3, c 2-2: goals alone
    let table = Table::of(&all, &equal, &uefa(), &[]);
    assert_eq!(told(&table), "a1 b2 c3 d4");
    assert_eq!(table.lines[1].decided_by, Some(Criterion::HeadToHeadGoals));
    let again = [
        meeting("a", "b", [2, 1]),
        meeting("b", "c", [1, 0]),
        meeting("c", "a", [1, 0]),
        meeting("a", "d", [0, 0]),
        meeting("b", "d", [0, 0]),
        meeting("c", "d", [0, 0]),
    ];
    // a 2-2, b 2-2, c 1-1: c is behind by goals, and a beat b when only the two are left
    let table = Table::of(&all, &again, &uefa(), &[]);
    assert_eq!(told(&table), "a1 b2 c3 d4");
    assert_eq!(table.lines[1].decided_by, Some(Criterion::HeadToHeadPoints));
    assert_eq!(table.lines[2].decided_by, Some(Criterion::HeadToHeadGoals));
}

/// The same results in the order of FIFA: after the goals among the three nothing is applied a second time.
#[test]
fn the_order_of_fifa_applies_none_a_second_time() {
    let again = [
        meeting("a", "b", [2, 1]),
        meeting("b", "c", [1, 0]),
        meeting("c", "a", [1, 0]),
        meeting("a", "d", [0, 0]),
        meeting("b", "d", [0, 0]),
        meeting("c", "d", [0, 0]),
    ];
    let table = Table::of(&members(&["a", "b", "c", "d"]), &again, &fifa(), &[]);
    // in all matches c has fewer goals; then a beat b
    assert_eq!(told(&table), "a1 b2 c3 d4");
    assert_eq!(table.lines[2].decided_by, Some(Criterion::Goals));
    assert_eq!(table.lines[1].decided_by, Some(Criterion::HeadToHeadPoints));
}

#[test]
fn what_nothing_separates_is_shared_until_lots_are_drawn() {
    let played = [meeting("a", "b", [1, 1]), meeting("a", "c", [2, 0]), meeting("b", "c", [2, 0])];
    let all = members(&["a", "b", "c"]);
    let table = Table::of(&all, &played, &fifa(), &[]);
    assert_eq!(told(&table), "a1 b1 c3");
    assert_eq!(table.undecided(), ["a", "b"]);
    assert_eq!((table.taker(Some(1)), table.taker(Some(3))), (Taker::Unknown, Taker::Team("c".into())));
    let lots = ["b".to_owned(), "a".to_owned()];
    let drawn = Table::of(&all, &played, &fifa(), &lots);
    assert_eq!(told(&drawn), "b1 a2 c3");
    assert_eq!(drawn.lines[1].decided_by, Some(Criterion::Lots));
    assert_eq!(drawn.taker(None), Taker::Team("c".into()));
    // lots that leave one out decide nothing
    assert_eq!(told(&Table::of(&all, &played, &fifa(), &lots[..1])), "a1 b1 c3");
}

#[test]
fn a_place_is_known_when_everything_is_played() {
    let mut played = vec![meeting("a", "b", [1, 0]), meeting("a", "c", [1, 0]), meeting("b", "c", [1, 0])];
    played[2].goals = None;
    let all = members(&["a", "b", "c"]);
    let table = Table::of(&all, &played, &fifa(), &[]);
    assert!(!table.is_complete);
    assert_eq!((table.taker(Some(1)), table.taker(Some(4))), (Taker::Unknown, Taker::Nobody));
    assert!(table.undecided().is_empty());
    played[2].is_cancelled = true;
    assert_eq!(Table::of(&all, &played, &fifa(), &[]).taker(Some(1)), Taker::Team("a".into()));
    let unknown = [Meeting { sides: [Some("a".into()), None], goals: None, is_cancelled: false }];
    assert_eq!(Table::of(&all, &unknown, &fifa(), &[]).taker(Some(9)), Taker::Unknown);
    assert!(!Table::of(&all, &[], &fifa(), &[]).is_complete);
}

/// The case of the reference tournament: one of three leaves, and both places are still taken.
#[test]
fn one_of_three_withdraws() {
    let mut played = vec![meeting("a", "b", [0, 5]), meeting("b", "c", [1, 2]), meeting("a", "c", [0, 0])];
    (played[2].goals, played[2].is_cancelled) = (None, true);
    let mut all = members(&["a", "b", "c"]);
    all[0].has_withdrawn = true;
    let table = Table::of(&all, &played, &fifa(), &[]);
    assert_eq!(told(&table), "c1 b2 a0");
    assert_eq!(table.lines[1].goals, [1, 2], "what was played against who left does not count");
    assert!(table.is_complete);
    let takers = [1, 2, 3].map(|place| table.taker(Some(place)));
    assert_eq!(takers, [Taker::Team("c".into()), Taker::Team("b".into()), Taker::Nobody]);
}

#[test]
fn who_has_played_everything_keeps_its_place_when_it_withdraws() {
    let played = [meeting("a", "b", [5, 0]), meeting("b", "c", [1, 2]), meeting("a", "c", [1, 0])];
    let mut all = members(&["a", "b", "c"]);
    all[0].has_withdrawn = true;
    assert_eq!(told(&Table::of(&all, &played, &fifa(), &[])), "a1 c2 b3");
}

const TEAMS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Results of a group of five, some matches not played.
fn results() -> impl Strategy<Value = Vec<Meeting>> {
    prop::collection::vec(prop::option::weighted(0.9, [0i32..3, 0i32..3]), 10).prop_map(|goals| {
        let pairs = (0..5).flat_map(|one| (one + 1..5).map(move |other| (one, other)));
        pairs
            .zip(goals)
            .map(|((one, other), goals)| Meeting { goals, ..meeting(TEAMS[one], TEAMS[other], [0, 0]) })
            .collect()
    })
}

fn orders() -> impl Strategy<Value = Order> {
    use Criterion as C;
    let wins = vec![C::Points, C::Wins, C::HeadToHeadGoals, C::GoalDifference];
    prop::sample::select(vec![fifa(), uefa(), Order::custom(wins, Points { won: 2, drawn: 1 })])
}

proptest! {
    #[test]
    fn the_order_in_which_results_and_teams_come_changes_nothing(
        mut played in results(), order in orders(), turn in 0usize..10, mut teams in Just(TEAMS.to_vec()).prop_shuffle(),
    ) {
        let table = Table::of(&members(&TEAMS), &played, &order, &[]);
        played.rotate_left(turn);
        for meeting in played.iter_mut().step_by(2) {
            meeting.sides.reverse();
            meeting.goals = meeting.goals.map(|[home, away]| [away, home]);
        }
        teams.reverse();
        prop_assert_eq!(Table::of(&members(&teams), &played, &order, &[]), table);
    }

    /// Every further tie-breaker reorders only teams that were level without it.
    #[test]
    fn a_tie_breaker_only_reorders_those_that_are_level(played in results(), order in orders(), cut in 1usize..7) {
        // tie-breakers that start again are one block: half of it starts again earlier, and is another order
        let is_inside = |cut: usize| order.criteria[cut - 1..=cut].iter().all(|one| one.is_head_to_head());
        let cut = (cut.min(order.criteria.len())..order.criteria.len())
            .find(|cut| !order.starts_again || !is_inside(*cut))
            .unwrap_or(order.criteria.len());
        let shorter = Order { criteria: order.criteria[..cut].to_vec(), ..order.clone() };
        let coarse = Table::of(&members(&TEAMS), &played, &shorter, &[]);
        let fine = Table::of(&members(&TEAMS), &played, &order, &[]);
        let position = |table: &Table, team: &str| table.lines.iter().find(|line| line.team == team).unwrap().position;
        for one in TEAMS {
            for other in TEAMS {
                if position(&coarse, one) < position(&coarse, other) {
                    prop_assert!(position(&fine, one) < position(&fine, other));
                }
            }
        }
    }

    /// Lots leave nobody level, and change nothing that results decide.
    #[test]
    fn lots_decide_what_is_left(played in results(), order in orders(), lots in Just(TEAMS.to_vec()).prop_shuffle()) {
        let lots: Vec<String> = lots.into_iter().map(str::to_owned).collect();
        let open = Table::of(&members(&TEAMS), &played, &order, &[]);
        let drawn = Table::of(&members(&TEAMS), &played, &order, &lots);
        prop_assert!(drawn.lines.iter().all(|line| !line.is_shared));
        for line in &open.lines {
            let now = drawn.lines.iter().find(|other| other.team == line.team).unwrap();
            prop_assert!(now.position >= line.position);
            prop_assert!(line.is_shared || now.position == line.position);
        }
    }
}
