//! A repair keeps to what was published, leaves the past alone, and costs what it says.

mod small;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use matchday_roster::check::check;
use matchday_roster::model::{Instance, Roster, Severity};
use matchday_roster::outcome::Budget;
use matchday_roster::repair::{Repair, Standing, Weights, What, repair};
use matchday_roster::solve::solve;
use proptest::prelude::*;
use small::instances;

const WEIGHTS: Weights = Weights { person: 7, assignment: 20 };

fn budget(seed: u64) -> Budget {
    Budget { seed, passes: 0, iterations: 2_000, threads: 1 }
}

/// From a minute on somebody does not come any more, and a shift is put off.
fn disturb(instance: &mut Instance, now: i32, absent: usize, delayed: usize) {
    let people = instance.volunteers.len();
    for span in &mut instance.volunteers[absent % people].available {
        span.end = span.end.min(now.max(span.start + 1));
    }
    let shifts = instance.shifts.len();
    let shift = &mut instance.shifts[delayed % shifts];
    if shift.span.start >= now {
        shift.span.start += 90;
        shift.span.end += 90;
    }
}

fn repaired(instance: &Instance, published: &Roster, now: i32, days: &[usize]) -> Repair {
    let settled: Vec<bool> = instance.shifts.iter().map(|shift| shift.span.start < now).collect();
    let standing = Standing { published, lost: &[], settled: &settled, days };
    repair(instance, standing, WEIGHTS, budget(2), &mut |_| ControlFlow::Continue(()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn repairs_keep_the_past_and_say_what_changes(
        mut instance in instances(6, 10),
        now in 0..3_000i32,
        absent in any::<usize>(),
        delayed in any::<usize>(),
    ) {
        let published = solve(&instance, budget(1), &mut |_| ControlFlow::Continue(())).roster;
        disturb(&mut instance, now, absent, delayed);
        let repaired = repaired(&instance, &published, now, &[]);
        let report = check(&instance, &repaired.roster);
        let begun = |shift: usize| instance.shifts[shift].span.start < now;
        for (shift, crew) in repaired.roster.crews.iter().enumerate() {
            prop_assert!(!begun(shift) || *crew == published.crews[shift], "the past is not touched");
        }
        // What had begun may have lost its ground: somebody left in the middle of it.
        let hard = report.rules.iter().filter(|rule| rule.severity == Severity::Hard);
        let past_alone = hard
            .flat_map(|rule| &rule.violations)
            .all(|violation| violation.shifts.iter().any(|shift| begun(*shift)));
        prop_assert!(past_alone);
        prop_assert_eq!(report.cost, repaired.price.quality);

        let mut after = published.clone();
        let mut people = BTreeSet::new();
        for change in &repaired.changes {
            people.insert(change.volunteer);
            match change.what {
                What::Given => after.crews[change.shift].push(change.volunteer),
                What::Lost | What::GivenUp => after.crews[change.shift].retain(|one| *one != change.volunteer),
            }
        }
        after.crews.iter_mut().for_each(|crew| crew.sort_unstable());
        prop_assert_eq!(&after, &repaired.roster, "the changes lead from one roster to the other");
        let taken = repaired.changes.iter().filter(|change| change.what != What::Given).count();
        prop_assert_eq!((people.len(), taken), (repaired.price.people, repaired.price.assignments));
        let told = WEIGHTS.person * i64::try_from(people.len()).unwrap();
        let lost = WEIGHTS.assignment * i64::try_from(taken).unwrap();
        prop_assert_eq!(repaired.price.total, report.cost + told + lost);
    }

    #[test]
    fn what_still_holds_is_not_touched(instance in instances(6, 10)) {
        let published = solve(&instance, budget(1), &mut |_| ControlFlow::Continue(())).roster;
        let untouched = repaired(&instance, &published, 0, &[]);
        prop_assert_eq!(untouched.changes, vec![]);
        prop_assert_eq!(untouched.roster, published);
        let nobody = Roster { crews: vec![Vec::new(); instance.shifts.len()] };
        let from_nothing = repaired(&instance, &nobody, 0, &[]);
        prop_assert_eq!(from_nothing.changes, vec![], "nothing was lost, so nothing is touched");
        let every: Vec<usize> = (0..instance.days.len()).collect();
        let asked = repaired(&instance, &nobody, 0, &every);
        let seats: usize = asked.roster.crews.iter().map(Vec::len).sum();
        prop_assert_eq!(asked.changes.len(), seats);
        let worth_it = asked.price.total <= from_nothing.price.total;
        prop_assert!(worth_it, "days that are asked for are searched");
    }

    #[test]
    fn what_was_lost_comes_back_only_beside_what_still_holds(instance in instances(6, 10)) {
        let published = solve(&instance, budget(1), &mut |_| ControlFlow::Continue(())).roster;
        let lost: Vec<(usize, usize)> = published
            .crews
            .iter()
            .enumerate()
            .flat_map(|(shift, crew)| crew.iter().take(1).map(move |one| (*one, shift)))
            .collect();
        let settled = vec![false; instance.shifts.len()];
        let standing = Standing { published: &published, lost: &lost, settled: &settled, days: &[] };
        let back = repair(&instance, standing, WEIGHTS, budget(2), &mut |_| ControlFlow::Continue(()));
        prop_assert_eq!(back.roster, published, "nothing is in its way");
    }
}
