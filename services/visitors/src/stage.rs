//! For the tests of the service: stores on both databases, and a small house of gates, tickets and an opening.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Instant, SignedDuration};
use matchday_store::{
    BoxFuture, Call, Locks, Record, Store, Tx,
    testing::{self, TestDatabase},
};

use crate::{
    Error, NAME,
    domain::{
        course::Times,
        opening::{Opening, Wanted},
    },
    migrations,
    store::{
        credentials::CredentialRow,
        gates::{DeviceRow, GateRow},
        openings::OpeningRow,
    },
};

pub(crate) const VENUE: &str = "sites/s/venues/v";
pub(crate) const OPENING: &str = "tournaments/t/openings/s1";

/// Two stores on each database, as two processes would have; on a file they are one.
pub(crate) async fn houses() -> Vec<(TestDatabase, [Store; 2])> {
    let mut houses = Vec::new();
    for database in testing::databases().await {
        let first = database.open(NAME, migrations()).await.unwrap();
        let second = if database.is_postgres() {
            database.open(NAME, migrations()).await.unwrap()
        } else {
            first.clone()
        };
        houses.push((database, [first, second]));
    }
    houses
}

/// Minutes after the opening of the gates.
pub(crate) fn minute(minutes: i64) -> Instant {
    testing::now().saturating_add(SignedDuration::from_mins(minutes))
}

pub(crate) fn device(number: usize) -> String {
    format!("{VENUE}/gates/north/devices/d{number}")
}

pub(crate) async fn write<P, F>(store: &Store, at: Instant, locks: Locks, work: F) -> Result<P, Error>
where
    P: prost::Message + Default + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<P, Error>> + Send + 'static,
{
    store.write(Call { now: at, ..testing::call(None, 0) }, locks, work).await
}

/// Gates north and south, so many devices at the north gate, tickets k-0 … k-9 and an opening of the north
/// gate from minute 0, exit-only at 100, free egress at 110.
pub(crate) async fn furnish(store: &Store, devices: usize) {
    write(store, minute(-500), Locks::none(), move |tx| Box::pin(fill(tx, devices))).await.unwrap();
}

async fn fill(tx: &mut Tx, devices: usize) -> Result<(), Error> {
    for gate in ["north", "south"] {
        let row = GateRow {
            name: format!("{VENUE}/gates/{gate}"),
            zone: format!("{VENUE}/zones/{gate}-stand"),
            ..GateRow::default()
        };
        row.create(tx).await?;
    }
    for number in 0..devices {
        let state = pb::DeviceState::Active.into();
        let gate = format!("{VENUE}/gates/north");
        DeviceRow { name: device(number), gate, state, ..DeviceRow::default() }.create(tx).await?;
    }
    for number in 0..10 {
        let row = CredentialRow {
            name: format!("tournaments/t/credentials/k-{number}"),
            // the last one is a pass
            kind: if number == 9 { pb::CredentialKind::Pass } else { pb::CredentialKind::Ticket }.into(),
            state: pb::CredentialState::Valid.into(),
            ..CredentialRow::default()
        };
        row.create(tx).await?;
    }
    let wanted = Wanted {
        title: "Opening".into(),
        venue: VENUE.into(),
        gates: vec![format!("{VENUE}/gates/north")],
        times: Times {
            open: minute(0),
            exit_only: minute(100),
            free_egress: minute(110),
            clear: minute(150),
        },
        plan: "tournaments/t/plans/1".into(),
        expected_attendance: 8000,
    };
    let opening = Opening::planned(OPENING.into(), "tournaments/t/sessions/s1".into(), wanted);
    OpeningRow::of(opening, None).create(tx).await?;
    Ok(())
}
