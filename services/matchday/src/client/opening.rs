//! The opening of the gates for a session: its phases, and who is inside.

use matchday_api::visitors::v1::{
    AdvanceOpeningRequest, CapacityTier, ClearOpeningRequest, GetOccupancyRequest, ListOpeningsRequest,
    Occupancy, Opening, OpeningPhase,
};
use matchday_kernel::{OpeningName, TournamentName};

use super::{connection::Client, pages, refusal::Request, times::Clocks};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

impl Shown for Opening {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("phase", |it: &Self| Cell::Text(words::word_of::<OpeningPhase>(it.phase))),
        Column::clock("opens", |it: &Self| Cell::Time(it.open_time)),
        Column::new("exit-only", |it: &Self| Cell::Time(it.exit_only_time)),
        Column::new("free-egress", |it: &Self| Cell::Time(it.free_egress_time)),
        Column::new("clear", |it: &Self| Cell::Time(it.clear_time)),
        Column::new("venue", |it: &Self| Cell::name(&it.venue)),
        Column::new("expected", |it: &Self| Cell::Count(it.expected_attendance)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::detail("session", |it: &Self| Cell::name(&it.session)),
        Column::detail("gates", |it: &Self| Cell::Names(it.gates.clone())),
        Column::detail("plan", |it: &Self| Cell::name(&it.plan)),
        Column::detail("revision", |it: &Self| Cell::Number(it.revision)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for Occupancy {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("session", |it: &Self| Cell::name(&it.opening)),
        Column::new("public", |it: &Self| Cell::Number(it.public.into())),
        Column::new("everyone", |it: &Self| Cell::Number(it.everyone.into())),
        Column::new("entries", |it: &Self| Cell::Number(it.entries.into())),
        Column::new("exits", |it: &Self| Cell::Number(it.exits.into())),
        Column::new("refused", |it: &Self| Cell::Number(it.refused.into())),
        Column::new("limit", |it: &Self| {
            Cell::Text(it.public_limit.map_or_else(String::new, |limit| limit.to_string()))
        }),
        Column::new("tier", |it: &Self| Cell::Text(words::word_of::<CapacityTier>(it.tier))),
        Column::new("offline", |it: &Self| Cell::Count(it.offline_places)),
        Column::detail("everyone-limit", |it: &Self| {
            Cell::Text(it.everyone_limit.map_or_else(String::new, |limit| limit.to_string()))
        }),
        Column::clock("read", |it: &Self| Cell::Time(it.read_time)),
        Column::new("last-scan", |it: &Self| Cell::Time(it.last_scan_time)),
        Column::new("exact", |it: &Self| {
            Cell::text(if it.upper_bound {
                "no: nobody scans out any more, there are at most so many"
            } else {
                "yes"
            })
        }),
    ];
}

/// Lists the openings of a tournament.
pub(super) async fn list(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let openings = pages::all(async |page_token| {
        let request =
            ListOpeningsRequest { parent: tournament.to_string(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.admission().list_openings(request).await?.into_inner();
        Ok((page.openings, page.next_page_token))
    });
    client.output.list(&openings.await?, &zone)
}

/// Puts an opening into a later phase and shows it.
pub(super) async fn advance(
    client: &Client,
    name: &OpeningName,
    phase: OpeningPhase,
    request: &Request,
) -> Result<(), Failure> {
    let advance = AdvanceOpeningRequest {
        name: name.to_string(),
        phase: phase.into(),
        request_id: request.id(),
        ..AdvanceOpeningRequest::default()
    };
    let advanced = client.admission().advance_opening(advance).await;
    let response = advanced.map_err(|status| request.refused(status))?.into_inner();
    show(client, name, response.opening).await
}

/// Clears an opening and shows it.
pub(super) async fn clear(client: &Client, name: &OpeningName, request: &Request) -> Result<(), Failure> {
    let clear = ClearOpeningRequest {
        name: name.to_string(),
        request_id: request.id(),
        ..ClearOpeningRequest::default()
    };
    let cleared = client.admission().clear_opening(clear).await;
    let response = cleared.map_err(|status| request.refused(status))?.into_inner();
    say(format_args!("{} admissions were open and are closed", response.closed));
    show(client, name, response.opening).await
}

/// Shows who is inside.
pub(super) async fn inside(client: &Client, name: &OpeningName) -> Result<(), Failure> {
    let request = GetOccupancyRequest { name: name.to_string() };
    let response = client.admission().get_occupancy(request).await?.into_inner();
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&response.occupancy.unwrap_or_default(), &zone)
}

async fn show(client: &Client, name: &OpeningName, opening: Option<Opening>) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&opening.unwrap_or_default(), &zone)
}
