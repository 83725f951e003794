//! The rules of the service: pure, synchronous, without I/O.

pub mod board;
pub mod bracket;
pub mod check;
pub mod contest;
pub mod diff;
pub mod disruption;
pub mod draft;
pub mod export;
pub mod format;
pub mod frame;
pub mod instance;
pub mod live;
pub mod officials;
pub mod place;
pub mod plan;
pub mod refused;
pub mod restore;
pub mod result;
pub mod run;
pub mod slot;
pub mod stage;
pub mod standings;
pub mod told;
pub mod version;
