//! People counters: what they saw, how far they may be believed, and how many people are where.

pub mod balance;
pub mod bias;
pub mod graph;
pub mod reading;
pub mod reconcile;
pub mod robust;
pub mod silence;
pub mod tiers;
