//! Commands that call a server.
//!
//! | file | subject |
//! |---|---|
//! | `site`, `venue`, `zone`, `booking` | places and who holds them |
//! | `tournament`, `team`, `session`, `activity`, `change`, `update` | tournaments and their schedule |
//! | `live` | what is recorded of an activity on the day |
//! | `official` | who leads matches |
//! | `rule`, `check` | rules, and a schedule checked against them |
//! | `schedule` | timetables, and what is made of them |
//! | `import` | files of others |
//! | `plan`, `plan_item`, `plan_followed` | service plans, what they ask for, and who follows them |
//! | `work` | work orders |
//! | `volunteer`, `shift`, `fill`, `assignment`, `invitation` | volunteers, their shifts, and who holds them |
//! | `duty` | breaks, meals and equipment of people on duty |
//! | `my`, `phase` | what volunteers do for themselves, and when they take shifts; the codes of posts |
//! | `application`, `personal` | people from their application to their accreditation; exporting and erasing who they are |
//! | `message`, `selected` | what volunteers are told, and who is |
//! | `flow`, `simulate` | people counters, and how many people are where; a session played at its gates |
//! | `offline` | gates without a network: their quotas, their logs, and what went wrong by them |
//! | `gate`, `opening`, `governor`, `credential`, `scan` | gates, tickets and passes, who is inside and who may enter |
//! | `log`, `about`, `runsheet` | the operations centre |
//! | `followed` | what became of the bookings of activities that changed |
//! | `token`, `event` | tokens; event logs and followers |
//! | `connection` | the server, the token, the clients |
//! | `zones_named` | zones that a file names, looked up before it is sent |
//! | `names`, `occasion`, `times` | names and times as staff write them |
//! | `origin`, `progress` | where the rows of a CSV file come from, and how far their import is |
//! | `pages` | lists that come in pages, imports that go in one piece |
//! | `refusal` | what a server refused, told to people; the id that makes a repeated write one write |
//!
//! To add a resource: a file with its columns ([`Shown`](crate::output::Shown)) and its commands, and a line
//! in [`Command`].

mod about;
mod activity;
mod alert;
mod alert_rule;
mod application;
mod assignment;
pub(crate) mod booking;
mod certificate;
pub(crate) mod change;
mod check;
pub(crate) mod connection;
pub(crate) mod credential;
mod duty;
mod duty_holder;
mod event;
pub(crate) mod fill;
mod fixed;
mod flow;
pub(crate) mod followed;
pub(crate) mod gate;
mod gate_watch;
mod governor;
mod hours;
mod import;
mod invitation;
mod live;
mod log;
mod message;
mod my;
mod names;
mod occasion;
mod official;
mod offline;
mod opening;
mod origin;
pub(crate) mod pages;
mod personal;
mod phase;
pub(crate) mod plan;
mod plan_followed;
mod plan_item;
mod progress;
pub(crate) mod refusal;
mod replacement;
pub(crate) mod roster;
pub(crate) mod rule;
mod runsheet;
mod scan;
mod schedule;
mod selected;
mod session;
pub(crate) mod shift;
mod simulate;
pub(crate) mod site;
mod team;
pub(crate) mod times;
mod token;
pub(crate) mod tournament;
mod training;
mod turnout;
mod update;
mod venue;
pub(crate) mod volunteer;
mod waiting;
pub(crate) mod work;
mod zone;
mod zones_named;

use clap::Subcommand;
use matchday_api::common::v1::Provenance;

use crate::{failure::Failure, file::FileError, output::Cell};

