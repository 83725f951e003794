//! Alerts: when a figure is bad enough for long enough that somebody has to know, who, and what to do about it.
//!
//! | where | what |
//! |---|---|
//! | [`measure`] | a figure with what it may be off by, and how probably it is above a threshold |
//! | [`rule`] | thresholds, hysteresis and dwell of a cause, checked |
//! | [`latch`] | which levels a series of measures has reached: a function of the series |
//! | [`case`] | what an alert goes through: acknowledged, shelved, escalated, cleared |
//! | [`duty`] | who is told, and for how long that person has time |
//! | [`forecast`] | what the rates of the last minutes lead to |
//! | [`figures`] | how good the alarms are, as ISA-18.2 measures it |
//! | [`words`] | an alert as people read it |
//!
//! A new cause is one more [`Cause`], a rule that is shipped for it, its words, and what measures it.

pub mod case;
pub mod duty;
pub mod figures;
pub mod forecast;
pub mod latch;
pub mod measure;
pub mod rule;
pub mod words;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// People per square metre of a zone.
    Density,
    /// Percent of the nearer limit of an opening.
    Capacity,
    /// Counters of a zone one of which is wrong.
    CounterFault,
    /// Counters of a zone that do not speak.
    CounterSilent,
    /// Minutes since every counter of a zone spoke.
    StaleEstimate,
    /// Minutes that an offline quota is overdue.
    QuotaOverdue,
    /// Devices of an opening that have fallen silent.
    DeviceSilent,
    /// Conflicts found at an opening.
    Conflict,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 8] = [
        Self::Density,
        Self::Capacity,
        Self::CounterFault,
        Self::CounterSilent,
        Self::StaleEstimate,
        Self::QuotaOverdue,
        Self::DeviceSilent,
        Self::Conflict,
    ];
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Somebody should know.
    Yellow,
    /// Somebody should act.
    Orange,
    /// Somebody must act now.
    Red,
}

impl Level {
    /// All levels, rising.
    pub const ALL: [Self; 3] = [Self::Yellow, Self::Orange, Self::Red];
    /// The one that nothing suppresses.
    pub const TOP: Self = Self::Red;
}
