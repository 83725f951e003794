//! The rules of the service: pure, synchronous, without I/O.

pub mod check;
pub mod place;
pub mod plan;
pub mod slot;
pub mod version;
