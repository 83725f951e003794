//! Rosters being made: each search goes on until it has ended, whoever listens or hangs up, and ends in a draft.
//!
//! A search lives in memory alone. When its process ends before it does, nothing of it stays, and it is asked for again.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, RosterName, SignedDuration, Slug, TournamentName};
use matchday_roster::{
    outcome::{self, Outcome},
    pace::fitting,
    solve::complete,
    validate::validate,
};
use matchday_rpc::parse;
use matchday_runtime::Desk;
use matchday_store::{BoxStream, Call, Conn, Locks, Record, StoreError, Tx};
use prost::Message;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};

use crate::{
    Error,
    domain::instance::{Basis, Posted, Stated},
    grpc::fill,
    roster::emit,
    store::{
        assignments,
        limits::limits,
        rosters::{self, RosterRow},
        shifts::{self, ShiftRow},
        volunteers,
    },
};

/// Searches at once: each takes a core or two.
const MOST_SEARCHES: usize = 2;
/// Parts of a search that run at once.
const THREADS: usize = 2;
/// Search of which nobody said how long it may take, in seconds.
const USUAL: i32 = 30;
/// Longest search, in seconds.
const LONGEST: i32 = 600;
/// Shortest time between two messages of a search.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What is told of a search.
#[derive(Clone, Debug)]
enum Told {
    Progress(pb::RosterProgress),
    Ended(Result<pb::Roster, Status>),
}

/// A stream of what is told of a search; the last is the roster.
pub(crate) type Replies = BoxStream<'static, Result<pb::GenerateRosterResponse, Status>>;

/// A search that goes on.
#[derive(Debug)]
struct Search {
    author: String,
    request_id: Option<String>,
    budget: pb::RosterBudget,
    told: watch::Receiver<Told>,
}

/// Makes rosters.
#[derive(Clone)]
pub(crate) struct Making {
    desk: Desk,
    stop: CancellationToken,
    /// The searches of this process, by tournament.
    searches: Arc<Mutex<BTreeMap<String, Search>>>,
}

/// Reads what a roster is made from.
pub(crate) async fn read(
    conn: &mut Conn,
    tournament: &str,
    now: matchday_kernel::Instant,
) -> Result<Basis, Error> {
    let mut rows: BTreeMap<String, ShiftRow> = shifts::open(conn, tournament, now, None, i64::MAX)
        .await?
        .into_iter()
        .map(|row| (row.name.clone(), row))
        .collect();
    let held = assignments::of_tournament(conn, tournament).await?;
    let others: BTreeSet<&str> =
        held.iter().map(|row| row.shift.as_str()).filter(|name| !rows.contains_key(*name)).collect();
    let others = shifts::named(conn, &others.into_iter().collect::<Vec<_>>()).await?;
    rows.extend(others.into_iter().map(|row| (row.name.clone(), row)));
    let mut shifts = rows.into_values().map(posted).collect::<Result<Vec<_>, StoreError>>()?;
    shifts
        .sort_by(|one, other| (one.shift.time, &one.shift.name).cmp(&(other.shift.time, &other.shift.name)));
    Ok(Basis {
        shifts,
        candidates: fill::candidates(conn, tournament, &held).await?,
        leaders: volunteers::leaders(conn, tournament).await?,
        limits: limits(conn, tournament).await?,
        now,
    })
}

/// A shift and where it stands in the plan.
pub(crate) fn posted(row: ShiftRow) -> Result<Posted, StoreError> {
    Ok(Posted { shift: row.shift()?, post: row.post, place: row.place })
}

/// States for the engine what there is to fill, if it takes it.
pub(crate) fn stated(basis: &Basis) -> Result<Stated, Error> {
    let stated = basis.state();
    match validate(&stated.instance).into_iter().next() {
        None => Ok(stated),
        Some(fault) => {
            Err(Common::field("parent", format!("cannot be stated for the engine: {fault}")).into())
        }
    }
}

impl Making {
    pub(crate) fn new(desk: Desk, stop: CancellationToken) -> Self {
        Self { desk, stop, searches: Arc::default() }
    }

