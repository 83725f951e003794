//! Connections to PostgreSQL send what they are given at once.

use std::{fs, net::TcpStream, os::fd::RawFd};

use matchday_store::testing::postgres;
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use crate::schema::migrations;

/// sqlx 0.9.0 lost `TCP_NODELAY` (transact-rs/sqlx #4335): statements then wait 40 ms and more for delayed
/// acknowledgements. No clock is needed to see it: the kernel says how each socket is set.
#[tokio::test(flavor = "multi_thread")]
async fn no_connection_to_postgres_waits_for_acknowledgements() {
    let Some(database) = postgres().await else {
        return;
    };
    let store = database.open("spec", migrations()).await.unwrap();
    let before = connections().len();
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(store.read().await.unwrap());
    }
    let connections = connections();
    assert!(connections.len() > before, "the store is reached over TCP");
    for connection in connections {
        assert!(connection.nodelay().unwrap(), "{connection:?}");
    }
    drop(held);
    store.close().await;
}

/// Duplicates of the sockets of this process that are connected over TCP.
fn connections() -> Vec<TcpStream> {
    let own = pidfd_open(getpid(), PidfdFlags::empty()).expect("Linux 5.3 or later");
    let open = fs::read_dir("/proc/self/fd").expect("Linux lists what a process has open");
    open.filter_map(|entry| entry.ok()?.file_name().to_string_lossy().parse::<RawFd>().ok())
        // one that was closed meanwhile is none
        .filter_map(|number| pidfd_getfd(&own, number, PidfdGetfdFlags::empty()).ok())
        .map(TcpStream::from)
        .filter(|stream| stream.peer_addr().is_ok())
        .collect()
}
