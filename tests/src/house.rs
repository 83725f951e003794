//! Services in this process.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use matchday_kernel::{Clock, Random};
use matchday_rpc::{Peer, peer};
use matchday_runtime::{
    Build, Host, HostError, Running, Settings, senders::Senders, settings::Trust, telemetry::LogFormat,
};

/// The services there are, as the program knows them.
#[must_use]
pub fn known() -> Vec<(&'static str, Build)> {
    vec![
        (matchday_scheduling::NAME, matchday_scheduling::build),
        (matchday_venues::NAME, matchday_venues::build),
        (matchday_volunteers::NAME, matchday_volunteers::build),
        (matchday_visitors::NAME, matchday_visitors::build),
        (matchday_control::NAME, matchday_control::build),
    ]
}

/// All services in this process.
pub struct House {
    settings: Settings,
    clock: Clock,
    running: Option<Running>,
}

impl House {
    /// Hosts all services on a database, or on files in the data directory.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub async fn open(data: PathBuf, database: Option<String>, notify: bool, clock: Clock) -> Self {
        let settings = Settings {
            data,
            listen: ([127, 0, 0, 1], 0).into(),
            service: known().iter().map(|(name, _)| (*name).to_owned()).collect(),
            database,
            peer: [].into(),
            trust: Trust::Own {},
            log: "info".into(),
            log_format: LogFormat::Human,
            no_notify: !notify,
            clock_shift: None,
            senders: Senders::default(),
        };
        let running = start(&settings, &clock).await.expect("hosted");
        Self { settings, clock, running: Some(running) }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it stops only to start again")
    }

    /// Its services, without a network in between.
    #[must_use]
    pub fn local(&self) -> Peer {
        self.running().peer()
    }

    /// Its services, at their port.
    ///
    /// # Panics
    /// When the port has no address.
    #[must_use]
    pub fn at_port(&self) -> Peer {
        peer::remote(&format!("http://{}", self.running().address())).expect("an address")
    }

    /// Ends and starts again on the same data, perhaps at another port.
    ///
    /// # Panics
    /// When they cannot be hosted again.
    pub async fn restart(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        self.running = Some(start(&self.settings, &self.clock).await.expect("hosted again"));
    }
}

async fn start(settings: &Settings, clock: &Clock) -> Result<Running, HostError> {
    static SEED: AtomicU64 = AtomicU64::new(1);
    let host = Host {
        settings: settings.clone(),
        known: known(),
        clock: clock.clone(),
        // another one each time: ids are made of it, and the clock may stand still
        random: Random::seeded(SEED.fetch_add(1, Ordering::Relaxed)),
        max_batch: 1000,
    };
    host.start().await
}
