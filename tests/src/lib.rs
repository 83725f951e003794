//! What the journeys across services stand on: services hosted in this process or in processes of their own,
//! on a fresh database, with clients for whoever calls them.
//!
//! | module | subject |
//! |---|---|
//! | [`stage`] | hosted services on a fresh database, however they are hosted: what most tests open |
//! | [`house`] | services in this process, at their peer or at their port |
//! | [`town`] | services in processes of their own: all in one, or each in its own |
//! | [`replica`] | a second process of venues on the same database |
//! | [`process`], [`port`] | one process of the program, killed and started again; ports that no other test has |
//! | [`tokens`] | tokens for any role and scope |
//! | [`clients`] | the clients of all services |
//! | [`cup`] | small competitions to make timetables for |
//! | [`make`] | requests as a user would make them |
//! | [`draft`] | schedules proposed as drafts, and where things then take place |
//! | [`evening`] | one match with a service plan, volunteers, a gate and tickets, twenty minutes before its kick-off |
//! | [`rehearsal`] | the reference tournament on one of its days, and the program's commands on its files |
//! | [`log`] | whole event logs, and waiting for what they say |
//! | [`outside`] | programs outside of the house that messages go to |
//! | [`overlap`], [`model`] | what must hold of bookings, in code that the services do not share |
//! | [`dice`], [`refusal`] | chance that can be repeated; what a refusal says |
//!
//! To add a journey: write a function that takes a [`stage::Stage`] in `tests/suite`, and name it in
//! [`on_every_stage!`], which makes a test of it on each database and in each way of hosting.

pub mod clients;
pub mod cup;
pub mod dice;
pub mod draft;
pub mod evening;
pub mod house;
pub mod log;
pub mod make;
pub mod model;
pub mod outside;
pub mod overlap;
pub mod port;
pub mod process;
pub mod refusal;
pub mod rehearsal;
pub mod replica;
pub mod stage;
pub mod tokens;
pub mod town;

/// How long a test waits for something before it fails; far more than any machine needs.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);
