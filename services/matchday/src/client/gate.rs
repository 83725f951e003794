//! `matchday gate`: gates and the devices at them; their openings are in `opening`, who may enter is in `governor`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::visitors::v1::{
    Device, DeviceState, EntryState, Gate, ImportGatesRequest, ImportGatesResponse, ListDevicesRequest,
    ListGatesRequest, OpeningPhase, RevokeDeviceRequest,
};
use matchday_kernel::{DeviceName, GateName, SiteName};

use super::{
    connection::{Client, Connection},
    gate_watch, governor, names, offline, opening, pages,
    refusal::{Repeat, Request},
    times, zones_named,
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// Phases that staff put an opening into; a plan begins it, and other commands end it.
const ADVANCED: [OpeningPhase; 3] = [OpeningPhase::Open, OpeningPhase::ExitOnly, OpeningPhase::FreeEgress];

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Gates {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create the gates of a site and their devices from a YAML file, all or nothing
    #[command(after_long_help = "Example:\n  matchday gate import examples/fisu-2023/gates.yaml")]
    Import {
        /// The file; examples/fisu-2023/gates.yaml shows how it is written
        file: PathBuf,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the gates of a site or a venue
    List {
        /// The site or the venue: jinjiang, jinjiang/stadium
        place: String,
    },
    /// List the devices of a site, a venue or a gate
    Devices {
        /// The site, the venue or the gate: jinjiang, jinjiang/stadium, jinjiang/stadium/north
        place: String,
    },
    /// Refuse the scans of a device from now on
    Revoke {
        /// The device: jinjiang/stadium/north/north-1
        device: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the openings of the gates, one for each session
    Openings {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Put an opening into a later phase before its time
    #[command(after_long_help = "Example:\n  matchday gate advance fisu-2023/opening --to exit-only")]
    Advance {
        /// The session: fisu-2023/opening
        session: String,
        /// The phase
        #[arg(long, value_name = "PHASE", value_parser = words::among(ADVANCED))]
        to: OpeningPhase,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Record that the place is cleared (清场), and close every admission that is open; this is final
    #[command(
        after_long_help = "Example:\n  matchday gate clear fisu-2023/opening\n\nIt is possible in the phase \
                                 free-egress, which `matchday gate advance SESSION --to free-egress` brings\n\
                                 about before its time. It is final: the gates of the session do not open again."
    )]
    Clear {
        /// The session: fisu-2023/opening
        session: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Let nobody in for now (暂停放行); exits are never refused by it
    #[command(after_long_help = "Examples:\n  matchday gate pause fisu-2023/opening\n  matchday gate pause \
                           fisu-2023/opening --gate jinjiang/stadium/north")]
    Pause(governor::Gates),
    /// Let people in as usual again
    #[command(after_long_help = "Example:\n  matchday gate resume fisu-2023/opening")]
    Resume(governor::Gates),
    /// Let one in for each who is scanned out from now on
    #[command(after_long_help = "Example:\n  matchday gate one-in-one-out fisu-2023/opening")]
    OneInOneOut(governor::Gates),
    /// Let in only those whose identity the gate confirmed (实名核验), or not; exits are never refused by it
    #[command(after_long_help = "Example:\n  matchday gate identity-check fisu-2023/opening on")]
    IdentityCheck(governor::Identities),
    /// Show how many may be inside, and set figures: the lowest of the public governs, everyone is a limit apart
    #[command(
        after_long_help = "Examples:\n  matchday gate capacity fisu-2023/opening\n  matchday gate capacity \
                           fisu-2023/opening --approved 8000 --permit QZ-2023-117 --exit 7600\n  matchday gate \
                           capacity fisu-2023/opening --exit none\n\nFigures that are not given stay. A limit below \
                           what is inside holds: nobody enters until it is less.\nSetting figures ends an override."
    )]
    Capacity(governor::Capacity),
    /// Let in more of the public than the lowest figure says, up to what is declared safe; for a supervisor
    #[command(
        after_long_help = "Example:\n  matchday gate override fisu-2023/opening 7800 --reason 'the second exit is \
                           open again'"
    )]
    Override(governor::Override),
    /// Places that devices may fill without a network (离线放行额度)
    #[command(subcommand)]
    Quota(offline::Quotas),
    /// Tell what a device decided without a network, as it happened
    #[command(
        after_long_help = "Example:\n  matchday gate upload jinjiang/stadium/north/north-1 log.csv --session \
                           fisu-2023/opening --complete 412\n\nThe same scan counts once, however often it is told."
    )]
    Upload(offline::Upload),
    /// List what uploads brought to light: two let in with one ticket, and more than the quota covered
    #[command(after_long_help = "Example:\n  matchday gate conflicts fisu-2023/opening")]
    Conflicts {
        /// The session: fisu-2023/opening
        session: String,
    },
    /// Show the phase, the limits, who is inside and what is scanned, and again whenever it changes
    #[command(after_long_help = "Example:\n  matchday gate watch fisu-2023/opening")]
    Watch {
        /// The session: fisu-2023/opening
        session: String,
    },
    /// Count who is inside for a session (在场人数)
    #[command(after_long_help = "Example:\n  matchday gate inside fisu-2023/opening")]
    Inside {
        /// The session: fisu-2023/opening
        session: String,
    },
}

