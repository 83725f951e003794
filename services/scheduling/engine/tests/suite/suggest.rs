//! Where one match could go: what is suggested, in which order, and that the effects are those of a whole check.

use matchday_timetable::{
    check::{Report, check},
    model::{Instance, Kind, Place, Severity, Timetable},
    suggest::{Change, MOST_SUGGESTIONS, Suggestion, suggest},
    validate::validate,
};
use proptest::prelude::*;
use proptest::sample::Index;

use super::random::{DAY, cup, instance, rule};

fn at(day: i32, clock: i32, pitch: usize) -> Place {
    Place { start: day * DAY + clock, pitch }
}

/// The semi-finals on the first day at 10:00 and 15:00, the final on the third at 15:00.
fn standing() -> Timetable {
    Timetable { places: vec![at(0, 600, 0), at(0, 900, 0), at(2, 900, 0)], officials: Vec::new() }
}

fn rested() -> Instance {
    let rest = rule("rest", Kind::RestKickOff(2 * DAY), Severity::Hard);
    let equal = rule("equal", Kind::EqualRest, Severity::Soft { weight: 2 });
    let day = rule("day", Kind::MatchesPerPitchAndDay(1), Severity::Soft { weight: 5 });
    cup(3, vec![rest, equal, day])
}

fn find(suggestions: &[Suggestion], place: Place) -> &Suggestion {
    suggestions.iter().find(|one| one.place == place).expect("the place is among them")
}

#[test]
fn each_place_says_what_it_does_to_every_rule() {
    let suggestions = suggest(&rested(), &standing(), 0, 1);
    let own = find(&suggestions, at(0, 900, 0));
    assert_eq!((own.stands, own.hard, own.cost, own.effects.len()), (true, 0, 0, 0));
    assert_eq!(own.sentence, "day 1 15:00 on p0: changes no rule");

    let best = &suggestions[0];
    assert_eq!((best.place, best.hard, best.cost), (at(0, 600, 1), 0, -605));
    assert_eq!(
        best.sentence,
        "day 1 10:00 on p1: -1 soft violation: before m2 one side rests 5 h longer than the other: \
         m0 at day 1 10:00 and m1 at day 1 15:00; \
         -1 soft violation: pitch p0 has 2 matches on day 1, 1 at most: m0 and m1; cost -605"
    );

    let next_day = find(&suggestions, at(1, 600, 1));
    assert_eq!((next_day.hard, next_day.cost), (1, 2 * (1440 - 300) - 5));
    let told: Vec<(&str, Change, i64)> =
        next_day.effects.iter().map(|effect| (effect.rule.as_str(), effect.change, effect.units)).collect();
    assert_eq!(
        told,
        [("rest", Change::Added, 1), ("equal", Change::Worse, 1140), ("day", Change::Removed, -1)]
    );
    assert_eq!(
        next_day.effects[0].sentence,
        "+1 hard violation: the winner of m1 may play m1 at day 2 10:00 and m2 at day 3 15:00: \
         29 h between the kick-offs, 48 h required"
    );
    assert_eq!(
        next_day.effects[1].sentence,
        "a soft violation worse by 1140: before m2 one side rests 24 h longer than the other: \
         m0 at day 1 10:00 and m1 at day 2 10:00"
    );
}

#[test]
fn what_has_begun_is_pinned_or_called_off_does_not_go_anywhere() {
    let mut instance = rested();
    let places = |instance: &Instance, now, index| -> Vec<Place> {
        suggest(instance, &standing(), now, index).iter().map(|one| one.place).collect()
    };
    assert_eq!(places(&instance, 901, 1), [at(0, 900, 0)]);
    assert!(places(&instance, 700, 1).iter().all(|place| place.start >= 700));
    instance.matches[1].pinned = Some(at(0, 900, 0));
    assert_eq!(places(&instance, 0, 1), [at(0, 900, 0)]);
    instance.cancelled = vec![1];
    assert_eq!(places(&instance, 0, 1), []);
    assert_eq!(places(&instance, 0, 7), [], "there is no such match");
}

#[test]
fn many_places_are_cut_to_the_best_and_the_one_where_it_stands() {
    let mut instance = rested();
    instance.kick_offs = (0..600).map(|step| step * 5).collect();
    instance.rules.push(rule(
        "early",
        Kind::KickOffWithin { from: 0, until: 600 },
        Severity::Soft { weight: 9 },
    ));
    let suggestions = suggest(&instance, &standing(), 0, 1);
    assert_eq!(suggestions.len(), MOST_SUGGESTIONS);
    assert_eq!(suggestions.iter().filter(|one| one.stands).count(), 1);
}

/// A timetable that may break anything.
fn placed(instance: &Instance, picks: &[(Index, usize, Index)]) -> Timetable {
    let picks = picks.iter().take(instance.matches.len());
    let place = |(start, pitch, _): &(Index, usize, Index)| Place {
        start: *start.get(&instance.kick_offs),
        pitch: *pitch,
    };
    let count = instance.officials.len();
    let lead = |official: &Index| if count == 0 { Vec::new() } else { vec![official.index(count)] };
    Timetable {
        places: picks.clone().map(place).collect(),
        officials: picks.map(|(_, _, official)| lead(official)).collect(),
    }
}

/// Fails unless a suggestion says what two whole checks say.
fn agrees(one: &Suggestion, before: &Report, after: &Report) -> Result<(), TestCaseError> {
    let hard = |report: &Report| i64::try_from(report.hard).unwrap_or(i64::MAX);
    prop_assert_eq!(one.hard, hard(after) - hard(before), "{:#?}", one);
    prop_assert_eq!(one.cost, after.cost - before.cost, "{:#?}", one);
    for (then, now) in after.rules.iter().zip(&before.rules) {
        let effects = one.effects.iter().filter(|effect| effect.rule == then.id);
        let told: i64 = effects.map(|effect| effect.units).sum();
        prop_assert_eq!(told, then.units - now.units, "{}: {:#?}", then.id, one);
    }
    let counted = one.effects.iter().filter(|effect| effect.severity == Severity::Hard);
    let counted = counted.map(|effect| match effect.change {
        Change::Added => 1,
        Change::Removed => -1,
        Change::Worse | Change::Better => 0,
    });
    prop_assert_eq!(counted.sum::<i64>(), one.hard, "{:#?}", one);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_effects_are_those_of_a_whole_check(
        instance in instance(),
        picks in prop::collection::vec((any::<Index>(), 0..2usize, any::<Index>()), 4),
        moved in any::<Index>(),
        now in -100..2000i32,
    ) {
        prop_assume!(validate(&instance).is_empty());
        let timetable = placed(&instance, &picks);
        let index = moved.index(instance.matches.len());
        let suggestions = suggest(&instance, &timetable, now, index);
        prop_assert_eq!(suggestions.is_empty(), instance.cancelled.contains(&index));
        let before = check(&instance, &timetable);
        for one in &suggestions {
            prop_assert!(one.stands || one.place.start >= now);
            let mut after = timetable.clone();
            after.places[index] = one.place;
            agrees(one, &before, &check(&instance, &after))?;
        }
        let ranks: Vec<(i64, i64)> = suggestions.iter().map(|one| (one.hard, one.cost)).collect();
        prop_assert!(ranks.is_sorted(), "{ranks:?}");
    }
}