    /// Begins a search, and tells how far it is. A repeat with the same request id is told of the same one.
    pub(crate) async fn start(
        &self,
        request: &Request<pb::GenerateRosterRequest>,
    ) -> Result<Replies, Status> {
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let budget = budget(request.get_ref().budget)?;
        let call = self.desk.call(request)?;
        if let Some(replies) = self.repeated(&call, &tournament, budget).await? {
            return Ok(replies);
        }
        let mut conn = self.desk.read().await?;
        let basis = read(&mut conn, tournament.as_str(), self.desk.now()).await?;
        drop(conn);
        if !basis.shifts.iter().any(|one| basis.is_open(&one.shift)) {
            let problem = "has no shift to come with open seats: `matchday shift list` shows its shifts";
            return Err(Error::from(Common::field("parent", problem)).into());
        }
        if basis.candidates.is_empty() {
            let problem = "has no volunteers: import them first";
            return Err(Error::from(Common::field("parent", problem)).into());
        }
        let stated = stated(&basis)?;
        let (teller, told) = watch::channel(Told::Progress(pb::RosterProgress::default()));
        {
            let mut searches = self.searches();
            // a repeat that came at the same time
            if let Some(told) = same(&searches, &call, &tournament, budget)? {
                return Ok(Self::replies(told));
            }
            if searches.contains_key(tournament.as_str()) || searches.len() >= MOST_SEARCHES {
                return Err(Error::RosterBusy { most: MOST_SEARCHES }.into());
            }
            let (author, request_id) = (call.actor.clone(), call.request_id.clone());
            let search = Search { author, request_id, budget, told: told.clone() };
            searches.insert(tournament.to_string(), search);
        }
        let making = self.clone();
        tokio::spawn(async move {
            let ended = making.make(call, &tournament, basis, stated, budget, teller.clone()).await;
            making.searches().remove(tournament.as_str());
            teller.send_replace(Told::Ended(ended));
        });
        Ok(Self::replies(told))
    }

    /// The search, or the roster, that a request names already.
    async fn repeated(
        &self,
        call: &Call,
        tournament: &TournamentName,
        budget: pb::RosterBudget,
    ) -> Result<Option<Replies>, Status> {
        if let Some(told) = same(&self.searches(), call, tournament, budget)? {
            return Ok(Some(Self::replies(told)));
        }
        let request_id = call.request_id.as_deref().unwrap_or_default();
        let mut conn = self.desk.read().await?;
        let row = rosters::requested(&mut conn, &call.actor, request_id).await.map_err(Error::from)?;
        let Some(row) = row else { return Ok(None) };
        let roster = row.roster().map_err(Error::from)?;
        if row.tournament != tournament.as_str() || roster.budget != Some(budget) {
            return Err(reused(call));
        }
        Ok(Some(stream::iter([reply(Told::Ended(Ok(roster)))]).boxed()))
    }

    /// Searches, and keeps what was found.
    async fn make(
        &self,
        call: Call,
        tournament: &TournamentName,
        basis: Basis,
        stated: Stated,
        budget: pb::RosterBudget,
        teller: watch::Sender<Told>,
    ) -> Result<pb::Roster, Status> {
        let stop = self.stop.clone();
        let searching = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let outcome = search(&stated, budget, begun, &stop, &teller);
            roster(&basis, &stated, &outcome, budget, begun.elapsed())
        });
        let roster = searching.await.map_err(|error| Error::from(Common::internal(error)))?;
        let locks = Locks::of([tournament.as_str()]);
        let request_id = call.request_id.clone().unwrap_or_default();
        // it is made now, not when it was asked for
        let call = Call { now: self.desk.now(), ..call };
        let tournament = tournament.clone();
        self.desk.carry_out(call, locks, move |tx| Box::pin(keep(tx, tournament, request_id, roster))).await
    }

    fn replies(mut told: watch::Receiver<Told>) -> Replies {
        // the first message is how far it is now
        told.mark_changed();
        let messages = stream::unfold(Some(told), |told| async {
            let mut told = told?;
            told.changed().await.ok()?;
            let now = told.borrow_and_update().clone();
            let next = matches!(now, Told::Progress(_)).then_some(told);
            Some((reply(now), next))
        });
        messages.boxed()
    }

    fn searches(&self) -> MutexGuard<'_, BTreeMap<String, Search>> {
        self.searches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is told of the search that a request names already.
fn same(
    searches: &BTreeMap<String, Search>,
    call: &Call,
    tournament: &TournamentName,
    budget: pb::RosterBudget,
) -> Result<Option<watch::Receiver<Told>>, Status> {
    let is_named = |search: &Search| {
        search.author == call.actor && search.request_id.is_some() && search.request_id == call.request_id
    };
    match searches.iter().find(|(_, search)| is_named(search)) {
        None => Ok(None),
        Some((of, search)) if of == tournament.as_str() && search.budget == budget => {
            Ok(Some(search.told.clone()))
        }
        Some(_) => Err(reused(call)),
    }
}

