//! Gates without a network: `matchday gate quota`, `upload` and `conflicts`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::visitors::v1::{
    Conflict, ConflictKind, GrantQuotaRequest, ListConflictsRequest, ListQuotasRequest, OfflineScan, Quota,
    QuotaState, UploadScansRequest, UploadScansResponse, WriteOffQuotaRequest,
};
use matchday_kernel::DeviceName;
use matchday_rpc::parse::to_duration;

use super::{
    connection::Client,
    names, pages,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// Scans of one call: the server takes no more.
const AT_ONCE: usize = 2_000;

/// What is done with quotas.
#[derive(Subcommand)]
pub(super) enum Quotas {
    /// Give a device places it may fill without a network; they count as taken from now on
    #[command(
        after_long_help = "Example:\n  matchday gate quota grant fisu-2023/opening jinjiang/stadium/north/north-1 \
                           150 --lasts 30m\n\nThe device stops by its own clock. Its places stay taken until its \
                           log is complete, or somebody writes them off."
    )]
    Grant {
        /// The session: fisu-2023/opening
        session: String,
        /// The device: jinjiang/stadium/north/north-1
        device: String,
        /// Places
        places: i32,
        /// How long the device may use them: 30m
        #[arg(long)]
        lasts: String,
        /// The last sequence the device has used, sent or not; without it everything was sent
        #[arg(long, value_name = "SEQUENCE", default_value_t = 0, hide_default_value = true)]
        last_sequence: i64,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the quotas of a session
    List {
        /// The session: fisu-2023/opening
        session: String,
    },
    /// Give up the quota of a device that will never tell its log, and free its places
    #[command(after_long_help = "Example:\n  matchday gate quota write-off fisu-2023/opening \
                           jinjiang/stadium/north/north-1 --reason 'broken before it was used'\n\nWhoever does it \
                           answers for nobody being inside by it.")]
    WriteOff {
        /// The session: fisu-2023/opening
        session: String,
        /// The device: jinjiang/stadium/north/north-1
        device: String,
        /// Why, without naming a person: it is kept in the event log
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

/// The log of a device.
#[derive(Args)]
pub(super) struct Upload {
    /// The device: jinjiang/stadium/north/north-1
    device: String,
    /// The file: sequence,code,direction,verdict,time in any order of lines
    file: PathBuf,
    /// The session the scans are of: fisu-2023/opening
    #[arg(long)]
    session: String,
    /// The last sequence, when the log is complete: the quota is settled then
    #[arg(long, value_name = "SEQUENCE", value_parser = clap::value_parser!(i64).range(1..), requires = "quota")]
    complete: Option<i64>,
    /// Number of the quota that the log accounts for, as `gate quota grant` showed it
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i32).range(1..))]
    quota: Option<i32>,
}

impl Shown for Quota {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("device", |it: &Self| Cell::name(&it.device)),
        Column::new("number", |it: &Self| Cell::Number(it.number.into())),
        Column::new("places", |it: &Self| Cell::Number(it.places.into())),
        Column::new("filled", |it: &Self| Cell::Number(it.filled.into())),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<QuotaState>(it.state))),
        Column::new("granted", |it: &Self| Cell::Time(it.grant_time)),
        Column::new("lasts", |it: &Self| Cell::Length(it.lasts)),
        Column::detail("session", |it: &Self| Cell::name(&it.opening)),
        Column::detail("first-sequence", |it: &Self| Cell::Number(it.first_sequence)),
        Column::detail("closed", |it: &Self| Cell::Time(it.close_time)),
        Column::detail("reason", |it: &Self| Cell::text(&it.reason)),
    ];
}

impl Shown for Conflict {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("happened", |it: &Self| Cell::Time(it.time)),
        Column::new("kind", |it: &Self| Cell::Text(words::word_of::<ConflictKind>(it.kind))),
        Column::new("code", |it: &Self| Cell::text(&it.code)),
        Column::new("device", |it: &Self| Cell::name(&it.device)),
        Column::new("sequence", |it: &Self| Cell::Number(it.sequence)),
        Column::new("before-at", |it: &Self| Cell::name(&it.other_device)),
        Column::detail("before", |it: &Self| Cell::Number(it.other_sequence)),
    ];
}

