//! Ports that no other test has, also in another process of tests, and that a killed process gets back.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the ports that the system gives to connections, so that no connection takes one while its process
/// is down.
const FIRST: u16 = 20_000;
const COUNT: u16 = 8_000;

/// A port of this machine, lent until it is dropped.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lease: File,
}

impl Port {
    /// Takes a port that nobody has.
    ///
    /// # Panics
    /// When all are taken.
    #[must_use]
    pub fn take() -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let directory = std::env::temp_dir().join("matchday-test-ports");
        fs::create_dir_all(&directory).expect("a directory for temporary files");
        // processes begin far from each other, so that they seldom meet
        let start = u16::try_from(std::process::id() % 1000).unwrap_or_default() * 8;
        for _ in 0..COUNT {
            let number = FIRST + (start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT);
            let lease = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(directory.join(number.to_string()))
                .expect("a file in the directory for temporary files");
            let is_free = || TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok();
            if lease.try_lock().is_ok() && is_free() {
                return Self { number, _lease: lease };
            }
        }
        panic!("no free port between {FIRST} and {}", FIRST + COUNT);
    }

    /// The address on this machine.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.number).into()
    }

    /// The address as peers write it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }
}
