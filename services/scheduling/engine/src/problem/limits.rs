//! Limits over more than two matches: sums, shares, common starts, sessions.

use std::collections::{BTreeMap, BTreeSet};

use super::places::{names_match, names_pitch};
use super::{Candidate, Problem, Weight};
use crate::model::{Kind, Minute, Rule, Side};

/// Matches that start together.
#[derive(Clone, Debug)]
pub(crate) struct Tie {
    /// The matches.
    pub(crate) matches: Vec<usize>,
    /// What each unit costs.
    pub(crate) weight: Weight,
    /// Whether the unit is the whole set; else each match that differs from the first.
    pub(crate) whole: bool,
}

/// Two matches whose kick-offs should be the same because one match follows both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Equal {
    /// One.
    pub(crate) a: usize,
    /// The other.
    pub(crate) b: usize,
    /// What a minute of difference costs.
    pub(crate) weight: Weight,
}

/// A share that the teams of a competition have of something.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    /// For each team, the matches that name it.
    pub(crate) teams: Vec<Vec<usize>>,
    /// Which places count.
    counts: Counts,
    /// What each match of difference beyond 1 costs.
    pub(crate) weight: Weight,
}

/// What a share is of.
#[derive(Clone, Debug)]
enum Counts {
    Clock(Minute, Minute),
    Pitches(Vec<usize>),
}

/// Sessions of a venue that keep apart.
#[derive(Clone, Debug)]
pub(crate) struct Apart {
    /// For each pitch its venue, by number; `None` out of scope.
    venues: Vec<Option<usize>>,
    /// Venues and days whose session has begun: what lies before it is past.
    pub(crate) begun: BTreeSet<(usize, usize)>,
    /// Which matches belong to sessions.
    matches: Vec<bool>,
    /// Minutes.
    pub(crate) minutes: Minute,
    /// What a pair costs.
    pub(crate) weight: Weight,
}

/// What a bucket of a meter sums.
#[derive(Clone, Debug)]
enum Measure {
    /// Matches of a pitch and day.
    PitchDay,
    /// Matches of a venue and day.
    VenueDay(Vec<usize>),
    /// Minutes of play of a pitch in seven days.
    Wear,
    /// Crowd at a kick-off; all kick-offs.
    Crowd(Vec<Minute>),
}

/// Sums that have a limit.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    measure: Measure,
    days: usize,
    /// Most in each bucket.
    most: i64,
    /// What matches that have begun add to each bucket; empty where none has.
    settled: Vec<i64>,
    /// What a unit too many costs.
    pub(crate) weight: Weight,
    /// Which matches count.
    matches: Vec<bool>,
    /// Where they count.
    pitches: Vec<bool>,
    /// How many buckets there are.
    pub(crate) buckets: usize,
    /// Buckets of one group count by their worst: this many stand together.
    pub(crate) group: usize,
}

/// A share of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Which.
    pub(crate) index: usize,
    /// How much.
    pub(crate) amount: i64,
}

impl Meter {
    /// Most in a bucket: what matches that have begun add is never too much.
    pub(crate) fn most(&self, bucket: usize) -> i64 {
        self.settled.get(bucket).map_or(self.most, |settled| self.most.max(*settled))
    }

    fn settle(&mut self, problem: &Problem) {
        for index in (0..problem.begun.len()).filter(|index| problem.begun[*index]) {
            self.settled.resize(self.buckets, 0);
            for bucket in
                problem.options[index].first().map_or(Vec::new(), |one| self.adds(problem, index, one))
            {
                self.settled[bucket.index] += bucket.amount;
            }
        }
    }