impl Shown for UploadScansResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("recorded", |it: &Self| Cell::Number(it.recorded.into())),
        Column::new("repeated", |it: &Self| Cell::Number(it.repeated_scans.into())),
        Column::new("conflicts", |it: &Self| Cell::Number(it.conflicts.into())),
        Column::new("missing", |it: &Self| Cell::Number(it.missing)),
        Column::new("quota", |it: &Self| {
            Cell::Text(
                it.quota.as_ref().map_or_else(String::new, |it| words::word_of::<QuotaState>(it.state)),
            )
        }),
    ];
}

impl Quotas {
    /// Does what the command says.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Grant { session, device, places, lasts, last_sequence, repeat } => {
                let opening = names::read_opening(&session)?;
                let lasts = times::length("--lasts", &lasts)?;
                let (device, request): (DeviceName, _) = (names::read(&device)?, repeat.request());
                let grant = GrantQuotaRequest {
                    opening: opening.to_string(),
                    device: device.into(),
                    places,
                    lasts: Some(to_duration(lasts)),
                    request_id: request.id(),
                    last_sequence,
                };
                let granted = client.offline().grant_quota(grant).await;
                let quota = granted.map_err(|status| request.refused(status))?.into_inner().quota;
                let zone = Clocks::Tournament(&opening.parent()).zone_to_show(client).await;
                client.output.one(&quota.unwrap_or_default(), &zone)
            }
            Self::List { session } => {
                let opening = names::read_opening(&session)?;
                let zone = Clocks::Tournament(&opening.parent()).zone_of_known(client).await?;
                let quotas = pages::all(async |page_token| {
                    let parent = opening.to_string();
                    let request = ListQuotasRequest { parent, page_size: pages::PAGE_SIZE, page_token };
                    let page = client.offline().list_quotas(request).await?.into_inner();
                    Ok((page.quotas, page.next_page_token))
                });
                client.output.list(&quotas.await?, &zone)
            }
            Self::WriteOff { session, device, reason, repeat } => {
                let opening = names::read_opening(&session)?;
                let (device, request): (DeviceName, _) = (names::read(&device)?, repeat.request());
                let write_off = WriteOffQuotaRequest {
                    opening: opening.to_string(),
                    device: device.into(),
                    reason,
                    request_id: request.id(),
                };
                let written = client.offline().write_off_quota(write_off).await;
                let quota = written.map_err(|status| request.refused(status))?.into_inner().quota;
                let zone = Clocks::Tournament(&opening.parent()).zone_to_show(client).await;
                client.output.one(&quota.unwrap_or_default(), &zone)
            }
        }
    }
}

impl Upload {
    /// Sends the log in parts, and says what became of it.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let device: DeviceName = names::read(&self.device)?;
        let opening = names::read_opening(&self.session)?;
        let scans = file::scans(&self.file)?;
        let mut told = UploadScansResponse::default();
        // the last part alone says that the log is complete, also when there is none
        let mut parts: Vec<Vec<OfflineScan>> = scans.chunks(AT_ONCE).map(<[_]>::to_vec).collect();
        let last = parts.pop().unwrap_or_default();
        let complete = self.complete.unwrap_or_default();
        let parts = parts.into_iter().map(|part| (part, 0)).chain([(last, complete)]);
        for (scans, last_sequence) in parts {
            let request = UploadScansRequest {
                device: device.to_string(),
                opening: opening.to_string(),
                scans,
                sent_time: None,
                last_sequence,
                quota: self.quota.unwrap_or_default(),
            };
            let part = client.offline().upload_scans(request).await?.into_inner();
            told = UploadScansResponse {
                recorded: told.recorded + part.recorded,
                repeated_scans: told.repeated_scans + part.repeated_scans,
                conflicts: told.conflicts + part.conflicts,
                ..part
            };
        }
        let zone = Clocks::Tournament(&opening.parent()).zone_to_show(client).await;
        client.output.one(&told, &zone)
    }
}

/// Lists what uploads brought to light, and says how much may still come.
pub(super) async fn conflicts(client: &Client, session: &str) -> Result<(), Failure> {
    let opening = names::read_opening(session)?;
    let zone = Clocks::Tournament(&opening.parent()).zone_of_known(client).await?;
    let places = std::cell::Cell::new(0);
    let conflicts = pages::all(async |page_token| {
        let parent = opening.to_string();
        let request = ListConflictsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
        let page = client.offline().list_conflicts(request).await?.into_inner();
        places.set(page.offline_places);
        Ok((page.conflicts, page.next_page_token))
    });
    client.output.list(&conflicts.await?, &zone)?;
    let places = places.get();
    if places > 0 {
        say(format_args!(
            "{places} places of quotas are not accounted for: at most so many more may be inside"
        ));
    }
    Ok(())
}
