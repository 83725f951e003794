//! `matchday scan`: redeems a credential as a device at a gate does, and lists what was decided.

use clap::{Args, Subcommand};
use matchday_api::visitors::v1::{
    Direction, IdentityCheck, ListScansRequest, RedeemCredentialRequest, RedeemCredentialResponse, Scan,
    Verdict,
};
use matchday_kernel::DeviceName;
use matchday_runtime::Exit;

use super::{
    connection::{Client, Connection},
    names, pages,
    times::Clocks,
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words::{self, Words},
};

/// The command and where it goes.
#[derive(Args)]
#[command(
    subcommand_negates_reqs = true,
    after_long_help = "Examples:\n  matchday scan jinjiang/stadium/north/north-1 17 t-000001 --session \
                       fisu-2023/opening\n  matchday scan list fisu-2023/opening --refused\n\nThe same device \
                       and number are the same scan: repeating it gives the first decision again. A scan\nthat \
                       is refused ends with exit code 4."
)]
pub(crate) struct Scans {
    // before the connection, whose heading in the help is for all arguments after it
    #[command(flatten)]
    redeem: Option<Redeem>,
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// List the scans of a session by the time they were decided
    List {
        /// The session: fisu-2023/opening
        session: String,
        /// Only refused ones
        #[arg(long)]
        refused: bool,
    },
}

/// A scan.
#[derive(Args)]
struct Redeem {
    /// The device: jinjiang/stadium/north/north-1
    device: String,
    /// Counts the device's scans, from 1
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    sequence: i64,
    /// What was read: t-000001
    code: String,
    /// The session the device works for: fisu-2023/opening
    #[arg(long)]
    session: String,
    /// The way out; without it the way in
    #[arg(long)]
    exit: bool,
    /// What was found of the holder's identity (人证核验); without it nobody looked
    #[arg(long, value_parser = words::values::<IdentityCheck>())]
    identity: Option<IdentityCheck>,
}

impl Shown for Scan {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("decided", |it: &Self| Cell::Time(it.decide_time)),
        Column::new("verdict", |it: &Self| Cell::Text(words::word_of::<Verdict>(it.verdict))),
        Column::new("direction", |it: &Self| Cell::Text(words::word_of::<Direction>(it.direction))),
        Column::new("code", |it: &Self| Cell::text(&it.code)),
        Column::new("device", |it: &Self| Cell::name(&it.device)),
        Column::new("sequence", |it: &Self| Cell::Number(it.sequence)),
        Column::detail("session", |it: &Self| Cell::name(&it.opening)),
        Column::detail("read", |it: &Self| Cell::Time(it.device_time)),
        Column::detail("offline", |it: &Self| Cell::text(if it.offline { "yes" } else { "" })),
        Column::detail("identity", |it: &Self| Cell::Text(words::word_of::<IdentityCheck>(it.identity))),
    ];
}

impl Shown for RedeemCredentialResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("verdict", |it: &Self| Cell::Text(words::word_of::<Verdict>(scan(it).verdict))),
        Column::new("message", |it: &Self| Cell::text(&it.message)),
        Column::clock("decided", |it: &Self| Cell::Time(scan(it).decide_time)),
        Column::new("direction", |it: &Self| Cell::Text(words::word_of::<Direction>(scan(it).direction))),
        Column::new("code", |it: &Self| Cell::Text(scan(it).code)),
        Column::new("session", |it: &Self| Cell::Name(scan(it).opening)),
        Column::new("device", |it: &Self| Cell::Name(scan(it).device)),
        Column::new("sequence", |it: &Self| Cell::Number(scan(it).sequence)),
    ];
}

fn scan(response: &RedeemCredentialResponse) -> Scan {
    response.scan.clone().unwrap_or_default()
}

impl Scans {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match (self.command, self.redeem) {
            (Some(Command::List { session, refused }), _) => {
                list(&self.connection.open()?, &session, refused).await
            }
            (None, Some(redeem)) => redeem.run(&self.connection).await,
            // the command line asks for one of both
            (None, None) => Err(Failure::new(Exit::Usage, "a scan has a device, a number and a code")),
        }
    }
}

impl Redeem {
    async fn run(self, connection: &Connection) -> Result<(), Failure> {
        let device: DeviceName = names::read(&self.device)?;
        let opening = names::read_opening(&self.session)?;
        let client = connection.open()?;
        let direction = if self.exit { Direction::Exit } else { Direction::Entry };
        let request = RedeemCredentialRequest {
            device: device.into(),
            sequence: self.sequence,
            opening: opening.to_string(),
            code: self.code,
            direction: direction.into(),
            device_time: None,
            identity: self.identity.map_or(0, Into::into),
        };
        let response = client.admission().redeem_credential(request).await?.into_inner();
        let zone = Clocks::Tournament(&opening.parent()).zone_to_show(&client).await;
        client.output.one(&response, &zone)?;
        let verdict = scan(&response).verdict();
        if matches!(verdict, Verdict::Admitted | Verdict::Left) {
            return Ok(());
        }
        let reason = verdict.contract_name().trim_start_matches(Verdict::PREFIX);
        Err(Failure::new(Exit::Refused, format!("{reason}: {}", response.message)))
    }
}

async fn list(client: &Client, session: &str, refused_only: bool) -> Result<(), Failure> {
    let opening = names::read_opening(session)?;
    let zone = Clocks::Tournament(&opening.parent()).zone_of_known(client).await?;
    let scans = pages::all(async |page_token| {
        let parent = opening.to_string();
        let request = ListScansRequest { parent, page_size: pages::PAGE_SIZE, page_token, refused_only };
        let page = client.admission().list_scans(request).await?.into_inner();
        Ok((page.scans, page.next_page_token))
    });
    client.output.list(&scans.await?, &zone)
}
