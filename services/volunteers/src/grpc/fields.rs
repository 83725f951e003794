//! Fields that several requests of people have, read into what is kept; what is wrong is collected.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Interval, Slug, TournamentName, Violation};
use matchday_rpc::parse;

use crate::{Error, store::volunteers::availability_to_text};

/// Most skills, languages and times of a volunteer, each.
pub(super) const MOST_WORDS: usize = 50;
/// Most faults told at once.
pub(super) const MOST_FAULTS: usize = 1_000;

/// What is wrong with an import so far.
#[derive(Default)]
pub(super) struct Faults(Vec<Violation>);

impl Faults {
    /// Notes what is wrong with a field.
    pub(super) fn add(&mut self, subject: String, description: impl Into<String>) {
        if self.0.len() < MOST_FAULTS {
            self.0.push(Violation { subject, description: description.into() });
        }
    }

    /// Takes what was read; what is wrong is noted, and the default stands in for it.
    pub(super) fn take<T: Default>(&mut self, read: Result<T, Common>) -> T {
        read.unwrap_or_else(|fault| {
            match fault {
                Common::Field { field, problem } => self.add(field, problem),
                other => self.add(String::new(), other.to_string()),
            }
            T::default()
        })
    }

    /// What is wrong, one by one.
    pub(super) fn into_violations(self) -> Vec<Violation> {
        self.0
    }

    /// Refuses when something is wrong.
    pub(super) fn check(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Fields { faults: self.0 }) }
    }
}

/// Reads a full name within the tournament.
pub(super) fn name_of<N>(
    field: &str,
    text: &str,
    tournament: &TournamentName,
    parent: impl Fn(&N) -> TournamentName,
) -> Result<String, Common>
where
    N: std::str::FromStr<Err: std::fmt::Display> + std::fmt::Display,
{
    let name: N = parse::text_as(field, text)?;
    if parent(&name) == *tournament {
        return Ok(name.to_string());
    }
    Err(Common::field(field, format!("{name} is not of {tournament}")))
}

/// Reads ids of skills or languages into the text they are kept as.
pub(super) fn words(faults: &mut Faults, field: &str, words: &[String]) -> String {
    if words.len() > MOST_WORDS {
        faults.add(field.to_owned(), format!("are {}; at most {MOST_WORDS}", words.len()));
        return String::new();
    }
    for (index, word) in words.iter().enumerate() {
        if let Err(problem) = word.parse::<Slug>() {
            faults.add(format!("{field}[{index}]"), problem.to_string());
        }
    }
    words.join(" ")
}

/// Reads the times a person can come into the text they are kept as.
pub(super) fn availability(faults: &mut Faults, field: &str, times: Vec<pb::Availability>) -> String {
    if times.len() > MOST_WORDS {
        faults.add(field.to_owned(), format!("are {}; at most {MOST_WORDS}", times.len()));
        return String::new();
    }
    let mut read: Vec<Interval> = Vec::with_capacity(times.len());
    for (index, time) in times.into_iter().enumerate() {
        match parse::interval(&format!("{field}[{index}]."), time.start_time, time.end_time) {
            Ok(time) => read.push(time),
            Err(fault) => faults.take(Err(fault)),
        }
    }
    availability_to_text(&read)
}
