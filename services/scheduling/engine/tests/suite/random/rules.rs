//! Rules of every kind at random.

use matchday_timetable::model::{Kind, Minute, Rule, Scope, Severity};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn severity() -> impl Strategy<Value = Severity> {
    prop_oneof![
        3 => Just(Severity::Hard),
        6 => (0..30i64).prop_map(|weight| Severity::Soft { weight }),
        1 => (1_000_000..3_000_000i64).prop_map(|weight| Severity::Soft { weight }),
        1 => Just(Severity::Off),
    ]
}

/// Minutes up to two days, often just what lies between two kick-offs, or a whistle and a kick-off.
fn time() -> impl Strategy<Value = Minute> {
    prop_oneof![
        0..3000i32,
        (1..48i32).prop_map(|hours| hours * 60),
        (2..48i32, select(vec![90, 105, 120])).prop_map(|(hours, length)| hours * 60 - length),
    ]
}

/// A rule of any kind; `count` matches, `days` days.
fn kind(count: usize, days: i32) -> impl Strategy<Value = Kind> {
    let ids: Vec<String> = (0..count).map(|index| format!("m{index}")).collect();
    let window = select(vec![(0, 660), (600, 900), (840, 1200), (1000, 1439)]);
    let days: Vec<usize> = (0..days).filter_map(|day| day.try_into().ok()).collect();
    let some_days = subsequence(days.clone(), 1..=days.len());
    prop_oneof![
        (0..2u32).prop_map(Kind::RestCalendarDays),
        time().prop_map(Kind::RestKickOff),
        time().prop_map(Kind::RestWhistle),
        Just(Kind::TeamOnceADay),
        Just(Kind::LastGroupMatchesTogether),
        subsequence(ids.clone(), 0..=count).prop_shuffle().prop_map(Kind::Together),
        subsequence(ids, 0..=count).prop_shuffle().prop_map(Kind::InOrder),
        (0..3u32).prop_map(Kind::MatchesPerPitchAndDay),
        (0..3u32).prop_map(Kind::MatchesPerVenueAndDay),
        (select(vec!["", "grass", "sand"]), 0..400u32)
            .prop_map(|(surface, most)| Kind::WeeklyWear { surface: surface.into(), most }),
        (0..400u32).prop_map(Kind::CrowdAtOnce),
        window.clone().prop_map(|(from, until)| Kind::KickOffWithin { from, until }),
        (window.clone(), 0..200u32).prop_map(|((from, until), crowd)| Kind::CrowdWithin {
            from,
            until,
            crowd
        }),
        some_days.clone().prop_map(Kind::NotOnDays),
        some_days.prop_map(Kind::OnDays),
        subsequence(vec![0, 1], 1..=2).prop_map(Kind::OnPitches),
        Just(Kind::EqualRest),
        window.prop_map(|(from, until)| Kind::ShareOfPrimeTime { from, until }),
        subsequence(vec![0, 1], 1..=1).prop_map(Kind::ShareOfPitches),
        (0..60u32).prop_map(Kind::Travel),
        (0..3u32).prop_map(Kind::OfficialMatchesPerDay),
        (0..4u32).prop_map(Kind::OfficialMatches),
        time().prop_map(Kind::OfficialRest),
        Just(Kind::OfficialNeutral),
        time().prop_map(Kind::SessionsApart),
        (0..200u32, 0..2000i32, -500..500i32).prop_map(|(crowd, minutes, now)| Kind::Notice {
            crowd,
            minutes,
            now
        }),
        Just(Kind::FitsCapacity),
    ]
}

/// Whether a rule of the kind may name places.
fn looks_at_places(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::MatchesPerPitchAndDay(_)
            | Kind::MatchesPerVenueAndDay(_)
            | Kind::WeeklyWear { .. }
            | Kind::CrowdAtOnce(_)
            | Kind::KickOffWithin { .. }
            | Kind::CrowdWithin { .. }
            | Kind::NotOnDays(_)
            | Kind::OnDays(_)
            | Kind::OnPitches(_)
            | Kind::Travel(_)
            | Kind::SessionsApart(_)
            | Kind::Notice { .. }
            | Kind::FitsCapacity
    )
}

/// A rule without an id; `count` matches, `days` days.
pub(super) fn any_rule(count: usize, days: i32) -> impl Strategy<Value = Rule> {
    let ids: Vec<String> = (0..count).map(|index| format!("m{index}")).collect();
    let scope = prop_oneof![
        4 => Just(Scope::default()),
        1 => subsequence(ids, 1..=count).prop_map(|matches| Scope { matches, ..Scope::default() }),
        1 => Just(Scope { competitions: vec!["men".into()], ..Scope::default() }),
        1 => select(vec!["p0", "south", "park"])
            .prop_map(|place| Scope { places: vec![place.into()], ..Scope::default() }),
    ];
    (kind(count, days), severity(), scope).prop_map(|(kind, severity, mut scope)| {
        if !looks_at_places(&kind) {
            scope.places.clear();
        }
        Rule { id: String::new(), kind, severity, scope, source: "a test".into(), assumed: true }
    })
}
