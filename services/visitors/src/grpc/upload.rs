//! What a device decided without a network, told later: kept as it happened.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, CredentialName, DeviceName, Instant, OpeningName, SignedDuration, Slug};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};

use super::{
    emit, governor, openings_of,
    passages::{self, Told, conflict},
    quotas, redeem,
};
use crate::{
    Error,
    domain::{
        capacity::Filling,
        course::Phase,
        passages::{Passage, ScanKey},
        quota::{Quota, QuotaState},
        scan::{Direction, Identity, Reading},
        verdict::Verdict,
    },
    store::{
        control,
        gates::DeviceRow,
        offline::{self, QuotaRow},
        openings::OpeningRow,
        passages as rows,
        scans::{self, ScanRow, direction_of, verdict_of},
    },
};

/// Most scans of one call: while they are written nobody else is let in.
const MOST_SCANS: usize = 2_000;

/// A scan that was decided without a network, read and checked.
#[derive(Clone, Debug, PartialEq)]
struct Decided {
    reading: Reading,
    at: Instant,
    verdict: Verdict,
}

fn decided(field: &str, opening: &OpeningName, scan: &pb::OfflineScan) -> Result<Decided, Error> {
    let of = |name: &str| format!("{field}.{name}");
    redeem::check_sequence(&of("sequence"), scan.sequence)?;
    redeem::check_code(&of("code"), &scan.code)?;
    let direction = parse::one_of::<pb::Direction>(&of("direction"), scan.direction)?;
    let direction = direction_of(direction).ok_or_else(|| Common::field(of("direction"), "is required"))?;
    let verdict = parse::one_of::<pb::Verdict>(&of("verdict"), scan.verdict)?;
    let verdict = verdict_of(verdict).ok_or_else(|| Common::field(of("verdict"), "is required"))?;
    let way = match verdict {
        Verdict::Admitted => Some(Direction::Entry),
        Verdict::Left => Some(Direction::Exit),
        _ => None,
    };
    if way.is_some_and(|way| way != direction) {
        return Err(Common::field(of("verdict"), "is not of the way the scan went").into());
    }
    if way.is_some() && scan.code.parse::<Slug>().is_err() {
        return Err(Common::field(of("code"), "can be no credential's, and somebody passed with it").into());
    }
    let at = parse::instant(&of("device_time"), scan.device_time)?;
    let at = parse::required(&of("device_time"), at)?;
    let (opening, code) = (opening.to_string(), scan.code.clone());
    let identity = Identity::Unchecked;
    Ok(Decided {
        reading: Reading { opening, code, direction, device_time: Some(at), identity },
        at,
        verdict,
    })
}

/// A part of a device's log, read and checked.
pub(super) struct Upload {
    device: DeviceName,
    opening: OpeningName,
    /// By sequence; the same scan twice is there once.
    scans: BTreeMap<i64, Decided>,
    repeated: usize,
    sent: Option<Instant>,
    last_sequence: i64,
    /// Number of the quota the log accounts for; 0 for none.
    quota: i32,
}

impl Upload {
    pub(super) fn parse(request: &pb::UploadScansRequest) -> Result<Self, Error> {
        if request.scans.len() > MOST_SCANS {
            return Err(Common::field("scans", format!("a call holds at most {MOST_SCANS}")).into());
        }
        if !(0..=redeem::LAST_SEQUENCE).contains(&request.last_sequence) {
            return Err(Common::field("last_sequence", "is a sequence, or 0 when more may come").into());
        }
        let opening: OpeningName = parse::text_as("opening", &request.opening)?;
        let device: DeviceName = parse::text_as("device", &request.device)?;
        let mut scans: BTreeMap<i64, Decided> = BTreeMap::new();
        for (index, scan) in request.scans.iter().enumerate() {
            let decided = decided(&format!("scans[{index}]"), &opening, scan)?;
            match scans.get(&scan.sequence) {
                Some(before) => check_same(device.as_str(), scan.sequence, before, &decided)?,
                None => drop(scans.insert(scan.sequence, decided)),
            }
        }
        Ok(Self {
            device,
            opening,
            repeated: request.scans.len() - scans.len(),
            scans,
            sent: parse::instant("sent_time", request.sent_time)?,
            last_sequence: request.last_sequence,
            quota: request.quota,
        })
    }

    /// As a scan's: its credential, and its device.
    pub(super) fn locks(&self) -> Locks {
        Locks::of([openings_of(self.opening.as_str()), self.device.to_string()])
    }