impl Shown for Gate {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("zone", |it: &Self| Cell::name(&it.zone)),
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for Device {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<DeviceState>(it.state))),
        Column::new("last-scan", |it: &Self| Cell::Number(it.last_sequence)),
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for ImportGatesResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("gates", |it: &Self| Cell::Number(it.gates.into())),
        Column::new("devices", |it: &Self| Cell::Number(it.devices.into())),
    ];
}

impl Gates {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Import { file, repeat } => {
                let (request, standing) = file::gates(&file)?;
                let client = self.connection.open()?;
                let site = request.parent.clone();
                let lines = standing.lines("zones").iter().copied();
                let named = request.gates.iter().map(|gate| gate.zone.as_str()).zip(lines);
                zones_named::check(&client, &file, named).await?;
                let imported = import(&client, request, &repeat.request()).await;
                let response = imported.map_err(|failure| failure.in_words(|text| standing.told(text)))?;
                say(format_args!(
                    "imported into {site}: {} gates, {} devices",
                    response.gates, response.devices
                ));
                client.output.one(&response, &times::utc())
            }
            Command::List { place } => list(&self.connection.open()?, &place).await,
            Command::Devices { place } => devices(&self.connection.open()?, &place).await,
            Command::Revoke { device, repeat } => {
                let name: DeviceName = names::read(&device)?;
                let (client, request) = (self.connection.open()?, repeat.request());
                let revoke = RevokeDeviceRequest {
                    name: name.into(),
                    request_id: request.id(),
                    ..RevokeDeviceRequest::default()
                };
                let revoked = client.gates().revoke_device(revoke).await;
                let response = revoked.map_err(|status| request.refused(status))?.into_inner();
                client.output.one(&response.device.unwrap_or_default(), &times::utc())
            }
            Command::Openings { tournament } => {
                opening::list(&self.connection.open()?, &names::read(&tournament)?).await
            }
            Command::Advance { session, to, repeat } => {
                let name = names::read_opening(&session)?;
                opening::advance(&self.connection.open()?, &name, to, &repeat.request()).await
            }
            Command::Clear { session, repeat } => {
                let name = names::read_opening(&session)?;
                opening::clear(&self.connection.open()?, &name, &repeat.request()).await
            }
            Command::Pause(gates) => gates.set(&self.connection.open()?, EntryState::Paused).await,
            Command::Resume(gates) => gates.set(&self.connection.open()?, EntryState::Normal).await,
            Command::OneInOneOut(gates) => gates.set(&self.connection.open()?, EntryState::OneInOneOut).await,
            Command::IdentityCheck(identities) => identities.run(&self.connection.open()?).await,
            Command::Capacity(capacity) => capacity.run(&self.connection.open()?).await,
            Command::Quota(quotas) => quotas.run(&self.connection.open()?).await,
            Command::Upload(upload) => upload.run(&self.connection.open()?).await,
            Command::Conflicts { session } => offline::conflicts(&self.connection.open()?, &session).await,
            Command::Override(raise) => raise.run(&self.connection.open()?).await,
            Command::Watch { session } => {
                let name = names::read_opening(&session)?;
                gate_watch::watch(&self.connection.open()?, &name).await
            }
            Command::Inside { session } => {
                let name = names::read_opening(&session)?;
                opening::inside(&self.connection.open()?, &name).await
            }
        }
    }
}

/// Imports gates and devices.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn import(
    client: &Client,
    import: ImportGatesRequest,
    request: &Request,
) -> Result<ImportGatesResponse, Failure> {
    let import = ImportGatesRequest { request_id: request.id(), ..import };
    let imported = client.gates().import_gates(import).await;
    Ok(imported.map_err(|status| request.refused(status))?.into_inner())
}

async fn list(client: &Client, place: &str) -> Result<(), Failure> {
    let parent = names::read_place(place)?.name;
    let gates = pages::all(async |page_token| {
        let request = ListGatesRequest { parent: parent.clone(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.gates().list_gates(request).await?.into_inner();
        Ok((page.gates, page.next_page_token))
    });
    client.output.list(&gates.await?, &times::utc())
}

async fn devices(client: &Client, place: &str) -> Result<(), Failure> {
    let parent = parent_of_devices(place)?;
    let devices = pages::all(async |page_token| {
        let request = ListDevicesRequest { parent: parent.clone(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.gates().list_devices(request).await?.into_inner();
        Ok((page.devices, page.next_page_token))
    });
    client.output.list(&devices.await?, &times::utc())
}

/// Reads the name of a site, a venue or a gate.
fn parent_of_devices(text: &str) -> Result<String, Failure> {
    let parts = text.split('/').count();
    let depth = if text.starts_with("sites/") { parts / 2 } else { parts };
    match depth {
        0 | 1 => names::read::<SiteName>(text).map(String::from),
        2 => names::read_place(text).map(|place| place.name),
        _ => names::read::<GateName>(text).map(String::from),
    }
}
