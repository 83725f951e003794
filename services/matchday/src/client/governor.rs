//! How many may be inside for a session, and whether its gates let anybody in: `matchday gate pause`, `capacity` and
//! `override`.

use clap::Args;
use matchday_api::visitors::v1::{
    CapacityLimits, EntryControl, EntryState, GateEntry, GetEntryControlRequest, OverrideCapacityRequest,
    SetCapacityRequest, SetEntryStateRequest, SetIdentityCheckRequest,
};
use matchday_kernel::{GateName, OpeningName};

use super::{connection::Client, names, refusal::Repeat, times::Clocks};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// Where people are let in otherwise.
#[derive(Args)]
pub(super) struct Gates {
    /// The session: fisu-2023/opening
    session: String,
    /// This gate alone: jinjiang/stadium/north; without it all gates of the session
    #[arg(long)]
    gate: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

/// Whether identities are checked.
#[derive(Args)]
pub(super) struct Identities {
    /// The session: fisu-2023/opening
    session: String,
    /// `on` lets in only whose identity the gate confirmed, `off` everybody with a good ticket
    #[arg(value_parser = ["on", "off"])]
    checks: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// Figures to set.
#[derive(Args)]
pub(super) struct Capacity {
    /// The session: fisu-2023/opening
    session: String,
    /// People of the public the permit allows at once (核定人数)
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    approved: Option<Figure>,
    /// Reference of the permit; another one where it approves more than before
    #[arg(long, value_name = "REFERENCE")]
    permit: Option<String>,
    /// People of the public the entrances can let in within their time
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    entry: Option<Figure>,
    /// People of the public the place can hold
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    holding: Option<Figure>,
    /// People of the public the exits can let out within their time
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    exit: Option<Figure>,
    /// People of the public who can be brought to safety within their time
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    emergency: Option<Figure>,
    /// Everybody at once: staff, media, teams and volunteers, too
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    everyone: Option<Figure>,
    /// Up to so many of the public a supervisor may let in; at most the approved number
    #[arg(long, value_name = "NUMBER", value_parser = figure)]
    safe: Option<Figure>,
    #[command(flatten)]
    repeat: Repeat,
}

/// A number to raise the lowest figure to.
#[derive(Args)]
pub(super) struct Override {
    /// The session: fisu-2023/opening
    session: String,
    /// People of the public who may be inside at once
    raised_to: i32,
    /// Why, without naming a person: it is kept in the event log
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// A figure as written: a number, or `none` to let it limit nothing.
#[derive(Clone, Copy)]
struct Figure(Option<i32>);

fn figure(text: &str) -> Result<Figure, String> {
    if text == "none" {
        return Ok(Figure(None));
    }
    text.parse().map(|number| Figure(Some(number))).map_err(|_| "is a number of people, or `none`".to_owned())
}

/// A control with what its table shows.
fn limits(control: &EntryControl) -> CapacityLimits {
    control.limits.clone().unwrap_or_default()
}

fn people(number: Option<i32>) -> Cell {
    Cell::Text(number.map_or_else(String::new, |number| number.to_string()))
}

impl Shown for EntryControl {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("session", |it: &Self| Cell::name(&it.name)),
        Column::new("public", |it: &Self| people(it.public_limit)),
        Column::new("everyone", |it: &Self| people(limits(it).everyone)),
        Column::new("approved", |it: &Self| people(limits(it).approved)),
        Column::new("permit", |it: &Self| Cell::Text(limits(it).permit)),
        Column::new("entry", |it: &Self| people(limits(it).entry)),
        Column::new("holding", |it: &Self| people(limits(it).holding)),
        Column::new("exit", |it: &Self| people(limits(it).exit)),
        Column::new("emergency", |it: &Self| people(limits(it).emergency)),
        Column::new("safe", |it: &Self| people(limits(it).safe_limit)),
        Column::new("raised-to", |it: &Self| people(it.raised_to)),
        Column::detail("identities", |it: &Self| {
            Cell::text(if it.identity_checked { "checked" } else { "" })
        }),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Gates {
    /// Lets people in otherwise from now on.
    pub(super) async fn set(self, client: &Client, state: EntryState) -> Result<(), Failure> {
        let name = names::read_opening(&self.session)?;
        let gate = self.gate.as_deref().map(names::read::<GateName>).transpose()?;
        let request = self.repeat.request();
        let set = SetEntryStateRequest {
            name: name.to_string(),
            gate: gate.map(String::from).unwrap_or_default(),
            state: state.into(),
            request_id: request.id(),
        };
        let set = client.governor().set_entry_state(set).await;
        let response = set.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, &response.control.unwrap_or_default()).await
    }
}

impl Identities {
    /// Checks identities from now on, or not any more.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = names::read_opening(&self.session)?;
        let request = self.repeat.request();
        let checked = self.checks == "on";
        let set = SetIdentityCheckRequest { name: name.to_string(), checked, request_id: request.id() };
        let set = client.governor().set_identity_check(set).await;
        let response = set.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, &response.control.unwrap_or_default()).await
    }
}

impl Capacity {
    /// Sets the figures that are given, and shows them all.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = names::read_opening(&self.session)?;
        let get = GetEntryControlRequest { name: name.to_string() };
        let control = client.governor().get_entry_control(get).await?.into_inner().control;
        let control = control.unwrap_or_default();
        let before = limits(&control);
        let after = self.changed(before.clone());
        if after == before {
            return show(client, &name, &control).await;
        }
        let request = self.repeat.request();
        let set = SetCapacityRequest {
            name: name.to_string(),
            limits: Some(after),
            etag: control.etag,
            request_id: request.id(),
        };
        let set = client.governor().set_capacity(set).await;
        let response = set.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, &response.control.unwrap_or_default()).await
    }

    fn changed(&self, before: CapacityLimits) -> CapacityLimits {
        let of = |figure: Option<Figure>, before| figure.map_or(before, |Figure(number)| number);
        let approved = of(self.approved, before.approved);
        let permit = self.permit.clone().unwrap_or(before.permit);
        CapacityLimits {
            // a permit that approves no number is none
            permit: if approved.is_some() || self.permit.is_some() { permit } else { String::new() },
            approved,
            entry: of(self.entry, before.entry),
            holding: of(self.holding, before.holding),
            exit: of(self.exit, before.exit),
            emergency: of(self.emergency, before.emergency),
            everyone: of(self.everyone, before.everyone),
            safe_limit: of(self.safe, before.safe_limit),
        }
    }
}

impl Override {
    /// Raises the lowest figure.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = names::read_opening(&self.session)?;
        let request = self.repeat.request();
        let raise = OverrideCapacityRequest {
            name: name.to_string(),
            raised_to: self.raised_to,
            reason: self.reason,
            request_id: request.id(),
        };
        let raised = client.governor().override_capacity(raise).await;
        let response = raised.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, &response.control.unwrap_or_default()).await
    }
}

/// Shows the figures, and says where people are not let in as usual.
async fn show(client: &Client, name: &OpeningName, control: &EntryControl) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    for GateEntry { gate, state, room, .. } in &control.states {
        let gate = if gate.is_empty() { "all gates" } else { gate };
        let state = words::word_of::<EntryState>(*state);
        say(format_args!("{gate}: {state}, with room for {room}"));
    }
    client.output.one(control, &zone)
}
