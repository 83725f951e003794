//! What a small tournament is made of, at random.

use matchday_timetable::model::{Closure, Minute, Official, Pitch, Place, Side, Span};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::DAY;

/// Who meets whom: sides, stage, group, round.
pub(super) type Fixture = (Side, Side, &'static str, &'static str, u32);

pub(super) fn brackets() -> Vec<Vec<Fixture>> {
    use Side::{Across, Loser, Open, Rank, Team, Winner};
    let group = |a, b, name, round| (Team(a), Team(b), "group", name, round);
    let knockout = |a, b| (a, b, "knockout", "", 0);
    vec![
        vec![
            knockout(Team(0), Team(1)),
            knockout(Team(2), Team(3)),
            knockout(Winner(0), Winner(1)),
            knockout(Loser(0), Loser(1)),
        ],
        vec![
            knockout(Team(0), Team(1)),
            knockout(Winner(0), Team(2)),
            knockout(Loser(0), Team(3)),
            knockout(Winner(1), Loser(2)),
        ],
        vec![
            group(0, 1, "a", 1),
            group(1, 2, "a", 2),
            group(0, 2, "a", 3),
            knockout(Rank { of: 1, rank: 1 }, Rank { of: 0, rank: 2 }),
        ],
        vec![group(0, 1, "a", 1), group(2, 3, "a", 1), group(0, 2, "a", 2), group(1, 3, "a", 2)],
        vec![
            group(0, 1, "a", 1),
            group(2, 3, "b", 1),
            knockout(Rank { of: 0, rank: 1 }, Across { of: 1, place: 1 }),
            knockout(Rank { of: 1, rank: 1 }, Open),
        ],
        vec![knockout(Team(0), Team(1)), knockout(Team(0), Team(2)), knockout(Team(1), Team(0))],
        vec![
            group(0, 1, "a", 1),
            (Rank { of: 0, rank: 1 }, Team(2), "second", "b", 1),
            (Across { of: 0, place: 1 }, Team(3), "second", "c", 1),
            knockout(Rank { of: 1, rank: 1 }, Across { of: 2, place: 2 }),
        ],
        vec![
            knockout(Team(0), Team(1)),
            knockout(Winner(0), Team(2)),
            knockout(Winner(1), Team(3)),
            knockout(Winner(0), Loser(1)),
        ],
    ]
}

#[derive(Clone, Debug)]
pub(super) struct Sizes {
    pub(super) length: Minute,
    pub(super) set_up: Minute,
    pub(super) turnaround: Minute,
    pub(super) crowd: u32,
    pub(super) crews: u32,
    pub(super) women: bool,
}

pub(super) fn sizes() -> impl Strategy<Value = Sizes> {
    let times = (select(vec![90, 105]), select(vec![0, 15, 60]), select(vec![0, 30, 120]));
    (times, select(vec![0, 60, 150]), 0..2u32, prop::bool::weighted(0.2)).prop_map(
        |((length, set_up, turnaround), crowd, crews, women)| Sizes {
            length,
            set_up,
            turnaround,
            crowd,
            crews,
            women,
        },
    )
}

/// What a match is restricted to: nothing, a pin, its own kick-offs, its own pitches, or it is called off.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Free,
    Pinned(Place),
    KickOffs(Vec<Minute>),
    Pitches(Vec<usize>),
    CalledOff,
}

pub(super) fn bound(kick_offs: Vec<Minute>) -> impl Strategy<Value = Bound> {
    let count = kick_offs.len();
    let place = (select(kick_offs.clone()), 0..2usize);
    prop_oneof![
        12 => Just(Bound::Free),
        2 => place.prop_map(|(start, pitch)| Bound::Pinned(Place { start, pitch })),
        1 => subsequence(kick_offs, 1..=count).prop_map(Bound::KickOffs),
        1 => subsequence(vec![0, 1], 1..=2).prop_map(Bound::Pitches),
        1 => Just(Bound::CalledOff),
    ]
}

pub(super) fn span(days: Minute) -> impl Strategy<Value = Span> {
    (0..days * DAY, 30..900i32).prop_map(|(start, length)| Span { start, end: start + length })
}

pub(super) fn pitches(days: Minute) -> impl Strategy<Value = Vec<Pitch>> {
    let one = |number: usize| {
        let open = prop_oneof![
            3 => Just(vec![Span { start: 0, end: days * DAY }]),
            1 => Just((0..days).map(|day| Span { start: day * DAY + 560, end: day * DAY + 1100 }).collect()),
        ];
        let closed = prop::collection::vec(span(days), 0..2);
        let which = (select(vec!["north", "south"]), prop::bool::weighted(0.15), prop::bool::ANY);
        (open, closed, which, select(vec![0, 50, 100])).prop_map(
            move |(open, closed, (venue, reserve, warm_up), capacity)| Pitch {
                id: format!("p{number}"),
                venue: venue.into(),
                site: "park".into(),
                open,
                closed: closed.into_iter().map(|span| Closure { span, why: "rain".into() }).collect(),
                surface: if number == 0 { "grass".into() } else { "sand".into() },
                capacity,
                floodlit: true,
                reserve,
                warm_up_area: warm_up.then_some(0),
            },
        )
    };
    (one(0), one(1)).prop_map(|(a, b)| vec![a, b])
}

pub(super) fn officials() -> impl Strategy<Value = Vec<Official>> {
    let one = (
        select(vec!["", "x", "y"]),
        subsequence(vec![0, 1, 2, 3], 0..=1),
        prop::option::weighted(0.2, span(2)),
    );
    let officials = prop::collection::vec(one, 2).prop_map(|officials| {
        let official =
            |(number, (country, conflicts, away)): (usize, (&str, Vec<usize>, Option<Span>))| Official {
                id: format!("o{number}"),
                country: country.into(),
                conflicts,
                away: away.into_iter().collect(),
            };
        officials.into_iter().enumerate().map(official).collect()
    });
    prop_oneof![2 => Just(Vec::new()), 1 => officials]
}
