//! What a process of Matchday is made of, below its services.
//!
//! | module | subject |
//! |---|---|
//! | [`settings`] | flags, `MATCHDAY_*` variables and one TOML file |
//! | [`senders`] | how messages leave the house, and the secrets for it |
//! | [`ambient`] | the wall clock and the randomness of the machine: read here and nowhere else |
//! | [`telemetry`] | logs for people on a terminal, JSON otherwise |
//! | [`keys`] | the key and the tokens in the data directory |
//! | [`address`] | which addresses a process may listen on and call |
//! | [`service`] | what a service hands over to be hosted |
//! | [`host`] | hosts services on one port, from bound to drained |
//! | [`peers`] | finds each service, here or elsewhere |
//! | [`events`] | serves the logs of the hosted services |
//! | [`source`] | a log followed over gRPC |
//! | [`desk`] | what the handlers of every service do: read, list, write |
//! | [`exit`] | exit codes |
//! | `testing` | one service hosted in a test (feature `testing`) |

pub mod address;
pub mod ambient;
pub mod desk;
pub mod events;
pub mod exit;
pub mod host;
pub mod keys;
mod pages;
pub mod peers;
pub mod senders;
pub mod service;
pub mod settings;
pub mod source;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;

pub use desk::Desk;
pub use exit::Exit;
pub use host::{Host, HostError, Running};
pub use peers::Switchboard;
pub use service::{Build, Context, Follow, Pages, Service};
pub use settings::Settings;
