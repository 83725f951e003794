//! The words every Matchday service shares, with no I/O and no framework behind them.
//!
//! | subject | file | types |
//! |---|---|---|
//! | names of resources | `name`, `pattern`, `names`, `scope` | [`Slug`], [`VenueName`] …, [`Scope`] |
//! | time | `time`, `interval`, `zone`, `key_time` | [`Instant`], [`Interval`], [`Zone`], [`KeyMoment`] |
//! | lists | `page` | [`PageSize`], [`Page`] |
//! | refusals | `error` | [`Fault`], [`ErrorKind`], [`Common`] |
//! | what people read | `words` | [`words::Language`], [`words::Words`] |
//! | what a test replaces | `clock`, `random` | [`Clock`], [`Random`] |
//!
//! Nothing here reads a clock, draws a random number, opens a file or knows a database. A new kind of
//! resource is one more [`resource_name!`] in `names`, or in the service that owns it.

mod clock;
mod error;
mod interval;
mod key_time;
mod name;
mod names;
mod page;
mod pattern;
mod random;
mod scope;
mod time;
pub mod words;
mod written;
mod zone;

pub use clock::{Clock, ManualClock};
pub use error::{Common, ErrorKind, Fault, Violation};
pub use interval::{Interval, IntervalError};
pub use jiff::{SignedDuration, civil};
pub use key_time::{KeyMoment, KeyTime, KeyTimeError, Offset};
pub use name::{NameError, Slug};
pub use names::{
    ActivityName, AlertName, ApplicationName, AssignmentName, BookingName, BroadcastName, CertificateName,
    CourseName, CredentialName, DeviceName, GateName, GroupName, HoursEntryName, InterviewSlotName,
    LogEntryName, MessageName, OfficialName, OpeningName, RosterName, RunName, ScheduleVersionName,
    ServiceName, ServicePlanName, SessionName, ShiftName, SiteName, StaffName, TeamName, TournamentName,
    VenueName, VolunteerName, WorkOrderName, ZoneName,
};
pub use page::{Page, PageSize, PageSizeError, TimeKey};
pub use pattern::Pattern;
pub use random::{Random, uuid_v7};
pub use scope::Scope;
pub use time::{Instant, TimeError};
pub use zone::{LocalTimeError, Zone, ZoneError};
