//! A lane: what it asks the server, and what it decides without a network.

use std::{collections::HashSet, time::Duration};

use matchday_api::visitors::v1::{
    Direction, OfflineScan, RedeemCredentialRequest, Scan, UploadScansRequest, UploadScansResponse, Verdict,
};
use matchday_kernel::{Instant, OpeningName};
use matchday_rpc::parse::to_timestamp;
use matchday_runtime::ambient;
use tonic::{Code, Status};

use super::super::connection::Client;
use crate::{
    failure::Failure,
    simulation::{Dice, Passed, Seen},
};

/// Scans of one part of a log.
const PART: usize = 400;
/// A scan that was not answered is sent again so many times,
const TRIES: u32 = 20;
/// after such a while.
const AFTER: Duration = Duration::from_millis(250);

/// A lane and its device.
pub(super) struct Lane {
    /// Name of the device.
    pub(super) device: String,
    /// The last sequence it used.
    pub(super) sequence: i64,
    /// Places it may still fill while it has no network.
    quota: Option<usize>,
    /// Number of the quota they are of; 0 when it has none.
    number: i32,
    /// Credentials it let in itself without a network.
    admitted: HashSet<usize>,
    /// What it decided without a network.
    log: Vec<OfflineScan>,
    /// The last sequence of that.
    last: i64,
}

impl Lane {
    /// A lane with a network.
    pub(super) fn new(device: String, sequence: i64) -> Self {
        Self {
            device,
            sequence,
            quota: None,
            number: 0,
            admitted: HashSet::new(),
            log: Vec::new(),
            last: sequence,
        }
    }

    /// Whether it has no network.
    pub(super) fn is_cut_off(&self) -> bool {
        self.quota.is_some()
    }

    /// It loses its network, with so many places to fill, of the quota with a number.
    pub(super) fn cut_off(&mut self, places: usize, number: i32) {
        (self.quota, self.number) = (Some(places), number);
    }

    /// It has its network again.
    pub(super) fn back(&mut self) {
        self.quota = None;
        self.last = self.sequence;
    }

    /// The next scan it sends.
    pub(super) fn next(
        &mut self,
        opening: &OpeningName,
        code: &str,
        is_exit: bool,
    ) -> RedeemCredentialRequest {
        self.sequence += 1;
        RedeemCredentialRequest {
            device: self.device.clone(),
            sequence: self.sequence,
            opening: opening.to_string(),
            code: code.to_owned(),
            direction: direction(is_exit).into(),
            device_time: Some(to_timestamp(now())),
            ..RedeemCredentialRequest::default()
        }
    }

    /// Decides by itself: it knows whom it let in, and how many places are left.
    pub(super) fn decide(&mut self, credential: usize, code: &str, is_exit: bool) -> (i64, Seen) {
        self.sequence += 1;
        let left = self.quota.unwrap_or_default();
        let verdict = if is_exit {
            if self.admitted.remove(&credential) { Verdict::Left } else { Verdict::NotInside }
        } else if self.admitted.contains(&credential) {
            Verdict::AlreadyInside
        } else if left == 0 {
            Verdict::CapacityReached
        } else {
            self.quota = Some(left - 1);
            self.admitted.insert(credential);
            Verdict::Admitted
        };
        self.log.push(OfflineScan {
            sequence: self.sequence,
            code: code.to_owned(),
            direction: direction(is_exit).into(),
            verdict: verdict.into(),
            device_time: Some(to_timestamp(now())),
        });
        let (verdict, passed) = (verdict.into(), passed(verdict));
        (self.sequence, Seen { credential, verdict, passed, is_offline: true })
    }

    /// Tells what it decided: shuffled, in parts, some of it twice, and then that this was all.
    pub(super) async fn tell(
        &mut self,
        client: &Client,
        opening: &OpeningName,
        dice: &Dice,
    ) -> Result<UploadScansResponse, Failure> {
        let mut log = std::mem::take(&mut self.log);
        let again: Vec<OfflineScan> = log.iter().filter(|_| dice.once_in(10)).cloned().collect();
        log.extend(again);
        dice.shuffle(&mut log);
        for part in log.chunks(PART) {
            self.upload(client, opening, part.to_vec(), 0).await?;
        }
        self.upload(client, opening, Vec::new(), self.last).await
    }

    async fn upload(
        &self,
        client: &Client,
        opening: &OpeningName,
        scans: Vec<OfflineScan>,
        last_sequence: i64,
    ) -> Result<UploadScansResponse, Failure> {
        let upload = UploadScansRequest {
            device: self.device.clone(),
            opening: opening.to_string(),
            scans,
            sent_time: Some(to_timestamp(now())),
            last_sequence,
            quota: self.number,
        };
        answered(async || {
            client.offline().upload_scans(upload.clone()).await.map(tonic::Response::into_inner)
        })
        .await
    }
}

/// The device's clock: that of this machine, whatever the server's shows.
fn now() -> Instant {
    ambient::clock().now()
}

fn direction(is_exit: bool) -> Direction {
    if is_exit { Direction::Exit } else { Direction::Entry }
}

fn passed(verdict: Verdict) -> Passed {
    match verdict {
        Verdict::Admitted => Passed::In,
        Verdict::Left => Passed::Out,
        _ => Passed::Refused,
    }
}

/// What a scan of the server means for a credential.
pub(super) fn seen(credential: usize, scan: &Scan) -> Seen {
    let passed = passed(scan.verdict());
    Seen { credential, verdict: scan.verdict, passed, is_offline: scan.offline }
}

/// Sends a scan until it is answered: the same scan is decided once, however often it is sent.
pub(super) async fn redeem(client: &Client, scan: &RedeemCredentialRequest) -> Result<Scan, Failure> {
    let reply = answered(async || client.admission().redeem_credential(scan.clone()).await);
    Ok(reply.await?.into_inner().scan.unwrap_or_default())
}

/// Calls until there is an answer. What changes something has a key, and is done once.
///
/// # Errors
/// What the server refuses, and its silence after a while.
pub(super) async fn answered<T>(call: impl AsyncFn() -> Result<T, Status>) -> Result<T, Failure> {
    let mut tries = 0;
    loop {
        match call().await {
            Ok(answer) => return Ok(answer),
            Err(status) if tries < TRIES && is_passing(status.code()) => tries += 1,
            Err(status) => return Err(status.into()),
        }
        tokio::time::sleep(AFTER).await;
    }
}

fn is_passing(code: Code) -> bool {
    matches!(code, Code::Unavailable | Code::DeadlineExceeded | Code::Aborted)
}
