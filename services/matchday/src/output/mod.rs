//! Standard output: data, and nothing else.
//!
//! | file | subject |
//! |---|---|
//! | `column` | the columns of a resource, and what stands in a cell |
//! | `clock` | moments and lengths of time in words |
//! | `json` | resources as canonical JSON |
//!
//! What a resource shows is said once, in its [`Shown::COLUMNS`]: the table and the CSV are made from it. JSON
//! is the contract's own.

mod clock;
mod column;
mod json;

use std::io::{self, Write};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use jiff::civil::Date;
use matchday_kernel::Zone;

pub(crate) use clock::between;
pub(crate) use column::{Cell, Column, Shown};
pub(crate) use json::ToJson;

use crate::failure::{Failure, say};

/// Widest table of the day's work, in columns of a terminal.
const WIDEST: u16 = 160;

/// How data is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: names are short, times are local, with their offset.
    #[default]
    Table,
    /// For programs: canonical JSON, full names, times in UTC.
    Json,
    /// For spreadsheets: full names, times local with their offset.
    Csv,
}

impl Format {
    /// Writes a list; times are those of `zone`.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub(crate) fn list<R: Shown>(self, items: &[R], zone: &Zone) -> Result<(), Failure> {
        match self {
            Self::Table if items.is_empty() => {
                say("nothing to show");
                Ok(())
            }
            Self::Table => {
                let columns: Vec<_> = R::COLUMNS.iter().filter(|column| column.in_lists).collect();
                let rows = items
                    .iter()
                    .map(|item| columns.iter().map(|column| (column.cell)(item).short(zone)).collect());
                let headings = columns.iter().map(|column| column.label(zone, str::to_uppercase));
                print(&lay_out(Some(headings.collect()), rows))
            }
            Self::Csv => {
                let rows = items.iter().map(|item| record(item, zone));
                print(&csv(std::iter::once(headings::<R>()).chain(rows))?)
            }
            Self::Json => {
                let items: Vec<_> = items.iter().map(ToJson::to_json).collect::<Result<_, _>>()?;
                print(&json::pretty(&items)?)
            }
        }
    }

    /// Writes a list whose table is no wider than [`WIDEST`]: over it stands the day that all are of, where
    /// there is one, and times leave out what every row would say again.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub(crate) fn brief<R: Shown>(self, items: &[R], zone: &Zone, day: Option<Date>) -> Result<(), Failure> {
        if self != Self::Table || items.is_empty() {
            return self.list(items, zone);
        }
        let columns: Vec<_> = R::COLUMNS.iter().filter(|column| column.in_lists).collect();
        let rows = items
            .iter()
            .map(|item| columns.iter().map(|column| (column.cell)(item).brief(zone, day)).collect());
        let headings = columns.iter().map(|column| match day {
            Some(_) => column.heading.to_uppercase(),
            None => column.label(zone, str::to_uppercase),
        });
        if let Some(day) = day {
            print(&format!("{day} ({zone})\n"))?;
        }
        let mut table = table_of(Some(headings.collect()), rows);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDEST);
        print(&format!("{}\n", table.trim_fmt()))
    }

    /// Writes one resource, with all it shows.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub(crate) fn one<R: Shown>(self, item: &R, zone: &Zone) -> Result<(), Failure> {
        match self {
            Self::Table => {
                let rows = in_full::<R>()
                    .map(|column| vec![column.label(zone, str::to_owned), (column.cell)(item).short(zone)]);
                print(&lay_out(None, rows.filter(|row| !row[1].is_empty())))
            }
            Self::Csv => print(&csv([headings::<R>(), record(item, zone)])?),
            Self::Json => print(&json::pretty(&item.to_json()?)?),
        }
    }

    /// Begins a stream, of which each item is written as it comes, on one line.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub(crate) fn stream<R: Shown>(self) -> Result<Stream, Failure> {
        if self == Self::Csv {
            print(&csv([headings::<R>()])?)?;
        }
        Ok(Stream { format: self })
    }
}

/// A stream of resources of one kind.
#[derive(Clone, Copy)]
pub(crate) struct Stream {
    format: Format,
}

impl Stream {
    /// Writes one item.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written; quiet when nobody reads on.
    pub(crate) fn item<R: Shown>(self, item: &R, zone: &Zone) -> Result<(), Failure> {
        self.write(item, zone, |cell| cell.short(zone))
    }

    /// Writes one item, its times without what is the same for all.
    ///
    /// # Errors
    /// As [`Stream::item`].
    pub(crate) fn brief<R: Shown>(self, item: &R, zone: &Zone) -> Result<(), Failure> {
        self.write(item, zone, |cell| cell.brief(zone, None))
    }

    fn write<R: Shown>(self, item: &R, zone: &Zone, text: impl Fn(Cell) -> String) -> Result<(), Failure> {
        match self.format {
            Format::Table => {
                let cells: Vec<String> = R::COLUMNS
                    .iter()
                    .filter(|column| column.in_lists)
                    .map(|column| text((column.cell)(item)))
                    .filter(|text| !text.is_empty())
                    .collect();
                print(&format!("{}\n", cells.join("  ")))
            }
            Format::Csv => print(&csv([record(item, zone)])?),
            Format::Json => print(&format!("{}\n", json_line(item)?)),
        }
    }
}

/// What serde writes, as JSON over several lines.
///
/// # Errors
/// [`Failure`] when it holds what this program does not know.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    json::pretty(value)
}

/// A message as canonical JSON on one line.
///
/// # Errors
/// [`Failure`] when it holds what this program does not know.
pub(crate) fn json_line(message: &impl ToJson) -> Result<String, Failure> {
    json::line(&message.to_json()?)
}

/// Writes a text as it is.
///
/// # Errors
/// [`Failure`] when it cannot be written; quiet when nobody reads on.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes a table that is no list of resources.
///
/// # Errors
/// [`Failure`] when it cannot be written; quiet when nobody reads on.
pub(crate) fn table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), Failure> {
    print(&lay_out(Some(headings.iter().map(ToString::to_string).collect()), rows))
}

/// A table without lines, as wide as what stands in it; wide characters count twice.
fn lay_out(headings: Option<Vec<String>>, rows: impl Iterator<Item = Vec<String>>) -> String {
    format!("{}\n", table_of(headings, rows).trim_fmt())
}

fn table_of(headings: Option<Vec<String>>, rows: impl Iterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).add_rows(rows);
    if let Some(headings) = headings {
        table.set_header(headings);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
}

fn headings<R: Shown>() -> Vec<String> {
    in_full::<R>().map(|column| column.heading.to_owned()).collect()
}

fn record<R: Shown>(item: &R, zone: &Zone) -> Vec<String> {
    in_full::<R>().map(|column| (column.cell)(item).full(zone)).collect()
}

fn in_full<R: Shown>() -> impl Iterator<Item = &'static Column<R>> {
    R::COLUMNS.iter().filter(|column| column.in_full)
}

fn csv(records: impl IntoIterator<Item = Vec<String>>) -> Result<String, Failure> {
    let defect = |error: &dyn std::fmt::Display| Failure::new(matchday_runtime::Exit::Failed, error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.write_record(record).map_err(|error| defect(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| defect(&error))?;
    String::from_utf8(bytes).map_err(|error| defect(&error))
}
