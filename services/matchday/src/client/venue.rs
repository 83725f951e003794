//! `matchday venue`: the parts of a site that are run as one.

use clap::{Args, Subcommand};
use matchday_api::venues::v1::{ListVenuesRequest, Venue, VenuePurpose};
use matchday_kernel::SiteName;

use super::{connection::Connection, names, pages, times};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Venues {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the venues of a site
    #[command(after_long_help = "Example:\n  matchday venue list jinjiang")]
    List {
        /// The site: jinjiang
        site: String,
    },
}

impl Shown for Venue {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |venue: &Self| Cell::name(&venue.name)),
        Column::new("purpose", |venue: &Self| Cell::Text(words::word_of::<VenuePurpose>(venue.purpose))),
        Column::new("seats", |venue: &Self| Cell::Count(venue.seats)),
        Column::new("display-name", |venue: &Self| Cell::text(&venue.display_name)),
        Column::detail("source", |venue: &Self| super::source(venue.provenance.as_ref())),
        Column::detail("generated", |venue: &Self| super::generated(venue.provenance.as_ref())),
        Column::detail("etag", |venue: &Self| Cell::text(&venue.etag)),
    ];
}

impl Venues {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Command::List { site } = self.command;
        let site: SiteName = names::read(&site)?;
        let client = self.connection.open()?;
        let venues = pages::all(async |page_token| {
            let request =
                ListVenuesRequest { parent: site.to_string(), page_size: pages::PAGE_SIZE, page_token };
            let page = client.places().list_venues(request).await?.into_inner();
            Ok((page.venues, page.next_page_token))
        });
        client.output.list(&venues.await?, &times::utc())
    }
}
