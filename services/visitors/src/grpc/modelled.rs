//! The gates against a model: whatever is scanned, sent again, decided without a network, told in parts, revoked,
//! limited, paused and cleared, in any order: nobody is lost, nobody is counted twice, no limit is passed.
//!
//! `MATCHDAY_GATE_CASES` sets how many evenings are played on each database.

use std::collections::BTreeMap;

use matchday_api::visitors::v1::{self as pb, ConflictKind, Direction, EntryState, Verdict};
use matchday_kernel::Fault;
use matchday_store::{Locks, Store};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{
    at_the_gate::{change, clear, count, scan, verdict},
    credentials::Block,
    governed::{check_count, limit, set_state},
    governor::check_identity,
    openings_of,
    uploaded::{conflicts, grant_after, held, passed, upload, write_off},
};
use crate::{
    stage::{OPENING, device, furnish, houses, minute, write},
    store::credentials::CredentialRow,
};

/// The code of a ticket that lets in twice.
const TWICE: usize = 3;
const REVOKED: i32 = 2;
/// Devices.
const DEVICES: usize = 4;
/// Evenings on each database, where nobody says.
const CASES: u32 = 12;

/// One thing that happens at the gates; each takes a minute.
#[derive(Clone, Debug)]
enum Step {
    /// A device with a network scans, and tells what it found of the holder's identity.
    Scan { device: usize, code: usize, is_exit: bool, identity: i32 },
    /// One of the scans before is sent again.
    Again(usize),
    /// A device gets a quota.
    Grant { device: usize, places: i32 },
    /// A device decides without a network.
    Decide { device: usize, code: usize, is_exit: bool },
    /// A device tells a part of its log, from the end; all of it when it says that it is complete.
    Upload { device: usize, part: usize, is_complete: bool },
    /// A quota is given up.
    WriteOff { device: usize },
    /// The limits are set.
    Limit { public: Option<i32>, everyone: Option<i32> },
    /// People are let in otherwise.
    State(EntryState),
    /// A ticket is revoked.
    Revoke(usize),
    /// The holder of a ticket is kept out, or let in again.
    Block(usize, bool),
    /// Identities are checked, or not any more.
    Identities(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || (0..DEVICES, 0..10_usize, prop::bool::weighted(0.3));
    let people = || prop::option::weighted(0.8, 0..8);
    let state =
        prop_oneof![Just(EntryState::Normal), Just(EntryState::Paused), Just(EntryState::OneInOneOut)];
    prop_oneof![
        20 => (who(), 0..3).prop_map(|((device, code, is_exit), identity)| {
            Step::Scan { device, code, is_exit, identity }
        }),
        4 => (0..40_usize).prop_map(Step::Again),
        4 => (0..DEVICES, 1..4).prop_map(|(device, places)| Step::Grant { device, places }),
        16 => who().prop_map(|(device, code, is_exit)| Step::Decide { device, code, is_exit }),
        8 => (0..DEVICES, 1..6_usize, any::<bool>())
            .prop_map(|(device, part, is_complete)| Step::Upload { device, part, is_complete }),
        1 => (0..DEVICES).prop_map(|device| Step::WriteOff { device }),
        2 => (people(), people()).prop_map(|(public, everyone)| Step::Limit { public, everyone }),
        2 => state.prop_map(Step::State),
        1 => (0..10_usize).prop_map(Step::Revoke),
        2 => (0..10_usize, any::<bool>()).prop_map(|(code, is_blocked)| Step::Block(code, is_blocked)),
        1 => any::<bool>().prop_map(Step::Identities),
    ]
}

/// A passage that the service knows of: when, by which scan, with which code, which way.
type Known = (i64, String, i64, usize, bool);

/// What there was with a code, counted one by one.
#[derive(Default)]
struct Tally {
    inside: i64,
    doubles: usize,
    strays: usize,
    exits: i64,
}

#[derive(Default)]
struct Log {
    sequence: i64,
    /// What was decided without a network, kept or not.
    scans: Vec<pb::OfflineScan>,
    /// So many at its beginning are known to have been told.
    told: Vec<i64>,
    /// Places, filled so far by what was told, taken by the device, and the first sequence.
    quota: Option<(i64, i64, i64, i64)>,
}

/// An evening as it must be.
struct Model {
    minute: i64,
    known: Vec<Known>,
    sent: Vec<(pb::RedeemCredentialRequest, Verdict)>,
    logs: Vec<Log>,
    limits: (Option<i64>, Option<i64>),
    state: EntryState,
    room: i64,
    revoked: Vec<usize>,
    blocked: Vec<usize>,
    is_identity_checked: bool,
    beyond: usize,
    invalid: usize,
}

impl Model {
    fn new() -> Self {
        Self {
            minute: 0,
            known: Vec::new(),
            sent: Vec::new(),
            logs: (0..DEVICES).map(|_| Log::default()).collect(),
            limits: (None, None),
            state: EntryState::Normal,
            room: 0,
            revoked: Vec::new(),
            blocked: Vec::new(),
            is_identity_checked: false,
            beyond: 0,
            invalid: 0,
        }
    }

