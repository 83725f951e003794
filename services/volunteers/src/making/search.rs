//! One search of the engine: what is asked of it, how it goes on, and what it has found as a roster without a name.

use std::{
    collections::BTreeSet,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, SignedDuration};
use matchday_roster::{
    check::check,
    model,
    outcome::{self, Progress},
    pace::fitting,
    repair::{self, Price, Weights, What, repair},
    solve::complete,
};
use matchday_rpc::parse;
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    domain::instance::{Basis, Purpose, Stated, Task},
};

/// Parts of a search that run at once.
const THREADS: usize = 2;
/// Search of which nobody said how long it may take, in seconds.
const USUAL: i32 = 30;
/// The same of a repair, which searches a few days alone.
const USUAL_REPAIR: i32 = 5;
/// The same of a repair that nobody asked for: others use the machine, too.
const PROPOSAL: i32 = 2;
/// Changes that a repair tries in a second at most: a time that ends sooner ends it.
const TRIED: u64 = 10_000_000;
/// Posts that a scope names at most.
const MOST_POSTS: usize = 100;
/// Longest search, in seconds.
const LONGEST: i32 = 600;
/// Shortest time between two messages of a search.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What is asked of a search.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) budget: pb::RosterBudget,
    pub(super) purpose: pb::RosterPurpose,
    pub(super) scope: Option<pb::RosterScope>,
}

impl Asked {
    pub(super) fn parse(request: &pb::GenerateRosterRequest) -> Result<Self, Error> {
        let purpose = match request.purpose {
            0 => pb::RosterPurpose::Fill,
            purpose => parse::one_of("purpose", purpose)?,
        };
        let usual = if purpose == pb::RosterPurpose::Repair { USUAL_REPAIR } else { USUAL };
        let pb::RosterBudget { seconds, seed } = request.budget.unwrap_or_default();
        let seconds = if seconds == 0 { usual } else { seconds };
        if !(1..=LONGEST).contains(&seconds) {
            return Err(Common::field("budget.seconds", format!("is {seconds}: give 1 to {LONGEST}")).into());
        }
        let scope = request.scope.clone();
        if let Some(posts) = scope.as_ref().map(|scope| scope.posts.len()).filter(|posts| *posts > MOST_POSTS)
        {
            return Err(
                Common::field("scope.posts", format!("names {posts}: give at most {MOST_POSTS}")).into()
            );
        }
        Ok(Self { budget: pb::RosterBudget { seconds, seed }, purpose, scope })
    }

    /// What a repair that nobody asked for may spend.
    pub(super) fn proposal() -> Self {
        let budget = pb::RosterBudget { seconds: PROPOSAL, seed: 0 };
        Self { budget, purpose: pb::RosterPurpose::Repair, scope: None }
    }

    pub(super) fn task(&self) -> Result<Task, Error> {
        let purpose = match self.purpose {
            pb::RosterPurpose::Repair => Purpose::Repair,
            pb::RosterPurpose::Regenerate => Purpose::Regenerate,
            pb::RosterPurpose::Fill | pb::RosterPurpose::Unspecified => Purpose::Fill,
        };
        let scope = self.scope.clone().unwrap_or_default();
        let (from, until) =
            (parse::instant("scope.from", scope.from)?, parse::instant("scope.until", scope.until)?);
        Ok(Task { purpose, from, until, posts: scope.posts })
    }
}

/// What a search has found.
pub(super) struct Found {
    roster: model::Roster,
    progress: pb::RosterProgress,
    price: Option<Price>,
    /// Volunteers and shifts that can be no longer.
    lost: BTreeSet<(usize, usize)>,
    broken_groups: usize,
}

