//! What gates decided without a network, told at once by all of them: until everything is durable, and every conflict
//! listed.

use std::time::Instant;

use matchday_api::visitors::v1::{
    ConflictKind, Direction, GrantQuotaRequest, ListConflictsRequest, OfflineScan, UploadScansRequest,
    Verdict, offline_service_client::OfflineServiceClient,
};
use matchday_kernel::SignedDuration;
use matchday_rpc::{Peer, parse::to_duration};
use matchday_tests::{dice::Dice, evening, log, make, refusal::answered, stage::Engine};
use tokio::task::JoinSet;

use crate::{
    Effort,
    crowd::{self, KICK_OFF},
    figure::{Target, count, show},
    hosted::{CONNECTIONS, Hosted},
    limits,
};

/// Devices that were cut off.
const DEVICES: usize = 200;
/// Scans of one call.
const PART: usize = 1_000;
/// One ticket in so many is shown at another device, too; and one scan in so many is told twice.
const DUPLICATE: usize = 10;
/// Most tickets of one import.
const IMPORT: usize = 200_000;

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    let each = effort.offline_scans;
    println!("  {DEVICES} devices, {each} scans each, shuffled, over {CONNECTIONS} connections");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !limits::show_database(engine, effort.round).await {
            continue;
        }
        let house =
            Hosted::rehearsing(engine, KICK_OFF - 60).await.expect("the server answered a moment ago");
        tell(engine, &house, each).await;
        house.close().await;
    }
}

async fn tell(engine: Engine, house: &Hosted, each: usize) {
    let mut clients = house.clients();
    crowd::announce(&mut clients).await;
    crowd::open_gates(&mut clients, DEVICES).await;
    let tickets = DEVICES * each;
    for from in (0..tickets).step_by(IMPORT) {
        let until = tickets.min(from + IMPORT);
        answered(clients.credentials.import_credentials(crowd::tickets(from..until)).await);
    }
    log::settle(&mut clients).await;
    for device in 0..DEVICES {
        answered(clients.offline.grant_quota(quota(device, each)).await);
    }
    let begun = Instant::now();
    let mut connections = JoinSet::new();
    for connection in 0..CONNECTIONS {
        connections.spawn(upload(house.connection(), connection, each));
    }
    let recorded: usize = connections.join_all().await.into_iter().sum();
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(recorded, tickets, "every scan is kept once");
    let doubles = doubles(&mut clients.offline).await;
    assert_eq!(doubles, DEVICES * each.div_ceil(DUPLICATE), "every double is listed, and nothing else");
    show(&format!("{engine:?}, until all is durable"), took, "s", Target::AtMost(20.0));
    show(&format!("{engine:?}, scans"), count(tickets) / took, "/s", Target::None);
}

fn quota(device: usize, each: usize) -> GrantQuotaRequest {
    GrantQuotaRequest {
        opening: evening::OPENING.into(),
        device: evening::scan(device, 1, 0).device,
        places: i32::try_from(each).expect("a small number"),
        lasts: Some(to_duration(SignedDuration::from_hours(1))),
        ..GrantQuotaRequest::default()
    }
}

/// Uploads the logs of every device of a connection; returns how many scans were new.
async fn upload(peer: Peer, connection: usize, each: usize) -> usize {
    let mut client = OfflineServiceClient::new(peer);
    let mut recorded = 0;
    for device in (connection..DEVICES).step_by(CONNECTIONS) {
        let mut scans: Vec<OfflineScan> = (0..each).map(|number| scan(device, number, each)).collect();
        scans.extend_from_within(..each / DUPLICATE);
        let dice = Dice::new(u64::try_from(device).expect("a small number"));
        for last in (1..scans.len()).rev() {
            let other = dice.below(u64::try_from(last).expect("a small number") + 1);
            scans.swap(last, usize::try_from(other).expect("a small number"));
        }
        for part in scans.chunks(PART) {
            let told = client.upload_scans(part_of(device, part.to_vec(), 0)).await;
            recorded += usize::try_from(answered(told).recorded).expect("a number of scans");
        }
        let last = i64::try_from(each).expect("a small number");
        let told = answered(client.upload_scans(part_of(device, Vec::new(), last)).await);
        assert_eq!(told.missing, 0, "the log is complete");
    }
    recorded
}

fn part_of(device: usize, scans: Vec<OfflineScan>, last_sequence: i64) -> UploadScansRequest {
    UploadScansRequest {
        device: evening::scan(device, 1, 0).device,
        opening: evening::OPENING.into(),
        scans,
        sent_time: None,
        last_sequence,
        quota: 1,
    }
}

/// A scan of a ticket of the device's own, or of one that the device before it let in, too.
fn scan(device: usize, number: usize, each: usize) -> OfflineScan {
    let owner = if number.is_multiple_of(DUPLICATE) { (device + 1) % DEVICES } else { device };
    let ticket = if number.is_multiple_of(DUPLICATE) { number + 1 } else { number };
    let sequence = i64::try_from(number + 1).expect("a small number");
    OfflineScan {
        sequence,
        code: format!("t{}", owner * each + ticket),
        direction: Direction::Entry.into(),
        verdict: Verdict::Admitted.into(),
        device_time: Some(make::at(KICK_OFF - 61)),
    }
}

async fn doubles(client: &mut OfflineServiceClient<Peer>) -> usize {
    let (mut page_token, mut found) = (String::new(), 0);
    loop {
        let parent = evening::OPENING.into();
        let page = answered(
            client.list_conflicts(ListConflictsRequest { parent, page_size: 1000, page_token }).await,
        );
        let is_double = |kind: ConflictKind| kind == ConflictKind::DoubleAdmission;
        assert!(page.conflicts.iter().all(|conflict| is_double(conflict.kind())), "nothing else is listed");
        found += page.conflicts.len();
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}
