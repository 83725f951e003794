//! Runs whose process has ended: nobody carries them out, so they are ended as interrupted.
//!
//! Each process holds the lease of its id for as long as it lives, however it ends. A run whose process has let go
//! of its lease is lost. On SQLite there is one process, and what another one has begun is always lost.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{Stream, StreamExt};
use matchday_api::scheduling::v1 as pb;
use matchday_rpc::fault_status;
use matchday_runtime::{Desk, events};
use matchday_store::{Event, Lease, Locks, Position, Record, StoreError, Tx};
use prost::Name;
use tonic::Status;

use super::rows::finish;
use crate::{
    Error,
    domain::run::State,
    store::runs::{self, RunRow},
};

/// What a run says that was interrupted.
pub(super) const INTERRUPTED: &str = "the process it ran in has ended: start it again, with a new request id";
/// How often it is looked for runs that are lost, and whether the lease is still held.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The lease of this process.
pub(crate) struct Holding {
    desk: Desk,
    holder: String,
    lease: Option<Lease>,
}

impl Holding {
    /// Takes the lease of a new id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]
    pub(crate) async fn take(desk: Desk) -> Result<Self, StoreError> {
        let holder = desk.new_id().to_string();
        let lease = desk.store().lease(&name_of(&holder)).await?;
        Ok(Self { desk, holder, lease })
    }

    /// Id of this process.
    pub(crate) fn holder(&self) -> &str {
        &self.holder
    }

    /// Holds the lease, and ends the runs of processes that have let go of theirs, for as long as the process runs.
    pub(crate) async fn tend(mut self) {
        loop {
            if let Err(status) = self.look().await {
                tracing::warn!(problem = status.message(), "runs of ended processes are not looked for");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn look(&mut self) -> Result<(), Status> {
        let is_held = match &mut self.lease {
            Some(lease) => lease.is_held().await,
            None => false,
        };
        if !is_held {
            self.lease = None;
            self.lease = self.lease_of(&self.holder).await?;
        }
        let mut conn = self.desk.read().await?;
        let rows = runs::open_elsewhere(&mut conn, &self.holder).await.map_err(Error::from)?;
        drop(conn);
        let mut by_holder: BTreeMap<String, Vec<RunRow>> = BTreeMap::new();
        for row in rows {
            by_holder.entry(row.holder.clone()).or_default().push(row);
        }
        for (holder, rows) in by_holder {
            let Some(_let_go) = self.lease_of(&holder).await? else { continue };
            for row in rows {
                self.end(row).await?;
            }
        }
        Ok(())
    }

    async fn lease_of(&self, holder: &str) -> Result<Option<Lease>, Status> {
        self.desk.store().lease(&name_of(holder)).await.map_err(|error| fault_status(&error))
    }

    async fn end(&self, row: RunRow) -> Result<(), Status> {
        let call = self.desk.own_call(&row.author, row.change_id.clone());
        let locks = Locks::of([&row.name]);
        self.desk.carry_out(call, locks, move |tx| Box::pin(interrupted(tx, row.name))).await.map(drop)
    }
}

async fn interrupted(tx: &mut Tx, name: String) -> Result<pb::Run, Error> {
    let row = RunRow::get(tx, &name).await?;
    let run = pb::Run { reason: INTERRUPTED.to_owned(), ..row.run()? };
    finish(tx, row, run, State::Interrupted).await
}

fn name_of(holder: &str) -> String {
    format!("runs/{holder}")
}

/// The event that ends a run, from now on, in whatever process it goes on.
pub(super) async fn end_of(
    desk: &Desk,
    name: &str,
) -> Result<impl Stream<Item = Result<Event, Status>> + Send + use<>, Status> {
    let log = desk.store().log();
    let head = log.head().await.map_err(|error| fault_status(&error))?;
    let tail = events::tail(&log, Position { log_id: Some(log.id()), sequence: head }).await?;
    let (name, kind) = (name.to_owned(), pb::RunEnded::full_name());
    let ends = tail.filter(move |event| {
        let is_end = event.as_ref().map_or(true, |event| event.r#type == kind && event.resource == name);
        std::future::ready(is_end)
    });
    Ok(ends.take(1))
}
