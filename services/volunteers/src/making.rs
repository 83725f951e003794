//! Rosters being made: each search goes on until it has ended, whoever listens or hangs up, and ends in a draft.
//!
//! A search lives in memory alone. When its process ends before it does, nothing of it stays, and it is asked for again.

mod proposal;
mod search;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use futures_util::{StreamExt, stream};
use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, RosterName, Slug, TournamentName};
use matchday_roster::{repair::Weights, validate::validate};
use matchday_rpc::parse;
use matchday_runtime::Desk;
use matchday_store::{BoxStream, Call, Conn, Locks, Record, StoreError, Tx};
pub(crate) use proposal::Proposed;
use prost::Message;
use search::{Asked, roster, search};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};

use crate::{
    Error,
    domain::{
        assignment::State,
        instance::{Basis, Posted, Standing, Stated, Task},
    },
    grpc::fill,
    roster::emit,
    store::{
        assignments::{self, AssignmentRow},
        hours,
        limits::limits,
        phases::phases,
        roster_rules,
        rosters::{self, RosterRow},
        shifts::{self, ShiftRow},
        volunteers,
    },
};

/// Searches at once: each takes a core or two.
const MOST_SEARCHES: usize = 2;

/// What is told of a search.
#[derive(Clone, Debug)]
enum Told {
    Progress(pb::RosterProgress),
    Ended(Box<Result<pb::Roster, Status>>),
}

/// A stream of what is told of a search; the last is the roster.
pub(crate) type Replies = BoxStream<'static, Result<pb::GenerateRosterResponse, Status>>;

/// A search that goes on.
#[derive(Debug)]
struct Search {
    author: String,
    request_id: Option<String>,
    asked: Asked,
    told: watch::Receiver<Told>,
    /// Of one that nobody asked for: ends it, where somebody asks for another one.
    proposal: Option<CancellationToken>,
}

/// What to search in, and for what.
struct Sought {
    basis: Basis,
    stated: Stated,
    asked: Asked,
    task: Task,
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
    let mut candidates = fill::candidates(conn, tournament, &held).await?;
    fill::keep_away(&mut candidates, &held, &shifts.iter().map(|one| &one.shift))?;
    Ok(Basis {
        shifts,
        standing: standing(&held)?,
        candidates,
        leaders: volunteers::leaders(conn, tournament).await?,
        limits: limits(conn, tournament).await?,
        rules: roster_rules::rules(conn, tournament).await?,
        night: hours::night_rule(conn, tournament).await?.0,
        now,
    })
}

fn standing(rows: &[AssignmentRow]) -> Result<Standing, StoreError> {
    let mut standing = Standing::default();
    for row in rows {
        let assignment = row.assignment()?;
        let seat = (row.shift.clone(), row.volunteer.clone());
        match assignment.state {
            State::ToBeReplaced => standing.broken.insert(seat),
            State::Declined | State::NoShow | State::Withdrawn | State::Left => standing.vacated.insert(seat),
            _ if assignment.is_pinned => standing.pinned.insert(seat),
            _ => false,
        };
    }
    Ok(standing)
}

/// A shift and where it stands in the plan.
pub(crate) fn posted(row: ShiftRow) -> Result<Posted, StoreError> {
    Ok(Posted { shift: row.shift()?, post: row.post, place: row.place, is_closed: false })
}

