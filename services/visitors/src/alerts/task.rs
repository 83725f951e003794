//! The task that looks: after writes, and after a while without any, because time alone raises alerts, too.

use std::time::Duration;

use matchday_kernel::VenueName;
use matchday_rpc::fault_status;
use matchday_runtime::Desk;
use matchday_store::{Locks, StoreError};
use tokio::time::{Instant, sleep, timeout};
use tonic::Status;

use super::{
    alerts_of,
    decide::{Known, decide},
    keep::keep,
    measured, rules,
};
use crate::{Error, store::alerts::tracks};

/// How often it looks where nothing was written.
const LOOKS_EVERY: Duration = Duration::from_secs(5);
/// How long it rests after a look, at the least.
const RESTS: Duration = Duration::from_millis(500);
/// It rests so many times as long as it looked: gates go first.
const RESTS_TIMES: u32 = 4;

/// Looks at every venue for as long as the process runs.
pub(crate) async fn tend(desk: Desk) {
    let mut log = desk.store().log().subscribe();
    loop {
        // what is appended while it looks wakes it again
        log.borrow_and_update();
        let begun = Instant::now();
        if let Err(status) = look(&desk).await {
            tracing::warn!(problem = status.message(), "alerts are not looked for");
        }
        sleep(RESTS.max(begun.elapsed() * RESTS_TIMES)).await;
        // neither silence nor the end of the log is an error: the task ends with the process
        let _ = timeout(LOOKS_EVERY, log.changed()).await;
    }
}

/// Looks at every venue once.
async fn look(desk: &Desk) -> Result<(), Status> {
    let mut conn = desk.read().await?;
    let venues = tracks::venues(&mut conn, desk.now()).await.map_err(Error::from)?;
    drop(conn);
    for venue in venues {
        let venue: VenueName =
            venue.parse().map_err(|problem| fault_status(&StoreError::internal(problem)))?;
        // whatever is wrong with one venue keeps no other from its alerts
        if let Err(status) = look_at(desk, &venue).await {
            tracing::warn!(%venue, problem = status.message(), "alerts are not looked for");
        }
    }
    Ok(())
}

/// Looks at a venue once, and keeps what changed.
async fn look_at(desk: &Desk, venue: &VenueName) -> Result<(), Status> {
    let mut conn = desk.read().await?;
    let rules = rules::of_venue(&mut conn, venue.as_str()).await?;
    let at = desk.now();
    let conditions = measured(&mut conn, venue, &rules, at).await?;
    let known = Known::of(&mut conn, venue.as_str()).await.map_err(Error::from)?;
    drop(conn);
    if decide(&known, &conditions, &rules, at).map_err(Error::from)?.is_empty() {
        return Ok(());
    }
    let call = desk.own_call("services/visitors", desk.new_change());
    let (locks, name) = (Locks::of([alerts_of(venue.as_str())]), venue.to_string());
    desk.carry_out(call, locks, move |tx| {
        Box::pin(async move {
            // nothing is answered: nobody asked
            keep(tx, &name, &conditions, &rules, at).await.map_err(Error::from)
        })
    })
    .await
}
