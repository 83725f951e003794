//! Redeeming a credential: a scan is decided once and kept.

use std::collections::BTreeMap;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, CredentialName, DeviceName, OpeningName, Slug};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};

use super::{
    governor, openings_of,
    passages::{self, Recorded, Told},
};
use crate::{
    Error,
    domain::{
        capacity::Filling,
        passages::{Passage, ScanKey},
        scan::{Direction, Identity, Reading},
        verdict::Verdict,
    },
    store::{
        admissions, control,
        gates::DeviceRow,
        openings::OpeningRow,
        redeem::{Scene, scene},
        scans::{self, ScanRow, direction_of, identity_of},
    },
};

/// Highest sequence of a device, 2⁵³: more scans than there are.
pub(super) const LAST_SEQUENCE: i64 = 1 << 53;
/// Longest code, in bytes.
const LONGEST_CODE: usize = 200;

/// A scan, read and checked.
#[derive(Clone)]
pub(crate) struct Redeem {
    device: DeviceName,
    sequence: i64,
    opening: OpeningName,
    /// Name of the credential with the code; `None` when the code can be none's.
    credential: Option<CredentialName>,
    reading: Reading,
}

impl Redeem {
    pub(crate) fn parse(request: &pb::RedeemCredentialRequest) -> Result<Self, Error> {
        let opening: OpeningName = parse::text_as("opening", &request.opening)?;
        check_sequence("sequence", request.sequence)?;
        let code = &request.code;
        check_code("code", code)?;
        let direction = parse::one_of::<pb::Direction>("direction", request.direction)?;
        let direction = direction_of(direction).ok_or_else(|| Common::field("direction", "is required"))?;
        let credential = code.parse::<Slug>().ok().map(|id| CredentialName::new(&opening.parent(), id));
        Ok(Self {
            device: parse::text_as("device", &request.device)?,
            sequence: request.sequence,
            credential,
            reading: Reading {
                opening: opening.to_string(),
                code: code.clone(),
                direction,
                device_time: parse::instant("device_time", request.device_time)?,
                identity: identity(request.identity)?,
            },
            opening,
        })
    }

