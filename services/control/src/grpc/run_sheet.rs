//! `RunSheetService`: all key-time work in the order of time.

use matchday_api::control::v1::{self as pb, run_sheet_service_server::RunSheetService};
use matchday_kernel::{Common, Instant, TournamentName};
use matchday_rpc::{Caller, parse};
use prost_types::Timestamp;
use tonic::{Request, Response, Status};

use super::watch;
use crate::{
    Control, Error,
    domain::item::{People, Standing},
    store::{
        numbers,
        pages::{self, Filter},
    },
};

/// A line as people see it at a moment: the clock carries its state on, and says what is late.
pub(super) fn shown(mut item: pb::RunSheetItem, now: Instant) -> pb::RunSheetItem {
    if let Some(standing) = standing(&item) {
        item.state = numbers::state_to_pb(standing.at(now)).into();
        item.attention.splice(0..0, standing.lateness(now));
    }
    item
}

fn standing(item: &pb::RunSheetItem) -> Option<Standing> {
    Some(Standing {
        kind: numbers::kind_of(item.kind)?,
        reported: numbers::state_of(item.state)?,
        time: parse::instant("time", item.time).ok()??,
        end: parse::instant("end_time", item.end_time).ok()?,
        has_owner: !item.owner.is_empty(),
        people: People { wanted: item.wanted, sure: item.sure, present: item.present },
    })
}

/// Reads which lines of a tournament are meant.
fn filter(parent: &str, from: Option<Timestamp>, until: Option<Timestamp>) -> Result<Filter, Error> {
    let tournament: TournamentName = parse::text_as("parent", parent)?;
    let (from, until) = (parse::instant("from", from)?, parse::instant("until", until)?);
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        return Err(Common::field("until", "is not after `from`").into());
    }
    let tournament = tournament.into();
    Ok(Filter { tournament, from, until, occasion: String::new(), show_cancelled: true })
}

#[tonic::async_trait]
impl RunSheetService for Control {
    type WatchRunSheetItemsStream = watch::Watch;

    async fn list_run_sheet_items(
        &self,
        request: Request<pb::ListRunSheetItemsRequest>,
    ) -> Result<Response<pb::ListRunSheetItemsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let body = request.into_inner();
        let filter = Filter {
            occasion: parse::optional_text("occasion", &body.occasion).map_err(Error::from)?,
            show_cancelled: body.show_cancelled,
            ..filter(&body.parent, body.from, body.until)?
        };
        let mut conn = self.desk.read().await?;
        let page = pages::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        let now = self.desk.now();
        Ok(Response::new(pb::ListRunSheetItemsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            items: page.items.into_iter().map(|row| shown(row.into(), now)).collect(),
        }))
    }

    async fn watch_run_sheet_items(
        &self,
        request: Request<pb::WatchRunSheetItemsRequest>,
    ) -> Result<Response<watch::Watch>, Status> {
        let body = request.into_inner();
        let filter = filter(&body.parent, body.from, body.until)?;
        Ok(Response::new(watch::watch(&self.desk, filter, &self.stop).await?))
    }
}