/// What can be asked of a server.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Sites: football centres and other grounds
    Site(site::Sites),
    /// Venues of a site
    Venue(venue::Venues),
    /// Zones of a venue: pitches, rooms, plazas
    Zone(zone::Zones),
    /// Tournaments, and putting their schedule in force
    Tournament(tournament::Tournaments),
    /// Teams of a tournament
    Team(team::Teams),
    /// Sessions of a tournament: one admission, one clear-out
    Session(session::Sessions),
    /// Activities of a tournament: matches, ceremonies, trainings
    Activity(activity::Activities),
    /// Officials: who leads matches, and appointing them
    Official(official::Officials),
    /// Rules that the schedule of a tournament is checked against
    Rule(rule::Rules),
    /// Timetables: calendars, tables, pages and charts of a schedule
    Schedule(schedule::Schedule),
    /// Check the schedule of a tournament against its rules
    Check(check::Check),
    /// Files of others: fixtures of openfootball
    Import(import::Imports),
    /// Bookings of zones
    Booking(booking::Bookings),
    /// Service plans: what activities and sessions need
    Plan(plan::Plans),
    /// Work orders: what is to be done on places
    Work(work::Work),
    /// Applications of people who want to help: screened, interviewed, trained, accredited
    Application(application::Applications),
    /// Courses for volunteers and applicants, and what they learn there
    Training(training::Training),
    /// Volunteers and their groups
    Volunteer(volunteer::Volunteers),
    /// Shifts, and who holds them
    Shift(shift::Shifts),
    /// People on duty: their breaks, meals and equipment
    Duty(duty::Duty),
    /// Rosters: open seats filled by the engine, explained and put in force
    Roster(roster::Rosters),
    /// What volunteers do for themselves, with a token of their own
    My(my::My),
    /// Hours of volunteers: the ledger, and certificates of it
    Hours(hours::Hours),
    /// Messages: volunteers told what they have to know, and whether it has reached them
    Message(message::Messages),
    /// Gates, their devices and openings, and who is inside
    Gate(gate::Gates),
    /// Tickets and passes
    Credential(credential::Credentials),
    /// People counters, and how many people are in which zone
    Flow(flow::Flow),
    /// Redeem a ticket or pass at a gate
    Scan(scan::Scans),
    /// The run sheet: all key-time work in the order of time
    Runsheet(runsheet::RunSheet),
    /// The log of the operations centre
    Log(log::Log),
    /// Tokens: who may do what
    Token(token::Tokens),
    /// What happened, and which services have heard of it
    Event(event::Events),
}

impl Command {
    /// Does what the command says.
    ///
    /// # Errors
    /// [`Failure`]
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Site(command) => command.run().await,
            Self::Venue(command) => command.run().await,
            Self::Zone(command) => command.run().await,
            Self::Tournament(command) => command.run().await,
            Self::Team(command) => command.run().await,
            Self::Session(command) => command.run().await,
            Self::Activity(command) => command.run().await,
            Self::Official(command) => command.run().await,
            Self::Rule(command) => command.run().await,
            Self::Schedule(command) => command.run().await,
            Self::Check(command) => command.run().await,
            Self::Import(command) => command.run().await,
            Self::Booking(command) => command.run().await,
            Self::Plan(command) => command.run().await,
            Self::Work(command) => command.run().await,
            Self::Application(command) => command.run().await,
            Self::Training(command) => command.run().await,
            Self::Volunteer(command) => command.run().await,
            Self::Shift(command) => command.run().await,
            Self::Duty(command) => command.run().await,
            Self::Roster(command) => command.run().await,
            Self::My(command) => command.run().await,
            Self::Hours(command) => command.run().await,
            Self::Message(command) => command.run().await,
            Self::Gate(command) => command.run().await,
            Self::Flow(command) => command.run().await,
            Self::Credential(command) => command.run().await,
            Self::Scan(command) => command.run().await,
            Self::Runsheet(command) => command.run().await,
            Self::Log(command) => command.run().await,
            Self::Token(command) => command.run(),
            Self::Event(command) => command.run().await,
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::input(error)
    }
}

/// Where the facts of a resource were read.
fn source(provenance: Option<&Provenance>) -> Cell {
    Cell::Text(provenance.map_or_else(String::new, |it| it.source.clone()))
}

/// What of a resource was generated, not read anywhere.
fn generated(provenance: Option<&Provenance>) -> Cell {
    Cell::Text(provenance.map_or_else(String::new, |it| it.generated.join(", ")))
}
