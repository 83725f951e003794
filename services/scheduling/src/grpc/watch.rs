//! Activities as they are, then each one as it changes.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use matchday_agenda::changed;
use matchday_api::scheduling::v1 as pb;
use matchday_kernel::TournamentName;
use matchday_rpc::fault_status;
use matchday_runtime::{Desk, events};
use matchday_store::{BoxStream, Position, Record};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use crate::{
    Error,
    store::{activities, tournaments::TournamentRow},
};

/// The stream of a watch.
pub(super) type Watch = BoxStream<'static, Result<pb::WatchActivitiesResponse, Status>>;

/// Streams the activities of a tournament until the process ends.
pub(super) async fn watch(
    desk: &Desk,
    tournament: TournamentName,
    stop: &CancellationToken,
) -> Result<Watch, Status> {
    let log = desk.store().log();
    // the head first: what changes while the activities are read comes again, and is known by its revision
    let head = log.head().await.map_err(|error| fault_status(&error))?;
    let mut conn = desk.read().await?;
    TournamentRow::get(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
    let rows = activities::of_tournament(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
    drop(conn);

    let mut known: BTreeMap<String, i64> = rows.iter().map(|row| (row.name.clone(), row.revision)).collect();
    let reply = move |activity| pb::WatchActivitiesResponse { activity, current: false, sequence: head };
    let first: Vec<_> = rows.into_iter().map(|row| Ok(reply(Some(row.into())))).collect();
    let mark = Ok(pb::WatchActivitiesResponse { activity: None, current: true, sequence: head });

    let position = Position { log_id: Some(log.id()), sequence: head };
    let tail = events::tail(&log, position).await?;
    let changes = tail.filter_map(move |event| {
        let change = match event {
            Err(status) => Some(Err(status)),
            Ok(event) if event.tournament != tournament.as_str() => None,
            Ok(event) => changed(&event)
                .ok()
                .flatten()
                .map(|changed| changed.activity)
                .filter(|activity| known.get(&activity.name).is_none_or(|seen| *seen < activity.revision))
                .map(|activity| {
                    known.insert(activity.name.clone(), activity.revision);
                    let sequence = event.sequence;
                    Ok(pb::WatchActivitiesResponse { activity: Some(activity), current: false, sequence })
                }),
        };
        std::future::ready(change)
    });
    let stream = futures_util::stream::iter(first.into_iter().chain([mark])).chain(changes);
    Ok(events::until_ending(stream, stop))
}
