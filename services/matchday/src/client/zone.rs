//! `matchday zone`: the smallest places that are booked as one.

use clap::{Args, Subcommand};
use matchday_api::venues::v1::{ListZonesRequest, Zone, ZoneKind};

use super::{connection::Connection, names, pages, times};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Zones {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the zones of a site or of a venue
    #[command(
        after_long_help = "Examples:\n  matchday zone list jinjiang\n  matchday zone list jinjiang/stadium"
    )]
    List {
        /// The site or the venue: jinjiang, jinjiang/stadium
        place: String,
    },
}

impl Shown for Zone {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |zone: &Self| Cell::name(&zone.name)),
        Column::new("kind", |zone: &Self| Cell::Text(words::word_of::<ZoneKind>(zone.kind))),
        Column::new("display-name", |zone: &Self| Cell::text(&zone.display_name)),
        Column::detail("source", |zone: &Self| super::source(zone.provenance.as_ref())),
        Column::detail("generated", |zone: &Self| super::generated(zone.provenance.as_ref())),
        Column::detail("etag", |zone: &Self| Cell::text(&zone.etag)),
    ];
}

impl Zones {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Command::List { place } = self.command;
        let parent = names::read_place(&place)?.name;
        let client = self.connection.open()?;
        let zones = pages::all(async |page_token| {
            let request =
                ListZonesRequest { parent: parent.clone(), page_size: pages::PAGE_SIZE, page_token };
            let page = client.places().list_zones(request).await?.into_inner();
            Ok((page.zones, page.next_page_token))
        });
        client.output.list(&zones.await?, &times::utc())
    }
}