    /// The tournament's openings, against clear-outs, phase changes, the schedule and other scans of the same
    /// credential; the device, against the same scan sent to another process with another tournament's opening, and
    /// against its revocation.
    pub(crate) fn locks(&self) -> Locks {
        Locks::of([openings_of(self.opening.as_str()), self.device.to_string()])
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RedeemCredentialResponse, Error> {
        let credential = self.credential.as_ref().map_or("", CredentialName::as_str);
        let (device, opening) = (self.device.as_str(), self.opening.as_str());
        let Some(scene) = scene(tx, device, self.sequence, opening, credential).await? else {
            return self.explain(tx).await;
        };
        if let Some(stored) = scene.stored(device, self.sequence) {
            return self.repeat(stored);
        }
        self.decide(tx, &scene).await
    }

    /// The decision that was made on this scan before.
    fn repeat(self, stored: ScanRow) -> Result<pb::RedeemCredentialResponse, Error> {
        if let Some(difference) = stored.reading()?.difference(&self.reading) {
            let (device, sequence) = (self.device.to_string(), self.sequence);
            return Err(Error::ScanKeyReused { device, sequence, difference });
        }
        answer(stored)
    }

    async fn decide(self, tx: &mut Tx, scene: &Scene) -> Result<pb::RedeemCredentialResponse, Error> {
        let now = tx.now();
        let verdict = scene.decide(self.reading.direction, self.reading.identity, now)?;
        let scan = ScanRow::of(self.device.into(), self.sequence, self.reading, verdict, now);
        scans::insert(tx, &scan).await?;
        let credential = self.credential.as_ref().map_or("", CredentialName::as_str);
        match verdict {
            Verdict::Admitted => {
                admissions::open(tx, &scan, credential, scene.kind()).await?;
                pass(tx, &scan.opening, scene, of_one(scene, 1)).await?;
            }
            Verdict::Left => {
                let left = leave(tx, &scan, credential, scene).await?;
                pass(tx, &scan.opening, scene, left).await?;
            }
            _ => {}
        }
        answer(scan)
    }

    /// What is missing when there is nothing to decide from: the device, or the opening. A scan that was kept
    /// tells first that its key belongs to another one.
    async fn explain(self, tx: &mut Tx) -> Result<pb::RedeemCredentialResponse, Error> {
        if DeviceRow::find(tx, self.device.as_str()).await?.is_none() {
            return Err(Error::DeviceUnknown { device: self.device.to_string() });
        }
        if let Some(stored) = scans::find(tx, self.device.as_str(), self.sequence).await? {
            return self.repeat(stored);
        }
        OpeningRow::get(tx, self.opening.as_str()).await?;
        Err(Common::internal(format!("the gate of {} does not exist", self.device)).into())
    }
}

/// Reads what a gate found of an identity; nothing said is that it did not look.
fn identity(number: i32) -> Result<Identity, Error> {
    let identity = pb::IdentityCheck::try_from(number);
    let identity = identity.map_err(|_| Common::field("identity", "is none of the contract's"))?;
    Ok(identity_of(identity))
}

/// Checks the sequence of a scan.
pub(super) fn check_sequence(field: &str, sequence: i64) -> Result<(), Error> {
    if (1..=LAST_SEQUENCE).contains(&sequence) {
        return Ok(());
    }
    Err(Common::field(field, format!("counts the device's scans, from 1 to {LAST_SEQUENCE}")).into())
}

/// Checks what a device says it read.
pub(super) fn check_code(field: &str, code: &str) -> Result<(), Error> {
    if code.len() > LONGEST_CODE {
        let problem = format!("is {} bytes long; at most {LONGEST_CODE} are kept", code.len());
        return Err(Common::field(field, problem).into());
    }
    if code.contains('\0') {
        return Err(Common::field(field, "holds a zero byte").into());
    }
    Ok(())
}

/// What one more inside, or with -1 one fewer, changes.
fn of_one(scene: &Scene, people: i64) -> Recorded {
    let public = if scene.is_public() { people } else { 0 };
    Recorded { public, everyone: people, conflicts: 0 }
}

/// Writes that somebody left; of several who are inside with one credential, the one who came first. Returns who is
/// inside more or fewer by it: what the admissions say, and nothing else, is counted.
async fn leave(tx: &mut Tx, scan: &ScanRow, credential: &str, scene: &Scene) -> Result<Recorded, Error> {
    if !scene.has_double() {
        admissions::leave(tx, scan, credential).await?;
        return Ok(of_one(scene, -1));
    }
    let key = ScanKey { device: scan.device.clone(), sequence: scan.sequence };
    let exit = Passage { at: tx.now(), scan: key, direction: Direction::Exit };
    let told = Told { kind: scene.kind(), passages: vec![exit] };
    let told = BTreeMap::from([(credential.to_owned(), told)]);
    passages::record(tx, &scan.opening, false, told).await
}

/// Counts who came in or left, where there are limits or people enter one for one.
async fn pass(tx: &mut Tx, opening: &str, scene: &Scene, changed: Recorded) -> Result<(), Error> {
    if let Some(count) = scene.count() {
        let before = count.filling();
        let (public, everyone) = (before.public + changed.public, before.everyone + changed.everyone);
        governor::fill(tx, opening, count, Filling { public, everyone, ..before }).await?;
    }
    let entry = scene.entry()?;
    if entry.everywhere.counts() || entry.here.counts() {
        control::make_room(tx, opening, scene.gate(), -changed.everyone).await?;
    }
    Ok(())
}

fn answer(scan: ScanRow) -> Result<pb::RedeemCredentialResponse, Error> {
    let message = scan.verdict()?.message().to_owned();
    Ok(pb::RedeemCredentialResponse { scan: Some(scan.into()), message })
}