    pub(super) async fn carry_out(mut self, tx: &mut Tx) -> Result<pb::UploadScansResponse, Error> {
        let now = tx.now();
        let device = DeviceRow::find(tx, self.device.as_str()).await?;
        let device = device.ok_or_else(|| Error::DeviceUnknown { device: self.device.to_string() })?;
        let opening = OpeningRow::get(tx, self.opening.as_str()).await?.opening()?;
        if !opening.is_at_venue(&device.gate) {
            let problem = format!("{} is at another venue than {}", self.device, self.opening);
            return Err(Common::field("device", problem).into());
        }
        let is_cleared = opening.course.phase(now) == Phase::Cleared;
        self.leave_out_known(tx).await?;
        let offset = self.sent.map_or(SignedDuration::ZERO, |sent| now.since(sent));
        // a clock that is ahead tells of no future, and one that was put back of no other order
        let mut latest = now;
        for scan in self.scans.values_mut().rev() {
            scan.at = scan.at.saturating_add(offset).min(latest);
            latest = scan.at;
        }
        self.keep_scans(tx, now).await?;
        let quota = offline::last_quota(tx, self.opening.as_str(), self.device.as_str()).await?;
        let is_revoked = device.state == i32::from(pb::DeviceState::Revoked);
        let (quota, conflicts) = self.keep_passages(tx, (is_cleared, is_revoked), quota).await?;
        let (quota, missing) = self.settle(tx, quota).await?;
        let count = |many: usize| i32::try_from(many).unwrap_or(i32::MAX);
        let (recorded, conflicts) = (count(self.scans.len()), count(conflicts));
        if recorded > 0 {
            let (device, opening) = (self.device.to_string(), self.opening.to_string());
            let event = pb::ScansUploaded { device, opening, recorded, conflicts };
            emit(tx, self.opening.as_str(), &event);
        }
        Ok(pb::UploadScansResponse {
            recorded,
            repeated_scans: count(self.repeated),
            conflicts,
            missing,
            quota: quota.map(Into::into),
            clock_offset: Some(parse::to_duration(offset)),
        })
    }

    /// Leaves out what was kept before, if it was the same.
    async fn leave_out_known(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let (Some((&first, _)), Some((&last, _))) =
            (self.scans.first_key_value(), self.scans.last_key_value())
        else {
            return Ok(());
        };
        // sequences of a log lie close together; where they do not, each is looked up by itself
        let device = self.device.as_str();
        let is_dense = usize::try_from(last - first).is_ok_and(|span| span <= 2 * MOST_SCANS);
        let mut known = Vec::new();
        if is_dense {
            known = scans::between(tx, device, first, last).await?;
        } else {
            for sequence in self.scans.keys() {
                known.extend(scans::find(tx, device, *sequence).await?);
            }
        }
        for row in known {
            let Some(sent) = self.scans.remove(&row.sequence) else { continue };
            // a log does not tell what a scan that was sent at once had found of an identity
            let reading = Reading { identity: sent.reading.identity, ..row.reading()? };
            let stored = Decided { reading, at: sent.at, verdict: row.verdict()? };
            check_same(device, row.sequence, &stored, &sent)?;
            self.repeated += 1;
        }
        Ok(())
    }

    async fn keep_scans(&self, tx: &mut Tx, now: Instant) -> Result<(), Error> {
        let row = |(sequence, scan): (&i64, &Decided)| ScanRow {
            offline: 1,
            ..ScanRow::of(self.device.to_string(), *sequence, scan.reading.clone(), scan.verdict, now)
        };
        let rows: Vec<ScanRow> = self.scans.iter().map(row).collect();
        scans::insert_many(tx, &rows).await?;
        Ok(())
    }

