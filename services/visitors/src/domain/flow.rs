//! People counters: what they saw, how far they may be believed, and how many people are where.

pub mod bias;
pub mod reading;
pub mod robust;
pub mod silence;
