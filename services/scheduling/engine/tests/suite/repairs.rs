//! Repairs against the checker: what has begun and what is pinned stays, every choice passes the check at its price,
//! the first tells the fewest people there are to tell, and there is none only where there is none.

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    disruption::apply,
    model::{Instance, Minute, Side, Timetable},
    outcome::{Budget, Choice, Disruption, Outcome, Progress, Repair},
    repair::repair,
    solve::solve,
    validate::validate,
};
use proptest::prelude::*;

use super::random::{DAY, all, instance};

const BUDGET: Budget = Budget { seed: 1, conflicts: 20_000, rounds: 60 };

fn on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn disruption() -> impl Strategy<Value = Disruption> {
    let interval = (0..3 * DAY, 60..DAY);
    let why = || "a storm".to_owned();
    prop_oneof![
        (0..2usize, interval.clone()).prop_map(move |(pitch, (from, long))| Disruption::PitchLost {
            pitch,
            from,
            until: from + long,
            why: why()
        }),
        interval.prop_map(move |(from, long)| Disruption::Weather {
            venues: Vec::new(),
            from,
            until: from + long,
            why: why()
        }),
        (0..4usize).prop_map(|team| Disruption::TeamWithdrawn { team }),
        (0..4usize).prop_map(|team| Disruption::TeamReplaced { team, by: "new".into() }),
        (0..3usize, 0..200i32).prop_map(|(index, by)| Disruption::MatchOverruns { index, by }),
        (0..2usize).prop_map(|pitch| Disruption::VenueSwapped { pitch, by: 1 - pitch }),
        (0..2usize, 0..120u32).prop_map(|(pitch, capacity)| Disruption::CapacityChanged { pitch, capacity }),
    ]
}

/// People to be told, counted by hand: of each match that moves, and of each team that such a match names, once.
fn told(instance: &Instance, before: &Timetable, after: &Timetable) -> u64 {
    let is_moved =
        |index: &usize| !instance.cancelled.contains(index) && before.places[*index] != after.places[*index];
    let moves: Vec<usize> = (0..instance.matches.len()).filter(is_moved).collect();
    let named =
        |team: usize| moves.iter().any(|index| instance.matches[*index].sides.contains(&Side::Team(team)));
    let teams = (0..instance.teams.len()).filter(|team| named(*team));
    let people = moves.iter().map(|index| u64::from(instance.matches[*index].people));
    people.sum::<u64>() + teams.map(|team| u64::from(instance.teams[team].people)).sum::<u64>()
}

/// Fails unless what has begun is as it was, nothing begins before now, and pins are kept.
fn leaves_the_past_alone(
    instance: &Instance,
    before: &Timetable,
    after: &Timetable,
    now: Minute,
) -> Result<(), TestCaseError> {
    for (index, (old, new)) in before.places.iter().zip(&after.places).enumerate() {
        let game = &instance.matches[index];
        if instance.cancelled.contains(&index) || old.start < now || game.pinned.is_some() {
            prop_assert_eq!(old, new, "{} moves", game.id);
        } else {
            prop_assert!(new.start >= now, "{} begins before now", game.id);
        }
        if old.start < now && !instance.cancelled.contains(&index) {
            let led = |by: &Timetable| by.officials.get(index).cloned().unwrap_or_default();
            prop_assert_eq!(led(before), led(after), "{} is led", game.id);
        }
    }
    Ok(())
}

fn holds(adapted: &Instance, before: &Timetable, choice: &Choice) -> Result<(), TestCaseError> {
    let report = check(adapted, &choice.timetable);
    prop_assert!(report.is_clean(), "{:#?}", report.broken().collect::<Vec<_>>());
    prop_assert_eq!(report.cost, choice.price.quality);
    prop_assert_eq!(told(adapted, before, &choice.timetable), choice.price.people);
    for one in &choice.moves {
        prop_assert_eq!(one.from, before.places[one.index]);
        prop_assert_eq!(one.to, choice.timetable.places[one.index]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn a_repair_passes_the_check_and_tells_the_fewest(
        instance in instance(),
        disruptions in prop::collection::vec(disruption(), 1..3),
        now in -200..3 * DAY,
    ) {
        prop_assume!(validate(&instance).is_empty());
        let Outcome::Optimal(found) = solve(&instance, BUDGET, &mut on) else {
            return Err(TestCaseError::reject("no timetable to repair"));
        };
        let before = found.timetable;
        let Ok(adapted) = apply(&instance, &before, now, &disruptions) else {
            return Err(TestCaseError::reject("no such disruption"));
        };
        let adapted = adapted.instance;
        let repaired = repair(&instance, &before, now, &disruptions, BUDGET, &mut on);
        prop_assert_eq!(&repair(&instance, &before, now, &disruptions, BUDGET, &mut on), &repaired);
        let Ok(repaired) = repaired else { return Err(TestCaseError::reject("pins against each other")) };
        if let Repair::Choices(choices) = &repaired {
            prop_assert!((1..=3).contains(&choices.len()));
            prop_assert!(choices.is_sorted_by_key(|choice| choice.price));
            for choice in choices {
                leaves_the_past_alone(&adapted, &before, &choice.timetable, now)?;
                holds(&adapted, &before, choice)?;
            }
        }
        let Some(ways) = all(&adapted) else { return Ok(()) };
        let clean = ways.iter().filter(|way| check(&adapted, way).is_clean());
        let fewest = clean.map(|way| told(&adapted, &before, way)).min();
        match (&repaired, fewest) {
            (Repair::Choices(choices), Some(fewest)) => {
                let first = &choices[0];
                prop_assert!(first.price.people >= fewest);
                prop_assert!(first.price.people == fewest || !first.optimal, "{} and {fewest}", first.price.people);
            }
            (Repair::Infeasible(_), None) | (Repair::Unknown, _) => {}
            (repaired, fewest) => prop_assert!(false, "{repaired:?}, where {fewest:?} is possible"),
        }
    }
}