    fn tally(&self, code: usize) -> Tally {
        let mut passages: Vec<&Known> = self.known.iter().filter(|known| known.3 == code).collect();
        passages.sort();
        let mut tally = Tally::default();
        for (_, _, _, _, is_exit) in passages {
            match (is_exit, tally.inside) {
                (true, 0) => tally.strays += 1,
                (true, _) => (tally.inside, tally.exits) = (tally.inside - 1, tally.exits + 1),
                (false, inside) => {
                    tally.doubles += usize::from(inside > 0);
                    tally.inside += 1;
                }
            }
        }
        tally
    }

    /// People inside: of the public, and everybody. The code 9 is a pass.
    fn inside(&self) -> (i64, i64) {
        let of = |codes: std::ops::Range<usize>| codes.map(|code| self.tally(code).inside).sum::<i64>();
        (of(0..9), of(0..10))
    }

    fn held(&self) -> i64 {
        self.logs.iter().filter_map(|log| log.quota).map(|(places, filled, _, _)| places - filled).sum()
    }

    fn has_room(&self, is_public: bool, more: i64) -> bool {
        let ((public, everyone), held) = (self.inside(), self.held());
        let fits = |limit: Option<i64>, people: i64| limit.is_none_or(|limit| people + held + more <= limit);
        (!is_public || fits(self.limits.0, public)) && fits(self.limits.1, everyone)
    }

    fn verdict(&self, code: usize, is_exit: bool, identity: i32) -> Verdict {
        let is_inside = self.tally(code).inside > 0;
        let entries = self.known.iter().filter(|known| known.3 == code && !known.4).count();
        match (is_exit, is_inside) {
            (true, true) => Verdict::Left,
            (true, false) => Verdict::NotInside,
            (false, _) if self.revoked.contains(&code) => Verdict::Revoked,
            (false, _) if self.blocked.contains(&code) => Verdict::PersonBlocked,
            (false, true) => Verdict::AlreadyInside,
            (false, false) if code == TWICE && entries >= 2 => Verdict::EntriesUsedUp,
            (false, false) if self.is_identity_checked && identity == 0 => Verdict::IdentityUnchecked,
            (false, false) if self.is_identity_checked && identity == 2 => Verdict::IdentityMismatch,
            (false, false) if self.state == EntryState::Paused => Verdict::EntryPaused,
            (false, false) if self.state == EntryState::OneInOneOut && self.room == 0 => Verdict::EntryPaused,
            (false, false) if !self.has_room(code < 9, 1) => Verdict::CapacityReached,
            (false, false) => Verdict::Admitted,
        }
    }

    async fn play(&mut self, store: &Store, step: Step) {
        self.minute += 1;
        match step {
            Step::Scan { device, code, is_exit, identity } => {
                self.scan(store, device, code, is_exit, identity).await;
            }
            Step::Again(index) => {
                if let Some((request, decided)) = self.sent.get(index) {
                    assert_eq!(verdict(store, minute(self.minute), request).await, *decided);
                }
            }
            Step::Grant { device, places } => self.grant(store, device, places).await,
            Step::Decide { device, code, is_exit } => self.decide(device, code, is_exit),
            Step::Upload { device, part, is_complete } => self.upload(store, device, part, is_complete).await,
            Step::WriteOff { device } => {
                let written = write_off(store, device).await;
                assert_eq!(written.is_ok(), self.logs[device].quota.take().is_some());
            }
            Step::Limit { public, everyone } => {
                let limits = pb::CapacityLimits { holding: public, everyone, ..Default::default() };
                limit(store, limits).await.unwrap();
                self.limits = (public.map(i64::from), everyone.map(i64::from));
            }
            Step::State(state) => {
                set_state(store, "", state).await.unwrap();
                (self.state, self.room) = (state, 0);
            }
            Step::Revoke(code) => {
                change(store, &format!("k-{code}"), |row| CredentialRow { state: REVOKED, ..row }).await;
                self.revoked.push(code);
            }
            Step::Block(code, is_blocked) => self.block(store, code, is_blocked).await,
            Step::Identities(is_checked) => {
                check_identities(store, is_checked).await;
                self.is_identity_checked = is_checked;
            }
        }
    }