fn reused(call: &Call) -> Status {
    let (method, request_id) = (call.method.clone(), call.request_id.clone().unwrap_or_default());
    Error::from(StoreError::RequestIdReused { method, request_id }).into()
}

fn reply(told: Told) -> Result<pb::GenerateRosterResponse, Status> {
    let told = match told {
        Told::Progress(progress) => pb::generate_roster_response::Told::Progress(progress),
        Told::Ended(roster) => pb::generate_roster_response::Told::Roster(roster?),
    };
    Ok(pb::GenerateRosterResponse { told: Some(told) })
}

fn budget(asked: Option<pb::RosterBudget>) -> Result<pb::RosterBudget, Error> {
    let pb::RosterBudget { seconds, seed } = asked.unwrap_or_default();
    let seconds = if seconds == 0 { USUAL } else { seconds };
    if !(1..=LONGEST).contains(&seconds) {
        return Err(Common::field("budget.seconds", format!("is {seconds}: give 1 to {LONGEST}")).into());
    }
    Ok(pb::RosterBudget { seconds, seed })
}

/// Searches until the time is spent, the best is proven, or the process ends; tells how far it is.
fn search(
    stated: &Stated,
    budget: pb::RosterBudget,
    begun: Instant,
    stop: &CancellationToken,
    teller: &watch::Sender<Told>,
) -> Outcome {
    let end = u64::try_from(budget.seconds).unwrap_or_default() * 1_000_000;
    let clock = || if stop.is_cancelled() { u64::MAX } else { micros(begun.elapsed()) };
    let Stated { instance, settled, kept, .. } = stated;
    let seed = budget.seed.cast_unsigned();
    let fixed = outcome::Budget { seed, passes: 0, iterations: 0, threads: THREADS };
    let fit = fitting(instance, settled, kept, fixed, end, &clock);
    let mut told: Option<Instant> = None;
    complete(instance, settled, kept, fit, &mut |progress| {
        let now = Instant::now();
        if told.is_none_or(|told| now.duration_since(told) >= TELL_EVERY) {
            told = Some(now);
            teller.send_replace(Told::Progress(pb::RosterProgress {
                cost: progress.best,
                bound: (progress.bound > i64::MIN).then_some(progress.bound),
                iterations: i64::try_from(progress.iteration).unwrap_or(i64::MAX),
                elapsed: Some(length(begun.elapsed())),
            }));
        }
        if clock() < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
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
fn roster(
    basis: &Basis,
    stated: &Stated,
    outcome: &Outcome,
    budget: pb::RosterBudget,
    elapsed: Duration,
) -> pb::Roster {
    let seats = basis.seats(stated, &outcome.roster);
    let seat = |(shift, volunteer)| pb::RosterSeat { shift, volunteer };
    pb::Roster {
        budget: Some(budget),
        seats: seats.taken.into_iter().map(seat).collect(),
        unfilled: seats.open.into_iter().map(|(shift, seats)| pb::UnfilledShift { shift, seats }).collect(),
        progress: Some(pb::RosterProgress {
            cost: outcome.cost,
            bound: Some(outcome.bound),
            iterations: i64::try_from(outcome.iterations).unwrap_or(i64::MAX),
            elapsed: Some(length(elapsed)),
        }),
        broken_groups: i32::try_from(outcome.broken_groups).unwrap_or(i32::MAX),
        ..pb::Roster::default()
    }
}

/// Keeps a roster as the tournament's latest draft.
async fn keep(
    tx: &mut Tx,
    tournament: TournamentName,
    request_id: String,
    roster: pb::Roster,
) -> Result<pb::Roster, Error> {
    let number = rosters::latest(tx, tournament.as_str()).await?.map_or(1, |row| row.number + 1);
    let id: Slug = number.to_string().parse().map_err(Common::internal)?;
    let row = RosterRow {
        name: RosterName::new(&tournament, id).to_string(),
        tournament: tournament.to_string(),
        number,
        state: pb::RosterState::Draft.into(),
        author: tx.actor().to_owned(),
        request_id,
        body: roster.encode_to_vec(),
        ..RosterRow::default()
    };
    let made = pb::RosterMade {
        roster: row.name.clone(),
        seats: i32::try_from(roster.seats.len()).unwrap_or(i32::MAX),
        open_seats: roster.unfilled.iter().map(|shift| shift.seats).fold(0, i32::saturating_add),
    };
    emit(tx, tournament.as_str(), &row.name, &made);
    Ok(row.create(tx).await?.roster()?)
}
