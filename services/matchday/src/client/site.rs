//! `matchday site`: football centres and other grounds, the roots of all places.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::venues::v1::{GetSiteRequest, ImportSiteRequest, ListSitesRequest, Site};
use matchday_kernel::SiteName;

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::{Repeat, Request},
    times,
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Sites {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a site with all its venues and zones from a YAML file, all or nothing
    #[command(after_long_help = "Example:\n  matchday site import examples/fisu-2023/site.yaml")]
    Import {
        /// The file; examples/fisu-2023/site.yaml shows how it is written
        file: PathBuf,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the sites
    List,
    /// Show one site
    Show {
        /// The site: jinjiang
        name: String,
    },
}

impl Shown for Site {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |site: &Self| Cell::name(&site.name)),
        Column::new("display-name", |site: &Self| Cell::text(&site.display_name)),
        Column::new("time-zone", |site: &Self| Cell::text(&site.time_zone)),
        Column::detail("source", |site: &Self| super::source(site.provenance.as_ref())),
        Column::detail("generated", |site: &Self| super::generated(site.provenance.as_ref())),
        Column::detail("etag", |site: &Self| Cell::text(&site.etag)),
    ];
}

impl Sites {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Import { file, repeat } => {
                let request = file::site(&file)?;
                let client = self.connection.open()?;
                let (site, summary) = import(&client, request, &repeat.request()).await?;
                say(summary);
                client.output.one(&site, &times::utc())
            }
            Command::List => {
                let client = self.connection.open()?;
                client.output.list(&list(&client).await?, &times::utc())
            }
            Command::Show { name } => {
                let name: SiteName = names::read(&name)?;
                let client = self.connection.open()?;
                let request = GetSiteRequest { name: name.into() };
                let response = client.places().get_site(request).await?.into_inner();
                client.output.one(&response.site.unwrap_or_default(), &times::utc())
            }
        }
    }
}

/// Imports a site; the line says how much of it there is.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn import(
    client: &Client,
    import: ImportSiteRequest,
    request: &Request,
) -> Result<(Site, String), Failure> {
    let import = ImportSiteRequest { request_id: request.id(), ..import };
    let response =
        client.places().import_site(import).await.map_err(|status| request.refused(status))?.into_inner();
    let site = response.site.unwrap_or_default();
    let summary = format!("imported {}: {} venues, {} zones", site.name, response.venues, response.zones);
    Ok((site, summary))
}

async fn list(client: &Client) -> Result<Vec<Site>, Failure> {
    pages::all(async |page_token| {
        let request = ListSitesRequest { page_size: pages::PAGE_SIZE, page_token };
        let page = client.places().list_sites(request).await?.into_inner();
        Ok((page.sites, page.next_page_token))
    })
    .await
}
