//! Runs of the timetable engine: each goes on until it has ended, whoever watches it or hangs up.
//!
//! | file | subject |
//! |---|---|
//! | `live` | the runs that wait or search in this process, and how far they are |
//! | `task` | what a run searches for, with its faults found before it begins |
//! | `search` | the search itself, in a thread of its own |
//! | `drafts` | what was found, as drafts |
//! | `rows` | the row of a run, from the beginning to the end |
//! | `lost` | runs whose process has ended |
//!
//! A run is a row from the beginning: that says whether it goes on. How far it is, is known in memory, and written
//! every few seconds. What ends first, counts ([`crate::domain::run::State::step`]).

mod drafts;
mod live;
mod lost;
mod rows;
mod search;
mod task;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, RunName, TournamentName};
use matchday_rpc::Peer;
use matchday_runtime::Desk;
use matchday_store::{Call, Locks, StoreError};
use prost::Message;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::MissedTickBehavior,
};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};

use self::{
    live::{Live, Registry, Telling},
    rows::{End, cancelled, concluded, enter, kept},
    search::search,
    task::Prepared,
};
use crate::{
    Error,
    domain::{disruption::Disruption, run::Budget},
    inquiry::Inquiry,
    store::runs::{self, RunRow},
};

pub(crate) use live::Progress;
pub(crate) use lost::Holding;

/// Runs that search at once: each takes a core.
const SEARCHING: usize = 2;
/// Runs that wait until another has ended.
const WAITING: usize = 8;
/// How often it is written how far a run is.
const WRITE_EVERY: Duration = Duration::from_secs(5);
/// How long the end of a run waits before it is written again.
const RETRY: Duration = Duration::from_millis(500);

/// What somebody asks a run for, read and checked as far as it can be alone.
pub(crate) struct Order {
    /// The tournament.
    pub(crate) tournament: TournamentName,
    /// What the run does.
    pub(crate) kind: pb::RunKind,
    /// What it may spend.
    pub(crate) budget: Budget,
    /// What has happened.
    pub(crate) disruptions: Vec<Disruption>,
    /// Name of the version that the caller takes to be in force; empty when it does not say.
    pub(crate) seen: String,
    /// The run as it was asked for: its kind, its budget and its disruptions.
    pub(crate) asked: pb::Run,
}