    /// What a match at a candidate adds.
    pub(crate) fn adds(&self, problem: &Problem, index: usize, option: &Candidate) -> Vec<Bucket> {
        if !self.matches[index] || !self.pitches[option.pitch] {
            return Vec::new();
        }
        let game = &problem.instance.matches[index];
        let day = problem.day(option.start);
        match &self.measure {
            Measure::PitchDay => vec![Bucket { index: option.pitch * self.days + day, amount: 1 }],
            Measure::VenueDay(venues) => {
                vec![Bucket { index: venues[option.pitch] * self.days + day, amount: 1 }]
            }
            Measure::Wear => (day.saturating_sub(6)..=day)
                .map(|first| Bucket {
                    index: option.pitch * self.days + first,
                    amount: i64::from(game.length),
                })
                .collect(),
            Measure::Crowd(_) if game.crowd == 0 => Vec::new(),
            Measure::Crowd(times) => {
                let first = times.partition_point(|time| *time < option.start);
                let end = times.partition_point(|time| *time < option.start.saturating_add(game.length));
                (first..end).map(|index| Bucket { index, amount: i64::from(game.crowd) }).collect()
            }
        }
    }
}

impl Share {
    /// Whether a place counts.
    pub(crate) fn counts(&self, problem: &Problem, option: &Candidate) -> bool {
        match &self.counts {
            Counts::Clock(from, until) => {
                let clock = problem.clock(option.start);
                clock >= *from && clock <= *until
            }
            Counts::Pitches(pitches) => pitches.contains(&option.pitch),
        }
    }
}

impl Apart {
    /// The venue whose session a match at a candidate belongs to.
    pub(crate) fn venue(&self, index: usize, option: &Candidate) -> Option<usize> {
        if self.matches[index] { self.venues[option.pitch] } else { None }
    }
}

impl Problem<'_> {
    /// The matches with these ids that are played and that the rule is about.
    pub(super) fn named(&self, rule: &Rule, ids: &[String]) -> Vec<usize> {
        let matches = &self.instance.matches;
        ids.iter()
            .filter_map(|id| matches.iter().position(|game| game.id == *id))
            .filter(|index| self.live[*index] && names_match(&rule.scope, &matches[*index]))
            .collect()
    }

    /// The matches that a rule looks at.
    pub(crate) fn in_scope(&self, rule: &Rule) -> Vec<bool> {
        let matches = self.instance.matches.iter().enumerate();
        matches.map(|(index, game)| self.live[index] && names_match(&rule.scope, game)).collect()
    }
}

/// Adds the limits of all rules to a problem.
pub(super) fn add(problem: &mut Problem, feeders: &[Vec<usize>]) {
    let instance = problem.instance;
    for rule in &instance.rules {
        let Some(weight) = Weight::of(rule) else { continue };
        let matches = problem.in_scope(rule);
        match &rule.kind {
            Kind::LastGroupMatchesTogether => {
                let mut ties = last_rounds(problem, &matches);
                ties.retain(|matches| !problem.came_apart(matches));
                problem.ties.extend(ties.into_iter().map(|matches| Tie { matches, weight, whole: true }));
            }
            Kind::Together(ids) => {
                let matches = problem.named(rule, ids);
                if !problem.came_apart(&matches) {
                    problem.ties.push(Tie { matches, weight, whole: false });
                }
            }
            Kind::EqualRest => {
                let fed = (0..feeders.len()).filter(|index| matches[*index]);
                let pairs: Vec<Equal> = fed
                    .filter_map(|index| match feeders[index][..] {
                        [a, b] if !(problem.begun[a] && problem.begun[b]) => Some(Equal { a, b, weight }),
                        _ => None,
                    })
                    .collect();
                problem.equals.extend(pairs);
            }
            Kind::ShareOfPrimeTime { from, until } => {
                let shares = shares(problem, &matches, &Counts::Clock(*from, *until), weight);
                problem.shares.extend(shares);
            }
            Kind::ShareOfPitches(pitches) => {
                let shares = shares(problem, &matches, &Counts::Pitches(pitches.clone()), weight);
                problem.shares.extend(shares);
            }
            Kind::SessionsApart(minutes) => {
                let numbers = venues(problem);
                let within = instance.pitches.iter().map(|pitch| names_pitch(&rule.scope, pitch));
                let mut apart = Apart {
                    venues: within.zip(numbers).map(|(within, number)| within.then_some(number)).collect(),
                    begun: BTreeSet::new(),
                    matches: (0..matches.len())
                        .map(|index| matches[index] && instance.matches[index].crowd > 0)
                        .collect(),
                    minutes: *minutes,
                    weight,
                };
                apart.begun = (problem.options.iter().enumerate())
                    .filter(|(index, _)| problem.begun[*index])
                    .filter_map(|(index, options)| {
                        let option = options.first()?;
                        Some((apart.venue(index, option)?, problem.day(option.start)))
                    })
                    .collect();
                problem.aparts.push(apart);
            }
            _ => {
                if let Some(meter) = meter(problem, rule, weight, matches) {
                    problem.meters.push(meter);
                }
            }
        }
    }
}

