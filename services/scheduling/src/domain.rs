//! The rules of the service: pure, synchronous, without I/O.

pub mod check;
pub mod draft;
pub mod export;
pub mod frame;
pub mod instance;
pub mod officials;
pub mod place;
pub mod plan;
pub mod restore;
pub mod slot;
pub mod version;