/// States for the engine what there is to fill, if it takes it.
pub(crate) fn stated(basis: &Basis, task: &Task) -> Result<Stated, Error> {
    let stated = basis.state(task);
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
        let asked = Asked::parse(request.get_ref())?;
        let task = asked.task()?;
        let call = self.desk.call(request)?;
        if let Some(replies) = self.repeated(&call, &tournament, &asked).await? {
            return Ok(replies);
        }
        let mut conn = self.desk.read().await?;
        let mut basis = read(&mut conn, tournament.as_str(), self.desk.now()).await?;
        let phases = phases(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        drop(conn);
        basis.close_where(|shift, zone| phases.check_plan(shift, zone).is_err());
        if !basis.has_work(&task) {
            let problem =
                "has no shift to come with open seats there: `matchday shift list` shows its shifts";
            return Err(Error::from(Common::field("parent", problem)).into());
        }
        if basis.candidates.is_empty() {
            let problem = "has no volunteers: import them first";
            return Err(Error::from(Common::field("parent", problem)).into());
        }
        let stated = stated(&basis, &task)?;
        let (teller, told) = watch::channel(Told::Progress(pb::RosterProgress::default()));
        {
            let mut searches = self.searches();
            // a repeat that came at the same time
            if let Some(told) = same(&searches, &call, &tournament, &asked)? {
                return Ok(Self::replies(told));
            }
            // what nobody asked for makes room
            searches
                .retain(|_, search| search.proposal.as_ref().inspect(|proposal| proposal.cancel()).is_none());
            if searches.contains_key(tournament.as_str()) || searches.len() >= MOST_SEARCHES {
                return Err(Error::RosterBusy { most: MOST_SEARCHES }.into());
            }
            let (author, request_id) = (call.actor.clone(), call.request_id.clone());
            let search =
                Search { author, request_id, asked: asked.clone(), told: told.clone(), proposal: None };
            searches.insert(tournament.to_string(), search);
        }
        let (making, listening) = (self.clone(), told.clone());
        tokio::spawn(async move {
            let sought = Sought { basis, stated, asked, task };
            let found = making.search(sought, making.stop.clone(), teller.clone()).await;
            let ended = match found {
                Ok(roster) => making.keep(call, &tournament, roster, None).await,
                Err(status) => Err(status),
            };
            making.searches().retain(|_, search| !search.told.same_channel(&listening));
            teller.send_replace(Told::Ended(Box::new(ended)));
        });
        Ok(Self::replies(told))
    }

    /// The search, or the roster, that a request names already.
    async fn repeated(
        &self,
        call: &Call,
        tournament: &TournamentName,
        asked: &Asked,
    ) -> Result<Option<Replies>, Status> {
        if let Some(told) = same(&self.searches(), call, tournament, asked)? {
            return Ok(Some(Self::replies(told)));
        }
        let request_id = call.request_id.as_deref().unwrap_or_default();
        let mut conn = self.desk.read().await?;
        let row = rosters::requested(&mut conn, &call.actor, request_id).await.map_err(Error::from)?;
        let Some(row) = row else { return Ok(None) };
        let roster = row.roster().map_err(Error::from)?;
        let of = Asked {
            budget: roster.budget.unwrap_or_default(),
            purpose: roster.purpose(),
            scope: roster.scope.clone(),
        };
        if row.tournament != tournament.as_str() || of != *asked {
            return Err(reused(call));
        }
        Ok(Some(stream::iter([reply(Told::Ended(Box::new(Ok(roster))))]).boxed()))
    }

    /// Searches until it has ended.
    async fn search(
        &self,
        sought: Sought,
        stop: CancellationToken,
        teller: watch::Sender<Told>,
    ) -> Result<pb::Roster, Status> {
        let searching = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let Sought { basis, stated, asked, task } = sought;
            let changes =
                Weights { person: basis.rules.person_told, assignment: basis.rules.assignment_taken };
            let found = search(&stated, &asked, changes, begun, &stop, |progress| {
                teller.send_replace(Told::Progress(progress));
            });
            roster(&basis, &stated, &found, asked, &task)
        });
        Ok(searching.await.map_err(|error| Error::from(Common::internal(error)))?)
    }

    /// Keeps what was found as a draft; of a proposal, unless somebody has made a roster since something broke.
    async fn keep(
        &self,
        call: Call,
        tournament: &TournamentName,
        roster: pb::Roster,
        broken: Option<i64>,
    ) -> Result<pb::Roster, Status> {
        let locks = Locks::of([tournament.as_str()]);
        let request_id = call.request_id.clone().unwrap_or_default();
        // it is made now, not when it was asked for
        let call = Call { now: self.desk.now(), ..call };
        let tournament = tournament.clone();
        let kept = self
            .desk
            .carry_out(call, locks, move |tx| Box::pin(keep(tx, tournament, request_id, roster, broken)));
        kept.await
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
    asked: &Asked,
) -> Result<Option<watch::Receiver<Told>>, Status> {
    let is_named = |search: &Search| {
        search.author == call.actor && search.request_id.is_some() && search.request_id == call.request_id
    };
    match searches.iter().find(|(_, search)| is_named(search)) {
        None => Ok(None),
        Some((of, search)) if of == tournament.as_str() && search.asked == *asked => {
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
        Told::Ended(roster) => pb::generate_roster_response::Told::Roster(Box::new((*roster)?)),
    };
    Ok(pb::GenerateRosterResponse { told: Some(told) })
}

/// As of when a roster was made, in microseconds: what broke later it does not know.
pub(crate) fn made_of(roster: &pb::Roster) -> i64 {
    let base = roster.base_time.or(roster.create_time).unwrap_or_default();
    base.seconds.saturating_mul(1_000_000).saturating_add(i64::from(base.nanos) / 1_000)
}

/// Keeps a roster as the tournament's latest draft; of a proposal, what somebody has made since something broke instead.
async fn keep(
    tx: &mut Tx,
    tournament: TournamentName,
    request_id: String,
    roster: pb::Roster,
    broken: Option<i64>,
) -> Result<pb::Roster, Error> {
    let latest = rosters::latest(tx, tournament.as_str()).await?;
    if let (Some(broken), Some(row)) = (broken, &latest) {
        let made = row.roster()?;
        if made_of(&made) >= broken {
            return Ok(made);
        }
    }
    let number = latest.map_or(1, |row| row.number + 1);
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