/// Carries out runs.
#[derive(Clone)]
pub(crate) struct Runs {
    desk: Desk,
    inquiry: Inquiry,
    /// Id of this process.
    holder: Arc<str>,
    live: Registry,
    /// Places of runs that wait or search.
    room: Arc<Semaphore>,
    /// Places of runs that search.
    turns: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Runs {
    pub(crate) fn new(desk: Desk, venues: &Peer, holding: &Holding, stop: CancellationToken) -> Self {
        Self {
            inquiry: Inquiry::new(venues),
            holder: holding.holder().into(),
            live: Registry::default(),
            room: Arc::new(Semaphore::new(SEARCHING + WAITING)),
            turns: Arc::new(Semaphore::new(SEARCHING)),
            desk,
            stop,
        }
    }

    /// Begins a run, and tells how far it is. A repeat with the same request id attaches to the same run.
    pub(crate) async fn start(
        &self,
        request: &Request<impl Message>,
        order: Order,
    ) -> Result<Progress, Status> {
        let call = self.desk.call(request)?;
        if let Some(name) = self.requested(&call, &order).await? {
            return self.watch(&name).await;
        }
        let room = self.room.clone().try_acquire_owned();
        let room = room.map_err(|_| Error::RunsFull { searching: SEARCHING, waiting: WAITING })?;
        let prepared = self.prepare(&order).await?;
        let runs = self.clone();
        // a caller that hangs up now leaves no run that nobody carries out
        let begun = tokio::spawn(async move { runs.begin(call, order, prepared, room).await });
        let name = begun.await.map_err(|error| Error::from(Common::internal(error)))??;
        self.watch(&name).await
    }

    /// The run that a request names already.
    async fn requested(&self, call: &Call, order: &Order) -> Result<Option<String>, Status> {
        let request_id = call.request_id.as_deref().unwrap_or_default();
        let mut conn = self.desk.read().await?;
        let found = runs::requested(&mut conn, &call.actor, order.kind, request_id).await;
        let Some(row) = found.map_err(Error::from)? else { return Ok(None) };
        let run = row.run().map_err(Error::from)?;
        let is_same = row.tournament == order.tournament.as_str()
            && run.budget == order.asked.budget
            && run.disruptions == order.asked.disruptions;
        if is_same {
            return Ok(Some(row.name));
        }
        let (method, request_id) = (call.method.clone(), request_id.to_owned());
        Err(Error::from(StoreError::RequestIdReused { method, request_id }).into())
    }

    /// Enters a run, and carries it out from now on.
    async fn begin(
        self,
        call: Call,
        order: Order,
        prepared: Prepared,
        room: OwnedSemaphorePermit,
    ) -> Result<String, Status> {
        let locks = Locks::of([order.tournament.as_str()]);
        let row = RunRow {
            tournament: order.tournament.to_string(),
            kind: order.kind.into(),
            author: call.actor.clone(),
            request_id: call.request_id.clone().unwrap_or_default(),
            change_id: call.change.clone(),
            holder: self.holder.to_string(),
            ..RunRow::default()
        };
        let run = pb::Run { base: prepared.base.clone(), ..order.asked };
        let tournament = order.tournament.clone();
        // a repeat that came at the same time is given the first one's reply, and enters nothing
        let (entered, mut is_entered) = oneshot::channel();
        let run = self
            .desk
            .carry_out(call, locks, move |tx| Box::pin(enter(tx, tournament, row, run, entered)))
            .await?;
        let name = run.name.clone();
        if let Ok(row) = is_entered.try_recv() {
            let live = self.live.enter(run);
            let carried_out = self.carry_out(live, row, prepared, order.tournament, room);
            tokio::spawn(carried_out);
        }
        Ok(name)
    }

    /// Carries out a run to its end.
    async fn carry_out(
        self,
        live: Live,
        row: RunRow,
        prepared: Prepared,
        tournament: TournamentName,
        _room: OwnedSemaphorePermit,
    ) {
        let end = self.searched(&live, &row, prepared, tournament).await;
        let run = match end {
            Some(end) => self.conclude(&live, &row, end).await,
            // it was cancelled: how, is in its row
            None => self.stored(&row.name).await.unwrap_or_else(|_| live.run()),
        };
        self.live.leave(run);
    }

    /// Waits for a turn, and searches. `None` when the run has ended meanwhile.
    async fn searched(
        &self,
        live: &Live,
        row: &RunRow,
        prepared: Prepared,
        tournament: TournamentName,
    ) -> Option<End> {
        let turn = tokio::select! {
            turn = self.turns.clone().acquire_owned() => turn.expect("the semaphore is never closed"),
            () = live.halt.cancelled() => return None,
            () = self.stop.cancelled() => return Some(End::Interrupted),
        };
        live.searches();
        let telling = Telling::new(live.clone());
        let name = row.name.clone();
        let mut search = tokio::task::spawn_blocking(move || {
            let found = search(&prepared.task, prepared.budget, telling);
            drop(turn);
            match found {
                Ok((answer, progress)) => {
                    End::Answered(Box::new(prepared.conclusion(name, tournament, answer)), progress)
                }
                Err(defect) => End::Failed(defect),
            }
        });
        let mut writing = tokio::time::interval(WRITE_EVERY);
        writing.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                end = &mut search => {
                    let failed = |error: tokio::task::JoinError| {
                        tracing::error!(run = row.name, %error, "a search has ended by a defect");
                        End::Failed("the search has ended by a defect: its cause is in the log of the process".to_owned())
                    };
                    return (!live.halt.is_cancelled()).then(|| end.unwrap_or_else(failed));
                }
                _ = writing.tick() => self.write_progress(live, row).await,
                () = live.halt.cancelled() => return None,
                () = self.stop.cancelled() => {
                    live.halt.cancel();
                    return Some(End::Interrupted);
                }
            }
        }
    }

    /// Writes how far a run is; one that was ended elsewhere is halted.
    async fn write_progress(&self, live: &Live, row: &RunRow) {
        let (run, name) = (live.run(), row.name.clone());
        let call = self.desk.own_call(&row.author, row.change_id.clone());
        let locks = Locks::of([&row.name]);
        match self.desk.carry_out(call, locks, move |tx| Box::pin(kept(tx, name, run))).await {
            Ok(run) if !is_open(&run) => live.halt.cancel(),
            Ok(_) => {}
            Err(status) => {
                tracing::warn!(
                    run = row.name,
                    problem = status.message(),
                    "how far a run is, is not written"
                );
            }
        }
    }

    /// Writes how a run has ended, for as long as that fails and the process runs.
    async fn conclude(&self, live: &Live, row: &RunRow, end: End) -> pb::Run {
        let mut end = Arc::new(end);
        loop {
            let (name, ending) = (row.name.clone(), end.clone());
            let call = self.desk.own_call(&row.author, row.change_id.clone());
            let locks = Locks::of([&row.tournament, &row.name]);
            let written =
                self.desk.carry_out(call, locks, move |tx| Box::pin(concluded(tx, name, ending))).await;
            let status = match written {
                Ok(run) => return run,
                Err(status) => status,
            };
            tracing::warn!(run = row.name, problem = status.message(), "the end of a run is not written");
            if self.stop.is_cancelled() {
                return pb::Run { state: pb::RunState::Interrupted.into(), ..live.run() };
            }
            if matches!(status.code(), tonic::Code::Unavailable | tonic::Code::Aborted) {
                tokio::time::sleep(RETRY).await;
            } else if matches!(*end, End::Failed(_)) {
                return pb::Run { state: pb::RunState::Failed.into(), ..live.run() };
            } else {
                end = Arc::new(End::Failed(format!("what was found cannot be kept: {}", status.message())));
            }
        }
    }

    /// How far a run is: as it goes on where it goes on here, otherwise as it is, and as it has ended.
    pub(crate) async fn watch(&self, name: &str) -> Result<Progress, Status> {
        if let Some(live) = self.live.get(name) {
            return Ok(live.progress());
        }
        let end = lost::end_of(&self.desk, name).await?;
        let run = self.read(name).await?;
        let is_open = is_open(&run);
        let now = stream::iter([Ok(run)]);
        if !is_open {
            return Ok(now.boxed());
        }
        let (runs, name) = (self.clone(), name.to_owned());
        let ended = end.then(move |event| {
            let (runs, name) = (runs.clone(), name.clone());
            async move {
                event?;
                runs.read(&name).await
            }
        });
        Ok(now.chain(ended.take_until(self.stop.clone().cancelled_owned())).boxed())
    }

    /// A run as it is.
    pub(crate) async fn read(&self, name: &str) -> Result<pb::Run, Status> {
        let row: RunRow = self.desk.get::<RunName, _>(name).await?;
        self.as_it_goes(&row)
    }

    /// A run as it was written last.
    async fn stored(&self, name: &str) -> Result<pb::Run, Status> {
        let row: RunRow = self.desk.get::<RunName, _>(name).await?;
        Ok(row.run().map_err(Error::from)?)
    }

    /// The run of a row, as far as it is by now.
    pub(crate) fn as_it_goes(&self, row: &RunRow) -> Result<pb::Run, Status> {
        let stored = row.run().map_err(Error::from)?;
        Ok(self.live.get(&row.name).map_or(stored, |live| live.run()))
    }

    /// Ends a run without drafts.
    pub(crate) async fn cancel(
        &self,
        request: &Request<pb::CancelRunRequest>,
        name: RunName,
    ) -> Result<pb::CancelRunResponse, Status> {
        let locks = Locks::of([name.as_str()]);
        let response: pb::CancelRunResponse = self
            .desk
            .carry_out(self.desk.call(request)?, locks, move |tx| Box::pin(cancelled(tx, name)))
            .await?;
        if let Some(run) = response.run.clone().filter(|run| !is_open(run)) {
            self.live.leave(run);
        }
        Ok(response)
    }
}

/// Whether a run may still go on.
fn is_open(run: &pb::Run) -> bool {
    matches!(run.state(), pb::RunState::Queued | pb::RunState::Running)
}

/// A run without what may be long.
pub(crate) fn in_short(mut run: pb::Run) -> pb::Run {
    run.options.iter_mut().for_each(|option| option.moves.clear());
    run
}
