//! A session played at its gates, without the network: who comes when, who waits where, and what must come out.
//! Pure and seeded: the same seed gives the same day.
//!
//! | file | subject |
//! |---|---|
//! | `dice` | chance, by a seed |
//! | `lanes` | a queue before lanes that serve one after the other |
//! | `crowd` | who comes, when and by which gate; copies of tickets; who leaves early |
//! | `script` | the day as a list of what happens when |
//! | `ledger` | what the gates answered, and what must follow from it |
//!
//! The program that plays a script against a server is `client::simulate`.

mod crowd;
mod dice;
mod lanes;
mod ledger;
mod script;

pub(crate) use crowd::{Crowd, Frame};
pub(crate) use dice::Dice;
pub(crate) use ledger::{Ledger, Passed, Seen};
pub(crate) use script::{MINUTE, Script, Step};
