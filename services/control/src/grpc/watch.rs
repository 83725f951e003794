//! The run sheet as it is, then each line as it changes.

use std::collections::{BTreeMap, VecDeque};

use futures_util::{StreamExt, stream::try_unfold};
use matchday_api::control::v1 as pb;
use matchday_kernel::{Instant, PageSize};
use matchday_rpc::{fault_status, parse};
use matchday_runtime::{Desk, events};
use matchday_store::{BoxStream, Event, Position};
use prost::{Message, Name};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::run_sheet::shown;
use crate::{
    Error,
    store::pages::{self, Filter},
};

/// The stream of a watch.
pub(super) type Watch = BoxStream<'static, Result<pb::WatchRunSheetItemsResponse, Status>>;

/// Streams the lines of a tournament until the process ends.
pub(super) async fn watch(desk: &Desk, filter: Filter, stop: &CancellationToken) -> Result<Watch, Status> {
    let log = desk.store().log();
    // the head first: what changes while the lines are read comes again, and is known by its revision
    let head = log.head().await.map_err(|error| fault_status(&error))?;
    let tail = events::tail(&log, Position { log_id: Some(log.id()), sequence: head }).await?.boxed();
    let watching = Watching {
        desk: desk.clone(),
        filter,
        next: Next::Page(None),
        page: VecDeque::new(),
        known: BTreeMap::new(),
        tail,
    };
    Ok(events::until_ending(try_unfold(watching, Watching::next), stop))
}

/// What is read next.
enum Next {
    /// A page of the lines there are, after a key.
    Page(Option<String>),
    /// The mark after them.
    Mark,
    /// What changes.
    Changes,
}

/// Where a watch stands: of the lines there are it holds a page at a time, of those sent only their revisions.
struct Watching {
    desk: Desk,
    filter: Filter,
    next: Next,
    page: VecDeque<pb::RunSheetItem>,
    /// Revisions of the lines sent that lie within the times asked for, by resource and kind.
    known: BTreeMap<(String, i32), i64>,
    tail: BoxStream<'static, Result<Event, Status>>,
}

impl Watching {
    async fn next(mut self) -> Result<Option<(pb::WatchRunSheetItemsResponse, Self)>, Status> {
        loop {
            if let Some(item) = self.page.pop_front() {
                self.known.insert((item.resource.clone(), item.kind), item.revision);
                return Ok(Some((self.reply(item), self)));
            }
            match self.next {
                Next::Page(after) => {
                    let mut conn = self.desk.read().await?;
                    let page = pages::page(&mut conn, &self.filter, after.as_deref(), PageSize::MAX)
                        .await
                        .map_err(Error::from)?;
                    self.page = page.items.into_iter().map(Into::into).collect();
                    self.next = page.next.map_or(Next::Mark, |key| Next::Page(Some(key)));
                }
                Next::Mark => {
                    self.next = Next::Changes;
                    return Ok(Some((pb::WatchRunSheetItemsResponse { item: None, current: true }, self)));
                }
                Next::Changes => match self.tail.next().await.transpose()? {
                    None => return Ok(None),
                    Some(event) => {
                        if let Some(item) = self.change(&event) {
                            return Ok(Some((self.reply(item), self)));
                        }
                    }
                },
            }
        }
    }

    fn reply(&self, item: pb::RunSheetItem) -> pb::WatchRunSheetItemsResponse {
        let item = Some(shown(item, self.desk.now()));
        pb::WatchRunSheetItemsResponse { item, current: false }
    }

    /// The line that an event is about, unless it was sent already, or lies and lay outside of the times asked for.
    fn change(&mut self, event: &Event) -> Option<pb::RunSheetItem> {
        let item = item_of(event).filter(|_| event.tournament == self.filter.tournament)?;
        let key = (item.resource.clone(), item.kind);
        let is_within = parse::instant("time", item.time).ok()?.is_some_and(|time| self.is_within(time));
        let known = self.known.get(&key).copied();
        if known.is_some_and(|revision| item.revision <= revision) || (known.is_none() && !is_within) {
            return None;
        }
        if is_within {
            self.known.insert(key, item.revision);
        } else {
            self.known.remove(&key);
        }
        Some(item)
    }

    fn is_within(&self, time: Instant) -> bool {
        self.filter.from.is_none_or(|from| from <= time) && self.filter.until.is_none_or(|until| time < until)
    }
}

/// The line that an event is about, as it is then.
fn item_of(event: &Event) -> Option<pb::RunSheetItem> {
    if event.r#type != pb::RunSheetItemChanged::full_name() {
        return None;
    }
    pb::RunSheetItemChanged::decode(event.payload.as_ref()?.value.as_slice()).ok()?.item
}
