//! A second process of venues on the database of a stage.

use crate::{clients::Clients, port::Port, process::Process, stage::Stage, town};

/// A second process of venues.
#[derive(Debug)]
pub struct Replica {
    /// The process.
    pub process: Process,
    /// An administrator's clients, with places and bookings at this process.
    pub clients: Clients,
    _port: Port,
}

impl Replica {
    /// Starts it beside the separate processes of a stage.
    ///
    /// # Panics
    /// When the stage has no database that two processes can use.
    pub async fn start(stage: &mut Stage) -> Self {
        let database = stage.database().expect("two processes need a server");
        let port = Port::take();
        let mut arguments = town::alone("venues", &stage.data().join("venues-2"), stage.tokens());
        arguments.extend(["--listen".into(), port.address().to_string()]);
        arguments.extend(["--database".into(), database]);
        arguments.extend(["--peer".into(), format!("scheduling={}", stage.town().url("scheduling"))]);
        let process = Process::serve(arguments).await;
        let peer = matchday_rpc::peer::remote(&port.url()).expect("an address");
        let clients = Clients::new(|service| match service {
            "venues" => stage.tokens().on(peer.clone(), "administrator@*"),
            other => stage.caller(other, "administrator@*"),
        });
        Self { process, clients, _port: port }
    }
}