    async fn block(&mut self, store: &Store, code: usize, is_blocked: bool) {
        let request = pb::BlockCredentialRequest {
            name: format!("tournaments/t/credentials/k-{code}"),
            blocked: is_blocked,
            reason: "a ban".into(),
            ..Default::default()
        };
        let block = Block::parse(&request).unwrap();
        let done = write(store, minute(0), Locks::none(), move |tx| Box::pin(block.carry_out(tx))).await;
        if self.revoked.contains(&code) {
            assert_eq!(done.unwrap_err().reason(), "CREDENTIAL_REVOKED");
            return;
        }
        done.unwrap();
        self.blocked.retain(|blocked| *blocked != code);
        self.blocked.extend(is_blocked.then_some(code));
    }

    async fn scan(&mut self, store: &Store, number: usize, code: usize, is_exit: bool, identity: i32) {
        let wanted = self.verdict(code, is_exit, identity);
        let log = &mut self.logs[number];
        log.sequence += 1;
        let request = scan(device(number), log.sequence, &format!("k-{code}"), direction(is_exit));
        let request = pb::RedeemCredentialRequest { identity, ..request };
        let got = verdict(store, minute(self.minute), &request).await;
        assert_eq!(got, wanted, "k-{code} at minute {}", self.minute);
        if matches!(got, Verdict::Admitted | Verdict::Left) {
            self.known.push((self.minute, device(number), log.sequence, code, is_exit));
            self.room += if is_exit { 1 } else { -1 };
        }
        self.sent.push((request, got));
    }

    async fn grant(&mut self, store: &Store, number: usize, places: i32) {
        let wanted = match self.logs[number].quota {
            Some(_) => "QUOTA_OPEN",
            None if !self.has_room(true, places.into()) => "QUOTA_WITHOUT_ROOM",
            None => "",
        };
        // the device tells how far it is, whatever of that it has sent
        let last = self.logs[number].sequence;
        match grant_after(store, number, places, last).await {
            Ok(quota) => {
                assert_eq!(("", quota.first_sequence), (wanted, self.last_kept(number).max(last) + 1));
                self.logs[number].quota = Some((places.into(), 0, 0, quota.first_sequence));
            }
            Err(error) => assert_eq!(error.reason(), wanted),
        }
    }

    /// The highest sequence of a device that the service knows.
    fn last_kept(&self, number: usize) -> i64 {
        let sent = self.sent.iter().filter(|(request, _)| request.device == device(number));
        let sent = sent.map(|(request, _)| request.sequence);
        sent.chain(self.logs[number].told.iter().copied()).max().unwrap_or_default()
    }

    /// The device lets in whoever comes while it has places, and everybody out.
    fn decide(&mut self, number: usize, code: usize, is_exit: bool) {
        let log = &mut self.logs[number];
        log.sequence += 1;
        let mut scan = passed(log.sequence, &format!("k-{code}"), direction(is_exit), self.minute);
        if !is_exit {
            match &mut log.quota {
                Some((places, _, taken, _)) if *taken < *places => *taken += 1,
                _ => scan.verdict = Verdict::CapacityReached.into(),
            }
        }
        log.scans.push(scan);
    }

    async fn upload(&mut self, store: &Store, number: usize, part: usize, is_complete: bool) {
        let log = &self.logs[number];
        let count = if is_complete { log.scans.len() } else { part.min(log.scans.len()) };
        let mut scans: Vec<pb::OfflineScan> = log.scans.iter().rev().take(count).cloned().collect();
        scans.extend(scans.first().cloned());
        let last = if is_complete { log.sequence } else { 0 };
        let told = upload(store, minute(self.minute), number, scans.clone(), last).await.unwrap();
        let mut recorded = 0;
        // as the service takes them: by sequence
        scans.sort_by_key(|scan| scan.sequence);
        for scan in scans {
            if self.logs[number].told.contains(&scan.sequence) {
                continue;
            }
            recorded += 1;
            self.keep(number, &scan);
        }
        assert_eq!((told.recorded, told.missing), (recorded, 0));
        if is_complete && last > 0 {
            self.logs[number].quota = None;
        }
    }