    /// Keeps who passed, and what went wrong by it; returns the quota as it was filled, and how many conflicts
    /// are new.
    async fn keep_passages(
        &self,
        tx: &mut Tx,
        (is_cleared, is_revoked): (bool, bool),
        quota: Option<QuotaRow>,
    ) -> Result<(Option<QuotaRow>, usize), Error> {
        let passed = self.passed();
        let names: BTreeSet<&str> = passed.iter().map(|(credential, _)| credential.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let known = rows::credentials(tx, &names).await?;
        let (mut told, mut conflicts) = (BTreeMap::<String, Told>::new(), Vec::new());
        let mut left = quota.as_ref().map(QuotaRow::quota);
        let first = quota.as_ref().map_or(i64::MAX, |row| row.first_sequence);
        for (credential, passage) in &passed {
            let found = known.get(credential);
            if is_revoked {
                let kind = pb::ConflictKind::DeviceRevoked;
                conflicts.push(conflict(credential, kind, passage.clone(), None));
                if passage.direction == Direction::Exit {
                    continue;
                }
            }
            if passage.direction == Direction::Entry {
                let mut note = |kind| conflicts.push(conflict(credential, kind, passage.clone(), None));
                let covering = left.filter(|_| passage.scan.sequence >= first);
                let filled = covering.and_then(Quota::fill);
                match filled {
                    Some(filled) => left = Some(filled),
                    None => note(pb::ConflictKind::BeyondQuota),
                }
                let valid = i32::from(pb::CredentialState::Valid);
                if found.is_none_or(|(_, state)| *state != valid) {
                    note(pb::ConflictKind::CredentialInvalid);
                }
            }
            // whom nobody knows is counted with the public: the permit is not passed by accident
            let kind = found.map_or(i32::from(pb::CredentialKind::Ticket), |(kind, _)| *kind);
            let of = told.entry(credential.clone()).or_insert(Told { kind, passages: Vec::new() });
            of.passages.push(passage.clone());
        }
        let opening = self.opening.as_str();
        rows::insert_conflicts(tx, opening, &conflicts).await?;
        let recorded = passages::record(tx, opening, is_cleared, told).await?;
        let quota = quota.zip(left).map(|(row, left)| (row.quota().held() - left.held(), row, left));
        let filled = quota.as_ref().map_or(0, |(filled, _, _)| *filled);
        if let Some(count) = control::count(tx, opening).await? {
            let before = count.filling();
            let filling = Filling {
                public: before.public + recorded.public,
                everyone: before.everyone + recorded.everyone,
                held: before.held - filled,
                ..before
            };
            governor::fill(tx, opening, count, filling).await?;
        }
        let now = tx.now().as_micros();
        let quota = quota.map(|(_, row, left)| row.with(left, now));
        if let Some(row) = quota.as_ref().filter(|_| filled > 0) {
            offline::save_quota(tx, row).await?;
        }
        Ok((quota, conflicts.len() + recorded.conflicts))
    }

    /// Who passed, with the names of their credentials, by sequence.
    fn passed(&self) -> Vec<(String, Passage)> {
        let tournament = self.opening.parent();
        let passage = |(sequence, scan): (&i64, &Decided)| {
            let has_passed = matches!(scan.verdict, Verdict::Admitted | Verdict::Left);
            let id = scan.reading.code.parse::<Slug>().ok().filter(|_| has_passed)?;
            let scan_key = ScanKey { device: self.device.to_string(), sequence: *sequence };
            let passage = Passage { at: scan.at, scan: scan_key, direction: scan.reading.direction };
            Some((CredentialName::new(&tournament, id).to_string(), passage))
        };
        self.scans.iter().filter_map(passage).collect()
    }

    /// Settles the quota when the log is complete; returns it, and how many scans are missing.
    async fn settle(&self, tx: &mut Tx, quota: Option<QuotaRow>) -> Result<(Option<QuotaRow>, i64), Error> {
        let Some(row) = quota else { return Ok((None, 0)) };
        // a log that is told again, or late, accounts for its own quota and not for a newer one
        let is_of_it = i64::from(self.quota) == row.number;
        if self.last_sequence == 0 || !is_of_it || row.quota().state != QuotaState::Open {
            return Ok((Some(row), 0));
        }
        let (first, last) = (row.first_sequence, self.last_sequence);
        if last < first - 1 {
            let problem = format!("lies before the quota, whose first is {first}");
            return Err(Common::field("last_sequence", problem).into());
        }
        let kept = scans::count_between(tx, self.device.as_str(), first, last).await?;
        let missing = (last - first + 1).max(0) - kept;
        let row = if missing == 0 { quotas::settle(tx, row).await? } else { row };
        Ok((Some(row), missing))
    }
}

/// Refuses another scan with the sequence of one that was kept.
fn check_same(device: &str, sequence: i64, stored: &Decided, sent: &Decided) -> Result<(), Error> {
    let difference = stored.reading.difference(&sent.reading);
    let difference = difference.or_else(|| (stored.verdict != sent.verdict).then_some("verdict"));
    match difference {
        Some(difference) => Err(Error::ScanKeyReused { device: device.to_owned(), sequence, difference }),
        None => Ok(()),
    }
}
