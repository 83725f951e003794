//! The rules of the service: pure, synchronous, without I/O.

pub mod accreditation;
pub mod alerts;
pub mod application;
pub mod assignment;
pub mod calendar;
pub mod care;
pub mod certificate;
pub mod clash;
pub mod contact;
pub mod duty;
pub mod eligibility;
pub mod filling;
pub mod hours;
pub mod identity;
pub mod import;
pub mod instance;
pub mod limits;
pub mod message;
pub mod person;
pub mod phase;
pub mod reach;
pub mod refusal;
pub mod roster_rules;
pub mod seating;
pub mod selection;
pub mod shift;
pub mod sign_in_code;
pub mod substitution;
pub mod training;
pub mod turnout;
pub mod wording;

#[cfg(test)]
mod sequences;
