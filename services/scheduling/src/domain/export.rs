//! The schedule as files for people and for other programs.
//!
//! | file | subject |
//! |---|---|
//! | `sheet` | what is written, whatever the format |
//! | `words` | the words in each language |
//! | `calendar` | iCalendar (RFC 5545) |
//! | `data` | CSV and JSON |
//! | `chart` | pitches and times as SVG |
//! | `page` | a page to print, as HTML |

mod calendar;
mod chart;
mod data;
mod page;
mod sheet;
pub mod words;

pub use calendar::calendar;
pub use chart::chart;
pub use data::{csv, json};
pub use page::page;
pub use sheet::{Entry, Game, Party, Sheet};
pub use words::{Language, Words};
