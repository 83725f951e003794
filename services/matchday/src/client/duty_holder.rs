//! `matchday flow duty`: who answers for a zone, and is told of its alerts (责任网格).

use clap::Subcommand;
use matchday_api::visitors::v1::{DutyChain, DutyHolder, ListDutyHoldersRequest, SetDutyHolderRequest};
use matchday_kernel::{VenueName, ZoneName};
use matchday_rpc::parse::to_duration;

use super::{connection::Client, names, refusal::Repeat, times};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// What is done with duty holders.
#[derive(Subcommand)]
pub(super) enum Duty {
    /// Set who answers for a zone, or for a whole venue; without a holder nobody does
    #[command(
        after_long_help = "Examples:\n  matchday flow duty set jinjiang/stadium/gate-plaza --holder 'leader north' \
                           --after 3m\n  matchday flow duty set jinjiang/stadium --holder 'venue manager' --holder \
                           'operations centre'\n\nThe first is told first. Who does not acknowledge in time is \
                           followed by the next, and those of a zone by those of its venue."
    )]
    Set {
        /// The venue or the zone: jinjiang/stadium, jinjiang/stadium/gate-plaza
        place: String,
        /// An office or a post, upwards; no person's name: it is kept in the event log
        #[arg(long = "holder", value_name = "OFFICE")]
        holders: Vec<String>,
        /// The unit they belong to (保障单位)
        #[arg(long, default_value = "", hide_default_value = true)]
        unit: String,
        /// How long each has to acknowledge: 3m; without it as the rule of the cause says
        #[arg(long)]
        after: Option<String>,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List who answers for the zones of a venue
    List {
        /// The venue: jinjiang/stadium
        venue: String,
    },
}

/// The holders upwards: `leader north (3 min) > venue manager`.
fn upwards(chain: &DutyChain) -> String {
    let holder = |one: &DutyHolder| {
        let unit = if one.unit.is_empty() { String::new() } else { format!(", {}", one.unit) };
        let after = Cell::Length(one.escalate_after).short(&times::utc());
        let after = if after.is_empty() { after } else { format!(" ({after})") };
        format!("{}{unit}{after}", one.holder)
    };
    chain.holders.iter().map(holder).collect::<Vec<_>>().join(" > ")
}

impl Shown for DutyChain {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("zone", |it: &Self| {
            if it.zone.is_empty() { Cell::text("(the whole venue)") } else { Cell::name(&it.zone) }
        }),
        Column::new("holders", |it: &Self| Cell::Text(upwards(it))),
    ];
}

/// Reads a venue, or a zone of one.
fn place(text: &str) -> Result<(VenueName, String), Failure> {
    let parts = text.split('/').count();
    let depth = if text.starts_with("sites/") { parts / 2 } else { parts };
    if depth > 2 {
        let zone: ZoneName = names::read(text)?;
        return Ok((zone.parent(), zone.to_string()));
    }
    Ok((names::read(text)?, String::new()))
}

impl Duty {
    /// Does what the command says.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Set { place: text, holders, unit, after, repeat } => {
                let (venue, zone) = place(&text)?;
                let after = after.map(|after| times::length("--after", &after)).transpose()?.map(to_duration);
                let holder = |holder| DutyHolder { holder, unit: unit.clone(), escalate_after: after };
                let (holders, request) = (holders.into_iter().map(holder).collect(), repeat.request());
                let set = SetDutyHolderRequest {
                    parent: venue.to_string(),
                    chain: Some(DutyChain { zone, holders }),
                    request_id: request.id(),
                };
                let reply = client.alerts().set_duty_holder(set).await;
                let chain = reply.map_err(|status| request.refused(status))?.into_inner().chain;
                client.output.one(&chain.unwrap_or_default(), &times::utc())
            }
            Self::List { venue } => {
                let venue: VenueName = names::read(&venue)?;
                let request = ListDutyHoldersRequest { parent: venue.to_string() };
                let chains = client.alerts().list_duty_holders(request).await?.into_inner().chains;
                client.output.list(&chains, &times::utc())
            }
        }
    }
}
