//! `matchday gate watch`: an opening as whoever runs its gates sees it, line by line as it changes.

use matchday_api::visitors::v1::{
    CapacityTier, EntryControl, EntryState, GateEntry, GateMinute, GateView, Occupancy, OpeningPhase,
    WatchGateRequest,
};
use matchday_kernel::OpeningName;

use super::{connection::Client, times::Clocks};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

fn occupancy(view: &GateView) -> Occupancy {
    view.occupancy.clone().unwrap_or_default()
}

/// A number of a limit: `5120/6000`.
fn of(people: i32, limit: Option<i32>) -> String {
    limit.map_or_else(|| people.to_string(), |limit| format!("{people}/{limit}"))
}

/// Where people are not let in as usual: `north paused`.
fn states(control: &EntryControl) -> String {
    let state = |one: &GateEntry| {
        let gate = one.gate.rsplit('/').next().filter(|gate| !gate.is_empty()).unwrap_or("all gates");
        format!("{gate} {}", words::word_of::<EntryState>(one.state))
    };
    control.states.iter().map(state).collect::<Vec<_>>().join(", ")
}

/// What was scanned in the last minute that is over.
fn last_minute(view: &GateView) -> String {
    let GateMinute { entries, exits, refused, .. } = view.minutes.last().copied().unwrap_or_default();
    format!("{entries} in, {exits} out, {refused} refused")
}

impl Shown for GateView {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("read", |it: &Self| Cell::Time(it.read_time)),
        Column::new("phase", |it: &Self| {
            Cell::Text(words::word_of::<OpeningPhase>(it.opening.as_ref().map_or(0, |it| it.phase)))
        }),
        Column::new("public", |it: &Self| {
            Cell::Text(format!("public {}", of(occupancy(it).public, occupancy(it).public_limit)))
        }),
        Column::new("everyone", |it: &Self| {
            Cell::Text(format!("everyone {}", of(occupancy(it).everyone, occupancy(it).everyone_limit)))
        }),
        Column::new("tier", |it: &Self| Cell::Text(words::word_of::<CapacityTier>(occupancy(it).tier))),
        Column::new("states", |it: &Self| Cell::Text(it.control.as_ref().map_or_else(String::new, states))),
        Column::new("quotas", |it: &Self| {
            let places = occupancy(it).offline_places;
            Cell::Text(if places > 0 { format!("{places} places offline") } else { String::new() })
        }),
        Column::new("last-minute", |it: &Self| Cell::Text(last_minute(it))),
    ];
}

/// Shows an opening, and again whenever it changes, until interrupted.
pub(super) async fn watch(client: &Client, name: &OpeningName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    let request = WatchGateRequest { name: name.to_string() };
    let mut views = client.governor().watch_gate(request).await?.into_inner();
    let stream = client.output.stream::<GateView>()?;
    while let Some(view) = views.message().await? {
        stream.item(&view.view.unwrap_or_default(), &zone)?;
    }
    Ok(())
}
