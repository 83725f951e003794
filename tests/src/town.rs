//! Services in processes of their own.

use std::path::Path;

use matchday_rpc::{Peer, peer};

use crate::{house::known, port::Port, process::Process, tokens::Tokens};

/// Which processes host which services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// One hosts all.
    One,
    /// Each service has its own.
    Separate,
}

/// Processes that host all services together.
#[derive(Debug)]
pub struct Town {
    plan: Plan,
    residents: Vec<Resident>,
}

#[derive(Debug)]
struct Resident {
    process: Process,
    port: Port,
}

impl Town {
    /// Starts the processes, one after the other, each with the `common` arguments; all data is below `data`.
    ///
    /// # Panics
    /// When one does not start.
    pub async fn open(plan: Plan, data: &Path, common: Vec<String>, tokens: &Tokens) -> Self {
        let common = [common, vec!["--log".to_owned(), "info".to_owned()]].concat();
        let arguments: Vec<(Port, Vec<String>)> = match plan {
            Plan::One => vec![(Port::take(), vec!["--data".to_owned(), data.display().to_string()])],
            Plan::Separate => separate(data, tokens),
        };
        let mut residents = Vec::new();
        for (port, own) in arguments {
            let listen = ["--listen".to_owned(), port.address().to_string()];
            let process = Process::serve([common.clone(), listen.into(), own].concat()).await;
            residents.push(Resident { process, port });
        }
        Self { plan, residents }
    }

    /// Number of processes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.residents.len()
    }

    /// Number of the process that hosts a service.
    ///
    /// # Panics
    /// When there is no such service.
    #[must_use]
    pub fn home_of(&self, service: &str) -> usize {
        let place = known().iter().position(|(name, _)| *name == service);
        let place = place.expect("a service of the program");
        if self.plan == Plan::One { 0 } else { place }
    }

    /// A process.
    pub fn process(&mut self, number: usize) -> &mut Process {
        &mut self.residents[number].process
    }

    /// The process of a service, from here.
    ///
    /// # Panics
    /// When there is no such service.
    #[must_use]
    pub fn peer(&self, service: &str) -> Peer {
        peer::remote(&self.url(service)).expect("an address")
    }

    /// Where a service answers.
    ///
    /// # Panics
    /// When there is no such service.
    #[must_use]
    pub fn url(&self, service: &str) -> String {
        self.residents[self.home_of(service)].port.url()
    }

    /// The flags of a client command that find every service.
    #[must_use]
    pub fn connection(&self) -> Vec<String> {
        let peers = known().into_iter().map(|(service, _)| format!("--peer={service}={}", self.url(service)));
        peers.collect()
    }

    /// Asks all processes to end, waits for it, and starts them again.
    ///
    /// # Panics
    /// When one does not end or start.
    pub async fn restart(&mut self) {
        for resident in &mut self.residents {
            resident.process.terminate();
            let status = resident.process.ended().await;
            assert_eq!(status.code(), Some(0), "{}", resident.process.said());
        }
        for resident in &mut self.residents {
            resident.process.start_again().await;
        }
    }
}

/// The arguments of each service on its own: who it is, whom it trusts, and where the others are.
fn separate(data: &Path, tokens: &Tokens) -> Vec<(Port, Vec<String>)> {
    let services: Vec<(&str, Port)> =
        known().into_iter().map(|(service, _)| (service, Port::take())).collect();
    let peers: Vec<(&str, String)> =
        services.iter().map(|(service, port)| (*service, format!("{service}={}", port.url()))).collect();
    services
        .into_iter()
        .map(|(service, port)| {
            let others = peers.iter().filter(|(peer, _)| *peer != service);
            let mut arguments = alone(service, &data.join(service), tokens);
            arguments.extend(others.flat_map(|(_, peer)| ["--peer".to_owned(), peer.clone()]));
            (port, arguments)
        })
        .collect()
}

/// The arguments of a service started alone.
#[must_use]
pub fn alone(service: &str, data: &Path, tokens: &Tokens) -> Vec<String> {
    [
        "--service".to_owned(),
        service.to_owned(),
        "--data".to_owned(),
        data.display().to_string(),
        "--auth-public-key".to_owned(),
        tokens.public_key().display().to_string(),
        "--service-token-file".to_owned(),
        tokens.service_file(service).display().to_string(),
    ]
    .into()
}