/// The meter of a rule that has one.
fn meter(problem: &Problem, rule: &Rule, weight: Weight, matches: Vec<bool>) -> Option<Meter> {
    let instance = problem.instance;
    let days = instance.days.len();
    let pitches = instance.pitches.len();
    let mut within: Vec<bool> =
        instance.pitches.iter().map(|pitch| names_pitch(&rule.scope, pitch)).collect();
    let (measure, most, buckets, group) = match &rule.kind {
        Kind::MatchesPerPitchAndDay(most) => (Measure::PitchDay, i64::from(*most), pitches * days, 1),
        Kind::MatchesPerVenueAndDay(most) => {
            (Measure::VenueDay(venues(problem)), i64::from(*most), pitches * days, 1)
        }
        Kind::WeeklyWear { surface, most } => {
            for (within, pitch) in within.iter_mut().zip(&instance.pitches) {
                *within &= surface.is_empty() || *surface == pitch.surface;
            }
            (Measure::Wear, i64::from(*most), pitches * days, days)
        }
        Kind::CrowdAtOnce(most) => {
            let mut times: Vec<Minute> =
                problem.options.iter().flatten().map(|option| option.start).collect();
            times.sort_unstable();
            times.dedup();
            let count = times.len();
            (Measure::Crowd(times), i64::from(*most), count, count)
        }
        _ => return None,
    };
    let (settled, group) = (Vec::new(), group.max(1));
    let mut meter = Meter { measure, days, most, settled, weight, matches, pitches: within, buckets, group };
    meter.settle(problem);
    Some(meter)
}

/// For each pitch the number of its venue.
fn venues(problem: &Problem) -> Vec<usize> {
    let pitches = &problem.instance.pitches;
    pitches
        .iter()
        .map(|pitch| pitches.iter().position(|other| other.venue == pitch.venue).unwrap_or_default())
        .collect()
}

/// The last matches of each group that has an even number of teams.
fn last_rounds(problem: &Problem, matches: &[bool]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
    for (index, game) in problem.instance.matches.iter().enumerate() {
        if matches[index] && !game.group.is_empty() {
            groups.entry((&game.competition, &game.stage, &game.group)).or_default().push(index);
        }
    }
    let mut ties = Vec::new();
    for members in groups.into_values() {
        let mut sides: Vec<Side> =
            members.iter().flat_map(|index| problem.instance.matches[*index].sides).collect();
        sides.sort_unstable();
        sides.dedup();
        let round = |index: &usize| problem.instance.matches[*index].round;
        let last = members.iter().map(round).max().unwrap_or(0);
        if sides.len().is_multiple_of(2) && last > 0 {
            let matches: Vec<usize> = members.into_iter().filter(|index| round(index) == last).collect();
            if matches.len() > 1 {
                ties.push(matches);
            }
        }
    }
    ties
}

/// The shares of each competition.
fn shares(problem: &Problem, matches: &[bool], counts: &Counts, weight: Weight) -> Vec<Share> {
    let instance = problem.instance;
    let mut competitions: BTreeMap<&str, Vec<Vec<usize>>> = BTreeMap::new();
    for (number, team) in instance.teams.iter().enumerate() {
        let named: Vec<usize> = (0..matches.len())
            .filter(|index| matches[*index] && instance.matches[*index].sides.contains(&Side::Team(number)))
            .collect();
        if !named.is_empty() {
            competitions.entry(&team.competition).or_default().push(named);
        }
    }
    competitions
        .into_values()
        .filter(|teams| teams.len() > 1 && !teams.iter().flatten().all(|index| problem.begun[*index]))
        .map(|teams| Share { teams, counts: counts.clone(), weight })
        .collect()
}
