//! Journeys across services, as users and accidents make them.
//!
//! | module | subject |
//! |---|---|
//! | `journeys` | a tournament from its site to its delays; publishing; watching; two tournaments at one site |
//! | `reference` | the reference tournament, as the program imports it |
//! | `repeats` | repeated calls, over a restart too |
//! | `apart` | one service is down while the other works |
//! | `races` | many writers, one place |
//! | `access` | who may call what: every method of the contract |
//! | `any_input` | no method fails, whatever a message holds |
//! | `bad_input` | what is refused, and that nothing of it stays |
//! | `crashes` | processes killed while activities move |
//! | `publishing` | processes killed while a version is published |
//! | `lifecycle` | starting, ending, and what stands in the way of both |

mod access;
mod any_input;
mod apart;
mod bad_input;
mod crashes;
mod journeys;
mod lifecycle;
mod publishing;
mod races;
mod reference;
mod repeats;
