//! Small instances in which every kind of rule may stand.

use matchday_roster::model::{
    Burden, Group, Instance, Kind, Limits, Qualification, Rule, Severity, Shift, Span, Volunteer,
};
use proptest::prelude::*;

const DAY: i32 = 1_440;

/// Instances of so many volunteers and shifts at most, with one to five rules.
pub(crate) fn instances(volunteers: usize, shifts: usize) -> impl Strategy<Value = Instance> {
    let people = prop::collection::vec(volunteer(), 1..=volunteers);
    let work = prop::collection::vec(shift(), 1..=shifts);
    (people, work, prop::collection::vec(rule(), 1..=5)).prop_map(
        |(mut volunteers, mut shifts, mut rules)| {
            for (number, one) in volunteers.iter_mut().enumerate() {
                one.id = format!("v{number}");
            }
            for (number, one) in shifts.iter_mut().enumerate() {
                one.id = format!("s{number}");
            }
            for (number, one) in rules.iter_mut().enumerate() {
                one.id = format!("r{number}");
            }
            let leader = volunteers.iter().position(|one| one.group == Some(0));
            Instance {
                days: vec![0, DAY, 2 * DAY],
                places: vec!["stadium".into(), "village".into()],
                travel: vec![vec![0, 45], vec![30, 0]],
                skills: vec!["driving".into(), "first-aid".into()],
                languages: vec!["zh".into(), "en".into()],
                posts: vec!["gate".into(), "desk".into()],
                groups: vec![Group {
                    id: "university".into(),
                    leader,
                    bus: Some(2),
                    classes: vec![Span { start: 600, end: 660 }],
                }],
                volunteers,
                shifts,
                rules,
            }
        },
    )
}

fn volunteer() -> impl Strategy<Value = Volunteer> {
    let skills = prop::sample::subsequence(vec![0, 1], 0..=2);
    let limits = (prop::option::of(4..9), prop::option::of(1u32..3));
    let wishes = (any::<bool>(), prop::option::of(15..30u32), prop::option::of(0..2usize), 0..3usize);
    (skills, limits, wishes, prop::option::of(Just(0)), any::<bool>(), any::<bool>()).prop_map(
        |(skills, (day, engagement), (continuity, age, home, team), group, late, early)| Volunteer {
            skills: skills
                .into_iter()
                .map(|skill| Qualification { skill, valid: late.then_some(Span { start: 0, end: 2 * DAY }) })
                .collect(),
            languages: vec![usize::from(late)],
            available: vec![Span { start: if early { 0 } else { 540 }, end: 4 * DAY }],
            home,
            prefers: home.into_iter().collect(),
            avoids: if late { vec![Span { start: 1_080, end: DAY }] } else { vec![] },
            continuity,
            age,
            limits: Limits { day: day.map(|hours| hours * 60), engagement, ..Limits::default() },
            team: ["", "red", "blue"][team].into(),
            group,
            ..Volunteer::default()
        },
    )
}

fn shift() -> impl Strategy<Value = Shift> {
    let time = (0..3, 6..22, 2..6);
    (time, 0..2usize, 0..2usize, 1..3u32, prop::option::of(0..2usize), 1..5i64).prop_map(
        |((day, hour, length), post, place, headcount, skill, priority)| {
            let start = day * DAY + hour * 60;
            Shift {
                id: String::new(),
                post,
                place,
                span: Span { start, end: start + length * 60 },
                headcount,
                unit_headcount: 1,
                skills: skill.into_iter().collect(),
                languages: vec![],
                priority: priority * 20,
            }
        },
    )
}

fn rule() -> impl Strategy<Value = Rule> {
    let night = Span { start: 1_320, end: 1_800 };
    let limits = prop::sample::select(vec![
        Kind::Travel { lateness: 10 },
        Kind::Rest(660),
        Kind::HoursPerDay(360),
        Kind::HoursPerWeek(600),
        Kind::HoursInAll(540),
        Kind::ConsecutiveDays(1),
        Kind::Breaks { work: 300, pause: 60 },
        Kind::Minors { age: 18, during: night },
        Kind::Commute(29),
        Kind::Share { of: Burden::Nights(night), most: 1 },
        Kind::Share { of: Burden::Days(vec![1]), most: 1 },
        Kind::Share { of: Burden::Posts(vec![1]), most: 1 },
    ]);
    let wishes = prop::sample::select(vec![
        Kind::PreferredPlace,
        Kind::AvoidedTimes,
        Kind::Engagement(2),
        Kind::Continuity,
        Kind::TeamTogether,
        Kind::Among { skill: 0, from: 1 },
        Kind::Among { skill: 1, from: 2 },
        Kind::GroupsWhole,
    ]);
    let soft = (1..25i64).prop_map(|weight| Severity::Soft { weight });
    let hard_limits = (limits.clone(), Just(Severity::Hard));
    let stated = prop_oneof![hard_limits, (limits, soft.clone()), (wishes, soft)];
    stated.prop_map(|(kind, severity)| Rule { id: String::new(), kind, severity })
}
