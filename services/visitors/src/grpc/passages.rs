//! Passages that are told after they happened: what they make of the admissions and conflicts of their credentials.

use std::collections::{BTreeMap, HashMap, HashSet};

use matchday_api::visitors::v1 as pb;
use matchday_store::Tx;

use crate::{
    Error,
    domain::passages::{Account, Passage, ScanKey, Stay, account},
    store::{
        admissions::{LEFT, OPEN},
        passages::{self, AdmissionRow, ConflictRow, open_state},
    },
};

/// Passages with one credential that are new.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Kind of the credential.
    pub(super) kind: i32,
    /// In any order.
    pub(super) passages: Vec<Passage>,
}

/// What the passages changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Recorded {
    /// So many more of the public are inside; fewer when negative.
    pub(super) public: i64,
    /// So many more are inside, of everybody.
    pub(super) everyone: i64,
    /// Conflicts that are new.
    pub(super) conflicts: usize,
}

/// Records passages of an opening by the names of their credentials. Each credential is accounted for anew with
/// all there was with it, so that in which order passages are told changes nothing.
pub(super) async fn record(
    tx: &mut Tx,
    opening: &str,
    is_cleared: bool,
    told: BTreeMap<String, Told>,
) -> Result<Recorded, Error> {
    let names: Vec<&str> = told.keys().map(String::as_str).collect();
    let before = passages::admissions(tx, opening, &names).await?;
    let conflicts = passages::conflicts(tx, opening, &names).await?;
    let mut ledger = Ledger { now: tx.now().as_micros(), is_cleared, ..Ledger::default() };
    let (mut rows_of, mut strays_of) = (HashMap::new(), HashMap::new());
    for row in &before {
        rows_of.entry(row.credential.as_str()).or_insert_with(Vec::new).push(row);
    }
    for row in &conflicts {
        if let Some(stray) = row.stray()? {
            strays_of.entry(row.credential.as_str()).or_insert_with(Vec::new).push(stray);
        }
    }
    for (credential, told) in &told {
        let rows = rows_of.remove(credential.as_str()).unwrap_or_default();
        let mut all = told.passages.clone();
        all.extend(strays_of.remove(credential.as_str()).unwrap_or_default());
        for row in &rows {
            all.extend(row.passages()?);
        }
        ledger.enter(credential, told.kind, &rows, account(all));
    }
    ledger.save(tx, opening, &conflicts).await
}

/// What becomes of admissions and conflicts.
#[derive(Default)]
struct Ledger {
    now: i64,
    is_cleared: bool,
    fresh: Vec<AdmissionRow>,
    changed: Vec<AdmissionRow>,
    conflicts: Vec<ConflictRow>,
    recorded: Recorded,
}

impl Ledger {
    /// Enters what the passages with a credential make.
    fn enter(&mut self, credential: &str, kind: i32, rows: &[&AdmissionRow], account: Account) {
        for row in rows.iter().filter(|row| row.is_open()) {
            self.count(row, -1);
        }
        let mut is_first = true;
        for stay in account.stays {
            let before = rows.iter().find(|row| is_of(row, &stay.entry.scan)).copied();
            let row = self.admission(credential, kind, before, stay, is_first);
            if row.is_open() {
                is_first = false;
                self.count(&row, 1);
            }
            match before {
                None => self.fresh.push(row),
                Some(before) if *before != row => self.changed.push(row),
                Some(_) => {}
            }
        }
        for double in account.doubles {
            let kind = pb::ConflictKind::DoubleAdmission;
            self.conflicts.push(conflict(credential, kind, double.second, Some(double.first)));
        }
        for stray in account.strays {
            let kind = pb::ConflictKind::ExitWithoutEntry;
            self.conflicts.push(conflict(credential, kind, stray, None));
        }
    }

    fn count(&mut self, row: &AdmissionRow, people: i64) {
        self.recorded.everyone += people;
        if row.is_public() {
            self.recorded.public += people;
        }
    }

    fn admission(
        &self,
        credential: &str,
        kind: i32,
        before: Option<&AdmissionRow>,
        stay: Stay,
        is_first: bool,
    ) -> AdmissionRow {
        let Stay { entry, exit } = stay;
        let (state, closed) = match &exit {
            Some(exit) => (LEFT, Some(exit.at.as_micros())),
            None if self.is_cleared => {
                let closed = before.and_then(|row| row.closed).unwrap_or(self.now);
                (open_state(true, is_first), Some(closed))
            }
            None => (open_state(false, is_first), None),
        };
        let exit = exit.map(|exit| exit.scan);
        AdmissionRow {
            device: entry.scan.device,
            sequence: entry.scan.sequence,
            credential: credential.to_owned(),
            kind: before.map_or(kind, |row| row.kind),
            state,
            entered: entry.at.as_micros(),
            closed,
            exit_sequence: exit.as_ref().map(|scan| scan.sequence),
            exit_device: exit.map(|scan| scan.device),
        }
    }

    async fn save(mut self, tx: &mut Tx, opening: &str, before: &[ConflictRow]) -> Result<Recorded, Error> {
        // at no moment are two admissions of a credential the one the gates see
        self.changed.sort_by_key(|row| row.state == OPEN);
        let (others, first): (Vec<_>, Vec<_>) = self.changed.into_iter().partition(|row| row.state != OPEN);
        for row in &others {
            passages::update_admission(tx, row).await?;
        }
        passages::insert_admissions(tx, opening, &self.fresh).await?;
        for row in &first {
            passages::update_admission(tx, row).await?;
        }
        let found: HashSet<&ConflictRow> = self.conflicts.iter().collect();
        let known: HashSet<&ConflictRow> = before.iter().collect();
        for row in known.difference(&found) {
            passages::delete_conflict(tx, row).await?;
        }
        let fresh: Vec<ConflictRow> = found.difference(&known).map(|row| (*row).clone()).collect();
        passages::insert_conflicts(tx, opening, &fresh).await?;
        Ok(Recorded { conflicts: fresh.len(), ..self.recorded })
    }
}

fn is_of(row: &AdmissionRow, scan: &ScanKey) -> bool {
    row.sequence == scan.sequence && row.device == scan.device
}

/// A conflict at a passage.
pub(super) fn conflict(
    credential: &str,
    kind: pb::ConflictKind,
    passage: Passage,
    other: Option<ScanKey>,
) -> ConflictRow {
    let (other_device, other_sequence) = other.map_or((String::new(), 0), |it| (it.device, it.sequence));
    ConflictRow {
        device: passage.scan.device,
        sequence: passage.scan.sequence,
        kind: kind.into(),
        credential: credential.to_owned(),
        happened: passage.at.as_micros(),
        other_device,
        other_sequence,
    }
}