    fn keep(&mut self, number: usize, scan: &pb::OfflineScan) {
        self.logs[number].told.push(scan.sequence);
        if !matches!(scan.verdict(), Verdict::Admitted | Verdict::Left) {
            return;
        }
        let code: usize = scan.code.trim_start_matches("k-").parse().unwrap();
        let is_exit = scan.direction() == Direction::Exit;
        // a device tells the minute at which it decided
        let seconds =
            scan.device_time.unwrap().seconds - matchday_rpc::parse::to_timestamp(minute(0)).seconds;
        self.known.push((seconds / 60, device(number), scan.sequence, code, is_exit));
        if is_exit {
            return;
        }
        match &mut self.logs[number].quota {
            Some((places, filled, _, first)) if *filled < *places && scan.sequence >= *first => *filled += 1,
            _ => self.beyond += 1,
        }
        self.invalid += usize::from(self.revoked.contains(&code) || self.blocked.contains(&code));
    }

    /// Compares what the service says.
    async fn check(&self, store: &Store, is_cleared: bool) {
        let tallies: Vec<Tally> = (0..10).map(|code| self.tally(code)).collect();
        let entries = self.known.iter().filter(|(_, _, _, _, is_exit)| !is_exit).count();
        let found = count(store).await.occupancy;
        let (public, everyone) = if is_cleared { (0, 0) } else { self.inside() };
        let exits: i64 = tallies.iter().map(|tally| tally.exits).sum();
        assert_eq!((found.public, found.everyone), (public, everyone), "inside at minute {}", self.minute);
        assert_eq!((usize::try_from(found.entries).unwrap(), found.exits), (entries, exits));
        let mut kinds: BTreeMap<i32, usize> = BTreeMap::new();
        for conflict in conflicts(store).await {
            *kinds.entry(conflict.kind).or_default() += 1;
        }
        let wanted = [
            (ConflictKind::DoubleAdmission, tallies.iter().map(|tally| tally.doubles).sum()),
            (ConflictKind::ExitWithoutEntry, tallies.iter().map(|tally| tally.strays).sum()),
            (ConflictKind::BeyondQuota, self.beyond),
            (ConflictKind::CredentialInvalid, self.invalid),
        ];
        for (kind, count) in wanted {
            assert_eq!(kinds.get(&i32::from(kind)).copied().unwrap_or_default(), count, "{kind:?}");
        }
    }
}

fn direction(is_exit: bool) -> Direction {
    if is_exit { Direction::Exit } else { Direction::Entry }
}

async fn check_identities(store: &Store, is_checked: bool) {
    let name = OPENING.parse().unwrap();
    let locks = Locks::of([openings_of(OPENING)]);
    let set = write(store, minute(0), locks, move |tx| Box::pin(check_identity(tx, name, is_checked))).await;
    assert_eq!(set.unwrap().control.unwrap().identity_checked, is_checked);
}

/// Plays an evening on both databases, its steps over two processes in turn.
async fn evening(steps: Vec<Step>) {
    for (_database, stores) in houses().await {
        furnish(&stores[0], DEVICES).await;
        change(&stores[0], &format!("k-{TWICE}"), |row| CredentialRow { entries: 2, ..row }).await;
        // from here on it is counted along
        limit(&stores[0], pb::CapacityLimits::default()).await.unwrap();
        let mut model = Model::new();
        for (number, step) in steps.iter().enumerate() {
            model.play(&stores[number % 2], step.clone()).await;
            model.check(&stores[0], false).await;
            assert_eq!(held(&stores[0]).await, model.held());
            check_count(&stores[0]).await;
        }
        clear(&stores[1], minute(110)).await.unwrap();
        model.minute = 120;
        model.check(&stores[0], true).await;
        for number in 0..DEVICES {
            model.upload(&stores[number % 2], number, 0, true).await;
            model.check(&stores[0], true).await;
            check_count(&stores[0]).await;
        }
        assert_eq!(held(&stores[0]).await, model.held());
    }
}

#[test]
fn no_evening_differs_from_the_model() {
    let cases = std::env::var("MATCHDAY_GATE_CASES").ok();
    let cases = cases.map_or(CASES, |text| text.parse().expect("MATCHDAY_GATE_CASES is a number"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let evenings = prop::collection::vec(step(), 1..80);
    runner
        .run(&evenings, |steps| {
            runtime.block_on(evening(steps));
            Ok(())
        })
        .unwrap_or_else(|problem| panic!("{problem}"));
}
