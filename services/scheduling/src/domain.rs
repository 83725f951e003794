//! The rules of the service: pure, synchronous, without I/O.

pub mod place;
pub mod slot;
pub mod version;
