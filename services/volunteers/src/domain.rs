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
pub mod person;
pub mod phase;
pub mod refusal;
pub mod roster_rules;
pub mod seating;
pub mod shift;
pub mod sign_in_code;
pub mod substitution;
pub mod training;
pub mod turnout;

#[cfg(test)]
mod sequences;
