//! What the service says in the end, compared with the ledger to the person.

use std::collections::{BTreeMap, HashMap};

use matchday_api::visitors::v1::{
    Conflict, ConflictKind, ListConflictsRequest, ListScansRequest, Scan, Verdict,
};
use matchday_runtime::Exit;

use super::{super::pages, gates::seen, play::Play, stage::occupancy};
use crate::{failure::Failure, output, words};

/// Faults that are told one by one.
const TOLD: usize = 10;

impl Play<'_> {
    /// Compares everything, and tells the account.
    ///
    /// # Errors
    /// [`Failure`] when it is not in balance.
    pub(super) async fn settle(mut self) -> Result<(), Failure> {
        let now = occupancy(self.client, &self.stage.opening).await?;
        let ledger = &mut self.ledger;
        ledger.check("entries", now.entries.into(), ledger.entries);
        ledger.check("exits", now.exits.into(), ledger.exits);
        ledger.check("everyone inside in the end", now.everyone.into(), 0);
        ledger.check("places of quotas in the end", now.offline_places.into(), 0);
        if !ledger.is_conserved() {
            ledger.faults.push("people are not conserved".into());
        }
        let conflicts = self.conflicts().await?;
        self.check_conflicts(&conflicts);
        let scans = self.scans().await?;
        self.check_scans(&scans);
        output::print(&self.account(&conflicts))?;
        let faults = self.ledger.faults;
        if faults.is_empty() {
            return Ok(());
        }
        let many = faults.len();
        let failure = Failure::new(Exit::Failed, format!("the account is not in balance: {many} faults"));
        Err(faults.into_iter().take(TOLD).fold(failure, Failure::with_detail))
    }

    async fn conflicts(&self) -> Result<Vec<Conflict>, Failure> {
        pages::all(async |page_token| {
            let parent = self.stage.opening.to_string();
            let request = ListConflictsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
            let page = self.client.offline().list_conflicts(request).await?.into_inner();
            Ok((page.conflicts, page.next_page_token))
        })
        .await
    }

    async fn scans(&self) -> Result<Vec<Scan>, Failure> {
        pages::all(async |page_token| {
            let (parent, page_size) = (self.stage.opening.to_string(), pages::PAGE_SIZE);
            let request = ListScansRequest { parent, page_size, page_token, refused_only: false };
            let page = self.client.admission().list_scans(request).await?.into_inner();
            Ok((page.scans, page.next_page_token))
        })
        .await
    }

    /// Every double is listed, and nothing else is.
    fn check_conflicts(&mut self, conflicts: &[Conflict]) {
        let numbers: HashMap<&str, usize> =
            self.stage.codes.iter().enumerate().map(|(number, code)| (code.as_str(), number)).collect();
        let mut listed: BTreeMap<usize, i64> = BTreeMap::new();
        for conflict in conflicts {
            match numbers.get(conflict.code.as_str()) {
                Some(number) if conflict.kind() == ConflictKind::DoubleAdmission => {
                    *listed.entry(*number).or_default() += 1;
                }
                _ => {
                    let kind = words::word_of::<ConflictKind>(conflict.kind);
                    let fault = format!("{kind} of {} is listed, and did not happen", conflict.code);
                    self.ledger.faults.push(fault);
                }
            }
        }
        if listed != self.ledger.doubles {
            let fault = format!("doubles listed: {listed:?}, in the account: {:?}", self.ledger.doubles);
            self.ledger.faults.push(fault);
        }
    }

    /// Every scan is kept once, as it was answered, and no other.
    fn check_scans(&mut self, scans: &[Scan]) {
        let lanes: HashMap<&str, usize> = self
            .stage
            .lanes
            .iter()
            .enumerate()
            .map(|(number, lane)| (lane.device.as_str(), number))
            .collect();
        let mut kept = 0;
        for scan in scans {
            let lane = lanes.get(scan.device.as_str()).copied();
            let entered = lane.and_then(|lane| self.ledger.scans.get(&(lane, scan.sequence)));
            match entered {
                Some(entered)
                    if *entered == seen(entered.credential, scan)
                        && self.stage.codes[entered.credential] == scan.code =>
                {
                    kept += 1;
                }
                _ => {
                    let fault = format!(
                        "scan {} of {} is kept, and was answered otherwise or never",
                        scan.sequence, scan.device
                    );
                    self.ledger.faults.push(fault);
                }
            }
        }
        let entered = self.ledger.scans.len();
        if kept != entered {
            self.ledger.faults.push(format!("{entered} scans were answered, {kept} are kept"));
        }
    }

    /// The account in words.
    fn account(&self, conflicts: &[Conflict]) -> String {
        let ledger = &self.ledger;
        let mut verdicts: BTreeMap<i32, usize> = BTreeMap::new();
        for seen in ledger.scans.values() {
            *verdicts.entry(seen.verdict).or_default() += 1;
        }
        let verdicts: Vec<String> = verdicts
            .iter()
            .map(|(verdict, count)| format!("{count} {}", words::word_of::<Verdict>(*verdict)))
            .collect();
        let offline = ledger.scans.values().filter(|seen| seen.is_offline).count();
        let doubles: i64 = ledger.doubles.values().sum();
        let (fullest, limit) = self.fullest;
        let balance = if ledger.faults.is_empty() { "in balance" } else { "NOT IN BALANCE" };
        format!(
            "\n{}\n  crowd     {} of the public, {} of the staff, {} with a copy of somebody's ticket\n  scans     {} ({}); {offline} without a network, {} sent more than once\n  people    {} entries − {} exits \
             − {} closed at the clear-out = {} inside\n  limit     {limit} of the public; at most {fullest} taken\n  \
             conflicts {} listed, {doubles} doubles in the account; {} places of quotas bounded what could be\n  account   {balance}\n",
            self.stage.opening,
            self.crowd.public,
            self.crowd.credentials - self.crowd.public,
            self.crowd.copies,
            ledger.scans.len(),
            verdicts.join(", "),
            self.again,
            ledger.entries,
            ledger.exits,
            ledger.closed,
            ledger.everyone,
            conflicts.len(),
            self.quotas,
        )
    }
}
