//! Small tournaments at random, with rules of every kind, and every timetable that they may have.

mod every;
mod parts;
mod rules;

use matchday_timetable::model::{
    Day, Fixed, Instance, Kind, Match, Minute, Official, Pitch, Rule, Scope, Severity, Span, Team,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

pub(crate) use every::{all, cheapest};
use parts::{Bound, Fixture, Sizes, bound, brackets, officials, pitches, sizes, span};
use rules::any_rule;

pub(crate) const DAY: Minute = 1440;

/// Times of the day at which matches may kick off.
const CLOCKS: [Minute; 5] = [540, 600, 720, 900, 1080];

/// What a tournament is put together from.
#[derive(Clone, Debug)]
struct Parts {
    days: Minute,
    kick_offs: Vec<Minute>,
    fixtures: Vec<Fixture>,
    sizes: Vec<Sizes>,
    bounds: Vec<Bound>,
    pitches: Vec<Pitch>,
    booked: Option<Span>,
    teams: Vec<Lodging>,
    officials: Vec<Official>,
    rules: Vec<Rule>,
}

/// Country of a team, its way to the first pitch in minutes, and whether that is known.
type Lodging = (&'static str, u32, bool);

/// A small tournament.
pub(crate) fn instance() -> impl Strategy<Value = Instance> {
    let times = (1..4i32).prop_flat_map(|days| {
        let clocks: Vec<Minute> = (0..days).flat_map(|day| CLOCKS.map(|clock| day * DAY + clock)).collect();
        (Just(days), subsequence(clocks, 2..=4))
    });
    (select(brackets()), times).prop_flat_map(|(fixtures, (days, kick_offs))| {
        let count = fixtures.len();
        let team = (select(vec!["x", "y", ""]), 0..60u32, prop::bool::ANY);
        let places = (pitches(days), prop::option::of(span(days)));
        let people = (prop::collection::vec(team, 4), officials());
        let sizes = prop::collection::vec(sizes(), count);
        let bounds = prop::collection::vec(bound(kick_offs.clone()), count);
        let rules = prop::collection::vec(any_rule(count, days), 0..5);
        let parts = (sizes, bounds, places, people, rules);
        parts.prop_map(move |(sizes, bounds, (pitches, booked), (teams, officials), rules)| {
            let (fixtures, kick_offs) = (fixtures.clone(), kick_offs.clone());
            Parts { days, kick_offs, fixtures, sizes, bounds, pitches, booked, teams, officials, rules }
                .build()
        })
    })
}

impl Parts {
    fn build(self) -> Instance {
        let has_officials = !self.officials.is_empty();
        let fixtures = self.fixtures.iter().zip(self.sizes).zip(&self.bounds).enumerate();
        let matches: Vec<Match> = fixtures
            .map(|(index, ((fixture, size), bound))| game(index, fixture, &size, bound, has_officials))
            .collect();
        let cancelled =
            (0..matches.len()).filter(|index| matches!(self.bounds[*index], Bound::CalledOff)).collect();
        let mut rules = self.rules;
        for (number, rule) in rules.iter_mut().enumerate() {
            rule.id = format!("r{number}");
            // What names nothing would be a fault.
            rule.scope.competitions.retain(|one| matches.iter().any(|game| game.competition == *one));
            let pitches = &self.pitches;
            let is_there = |one: &String| {
                pitches.iter().any(|pitch| [&pitch.id, &pitch.venue, &pitch.site].contains(&one))
            };
            rule.scope.places.retain(is_there);
        }
        let day = |number: Minute| Day { label: format!("day {}", number + 1), start: number * DAY };
        let team = |(number, (country, far, known)): (usize, Lodging)| Team {
            id: format!("t{number}"),
            competition: if number == 3 { "women".into() } else { "men".into() },
            country: country.into(),
            people: 30,
            travel: if known { vec![far, 60 - far] } else { Vec::new() },
        };
        let booking = |span| Fixed { id: "show".into(), title: "a show".into(), pitch: 1, span };
        Instance {
            name: "random".into(),
            days: (0..self.days).map(day).collect(),
            end: self.days * DAY,
            kick_offs: self.kick_offs,
            teams: self.teams.into_iter().enumerate().map(team).collect(),
            pitches: self.pitches,
            warm_up_areas: vec!["hall".into()],
            matches,
            cancelled,
            begun: Vec::new(),
            fixed: self.booked.into_iter().map(booking).collect(),
            officials: self.officials,
            rules,
            ladder: Vec::new(),
        }
    }
}

fn game(index: usize, fixture: &Fixture, size: &Sizes, bound: &Bound, has_officials: bool) -> Match {
    let (one, other, stage, group, round) = *fixture;
    let mut game = Match {
        id: format!("m{index}"),
        competition: if size.women && group.is_empty() { "women".into() } else { "men".into() },
        stage: stage.into(),
        group: group.into(),
        round,
        sides: [one, other],
        length: size.length,
        set_up: size.set_up,
        occupied: size.length + size.turnaround,
        crowd: size.crowd,
        people: 10,
        kick_offs: None,
        pitches: None,
        pinned: None,
        appointed: Vec::new(),
        crews: if has_officials { size.crews } else { 0 },
    };
    match bound {
        Bound::Pinned(place) => game.pinned = Some(*place),
        Bound::KickOffs(kick_offs) => game.kick_offs = Some(kick_offs.clone()),
        Bound::Pitches(pitches) => game.pitches = Some(pitches.clone()),
        Bound::Free | Bound::CalledOff => {}
    }
    game
}

/// A rule about everything.
pub(crate) fn rule(id: &str, kind: Kind, severity: Severity) -> Rule {
    Rule { id: id.into(), kind, severity, scope: Scope::default(), source: "a test".into(), assumed: true }
}

/// Two semi-finals between four teams, and the final; two pitches, kick-offs at 10:00 and 15:00.
pub(crate) fn cup(days: Minute, rules: Vec<Rule>) -> Instance {
    let size = Sizes { length: 105, set_up: 0, turnaround: 30, crowd: 0, crews: 0, women: false };
    let pitch = |number: usize| Pitch {
        id: format!("p{number}"),
        venue: "park".into(),
        site: String::new(),
        open: vec![Span { start: 0, end: days * DAY }],
        closed: Vec::new(),
        surface: String::new(),
        capacity: 0,
        floodlit: false,
        reserve: false,
        warm_up_area: None,
    };
    let parts = Parts {
        days,
        kick_offs: (0..days).flat_map(|day| [day * DAY + 600, day * DAY + 900]).collect(),
        fixtures: brackets().swap_remove(0).into_iter().take(3).collect(),
        sizes: vec![size; 3],
        bounds: vec![Bound::Free; 3],
        pitches: vec![pitch(0), pitch(1)],
        booked: None,
        teams: vec![("", 0, false); 4],
        officials: Vec::new(),
        rules: Vec::new(),
    };
    Instance { rules, ..parts.build() }
}