/// Searches until the time is spent, the best is proven, or the process ends; tells how far it is.
pub(super) fn search(
    stated: &Stated,
    asked: &Asked,
    changes: Weights,
    begun: Instant,
    stop: &CancellationToken,
    tell: impl Fn(pb::RosterProgress),
) -> Found {
    let end = u64::try_from(asked.budget.seconds).unwrap_or_default() * 1_000_000;
    let clock = || if stop.is_cancelled() { u64::MAX } else { micros(begun.elapsed()) };
    let mut told: Option<Instant> = None;
    let mut watch = |progress: Progress| {
        let now = Instant::now();
        if told.is_none_or(|told| now.duration_since(told) >= TELL_EVERY) {
            told = Some(now);
            let bound = (progress.bound > i64::MIN).then_some(progress.bound);
            tell(said(progress.best, bound, progress.iteration, begun));
        }
        if clock() < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let Stated { instance, settled, kept, .. } = stated;
    let fixed = outcome::Budget {
        seed: asked.budget.seed.cast_unsigned(),
        passes: 0,
        iterations: 0,
        threads: THREADS,
    };
    if asked.purpose == pb::RosterPurpose::Repair {
        let seconds = u64::try_from(asked.budget.seconds).unwrap_or_default();
        let mut published = kept.clone();
        for (volunteer, shift) in &stated.broken {
            published.crews[*shift].push(*volunteer);
        }
        let standing =
            repair::Standing { published: &published, lost: &stated.broken, settled, days: &stated.days };
        let budget = outcome::Budget { iterations: seconds * TRIED, ..fixed };
        let repaired = repair(instance, standing, changes, budget, &mut watch);
        let lost = repaired.changes.iter().filter(|change| change.what == What::Lost);
        return Found {
            progress: said(repaired.price.quality, None, repaired.iterations, begun),
            price: Some(repaired.price),
            lost: lost.map(|change| (change.volunteer, change.shift)).collect(),
            broken_groups: check(instance, &repaired.roster).broken_groups,
            roster: repaired.roster,
        };
    }
    let fit = fitting(instance, settled, kept, fixed, end, &clock);
    let outcome = complete(instance, settled, kept, fit, &mut watch);
    Found {
        progress: said(outcome.cost, Some(outcome.bound), outcome.iterations, begun),
        price: None,
        lost: BTreeSet::new(),
        broken_groups: outcome.broken_groups,
        roster: outcome.roster,
    }
}

fn said(cost: i64, bound: Option<i64>, iterations: u64, begun: Instant) -> pb::RosterProgress {
    let iterations = i64::try_from(iterations).unwrap_or(i64::MAX);
    pb::RosterProgress { cost, bound, iterations, elapsed: Some(length(begun.elapsed())) }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// In whole milliseconds.
fn length(time: Duration) -> prost_types::Duration {
    let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    parse::to_duration(SignedDuration::from_millis(millis))
}

/// What was found, without a name.
pub(super) fn roster(basis: &Basis, stated: &Stated, found: &Found, asked: Asked, task: &Task) -> pb::Roster {
    let seats = basis.seats(task, stated, &found.roster, &found.lost);
    let seat = |(shift, volunteer)| pb::RosterSeat { shift, volunteer };
    let released = |(shift, volunteer, lost)| pb::ReleasedSeat { shift, volunteer, lost };
    let count = |things: usize| i32::try_from(things).unwrap_or(i32::MAX);
    pb::Roster {
        budget: Some(asked.budget),
        purpose: asked.purpose.into(),
        scope: asked.scope,
        seats: seats.taken.into_iter().map(seat).collect(),
        released: seats.released.into_iter().map(released).collect(),
        unfilled: seats.open.into_iter().map(|(shift, seats)| pb::UnfilledShift { shift, seats }).collect(),
        progress: Some(found.progress),
        price: found.price.map(|price| pb::RepairPrice {
            people: count(price.people),
            assignments: count(price.assignments),
            quality: price.quality,
            total: price.total,
        }),
        broken_groups: count(found.broken_groups),
        base_time: Some(parse::to_timestamp(basis.now)),
        ..pb::Roster::default()
    }
}
