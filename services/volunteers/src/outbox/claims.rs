//! Messages claimed before an attempt and settled after it. All of it under the lock of the outbox.

use std::collections::BTreeSet;

use matchday_kernel::{BroadcastName, Common};
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::message::{Channel, Outcome, State, after, cut},
    grpc::messages::settle,
    store::messages::{self, MessageRow},
};

/// Claims messages that are due for a process: at most so many. They are sent after the commit.
pub(super) async fn claim(
    tx: &mut Tx,
    holder: &str,
    channels: &[Channel],
    most: usize,
) -> Result<Vec<MessageRow>, Error> {
    if channels.is_empty() || most == 0 {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let mut claimed = Vec::new();
    for row in messages::due(tx, channels, now, most).await? {
        claimed.push(row.claimed(holder, now).save(tx).await?);
    }
    Ok(claimed)
}

/// Settles what a process has claimed and does not know of: its attempts were cut off.
pub(super) async fn cut_off(tx: &mut Tx, holder: String, but: BTreeSet<String>) -> Result<(), Error> {
    let mut broadcasts = BTreeSet::new();
    for row in messages::held_by(tx, &holder).await? {
        if but.contains(&row.name) {
            continue;
        }
        broadcasts.insert(row.broadcast.clone());
        conclude(tx, row, cut()).await?;
    }
    for broadcast in broadcasts {
        settle_broadcast(tx, &broadcast).await?;
    }
    Ok(())
}

/// Settles a message after an attempt, unless another attempt or somebody else has settled it meanwhile.
pub(super) async fn settle_one(
    tx: &mut Tx,
    name: String,
    attempt: (i32, Option<i64>),
    outcome: Outcome,
) -> Result<(), Error> {
    let row = MessageRow::get(tx, &name).await?;
    // a message sent again counts from 1 anew: the moment tells its attempts from those before
    if (row.attempts, row.attempted) != attempt || !row.at()?.awaits_outcome() {
        return Ok(());
    }
    let broadcast = row.broadcast.clone();
    if conclude(tx, row, outcome).await? != State::Queued {
        settle_broadcast(tx, &broadcast).await?;
    }
    Ok(())
}

async fn conclude(tx: &mut Tx, row: MessageRow, outcome: Outcome) -> Result<State, Error> {
    let next = after(outcome, row.channel()?, row.attempts(), tx.now());
    Ok(row.after(next).save(tx).await?.at()?)
}

async fn settle_broadcast(tx: &mut Tx, broadcast: &str) -> Result<(), Error> {
    let name: BroadcastName = broadcast.parse().map_err(Common::internal)?;
    settle(tx, name.parent().as_str(), broadcast).await
}
