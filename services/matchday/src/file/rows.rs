//! CSV files: a header that names the columns, and rows of one line each.
//!
//! Lines end with LF or CRLF, a byte order mark is taken away, blank lines are passed over. A row is read from
//! its own line alone, so that one missing quotation mark is one fault, on its line, and not the rest of the
//! file.

use std::{
    fmt::Display,
    fs::File,
    io::{BufReader, Read},
    path::Path,
    str::FromStr,
};

use matchday_kernel::{TimeError, Zone};
use matchday_rpc::parse::{MAX_TEXT, to_timestamp};
use prost_types::Timestamp;

use super::{
    Faults, FileError,
    lines::{Lines, Splitter},
};

/// Largest CSV file, in bytes: no larger one fits into one import.
const MAX_CSV: u64 = 64 * 1024 * 1024;

/// One row.
pub(super) struct Row<'a> {
    /// The line it stands on, counted from 1.
    pub(super) line: u64,
    file: &'a str,
    columns: &'a [&'static str],
    values: Vec<&'a str>,
}

impl Row<'_> {
    /// What stands in a column, without the spaces around it.
    pub(super) fn text(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.values.get(at)).map_or("", |value| value.trim())
    }

    /// The error of a column that holds a wrong value.
    pub(super) fn wrong(&self, column: &str, problem: impl Display) -> FileError {
        FileError::field(self.file, self.line, column.to_owned(), problem)
    }

    /// The error of a person who stands on another line in another group.
    pub(super) fn two_groups(&self, id: &str, group: &str, other: &str, other_line: u64) -> FileError {
        FileError::TwoGroups {
            file: self.file.to_owned(),
            line: self.line,
            id: id.to_owned(),
            group: group.to_owned(),
            other: other.to_owned(),
            other_line,
        }
    }

    /// Reads a text that must not be blank.
    pub(super) fn required(&self, column: &str) -> Result<String, FileError> {
        match self.text(column) {
            "" => Err(self.wrong(column, "is empty")),
            text if text.contains(char::is_control) => {
                Err(self.wrong(column, format!("{text:?} holds a control character")))
            }
            text => {
                match text.chars().count() {
                    length if length > MAX_TEXT => Err(self
                        .wrong(column, format!("is {length} characters long; at most {MAX_TEXT} are kept"))),
                    _ => Ok(text.to_owned()),
                }
            }
        }
    }

    /// Refuses a list that is longer than the contract takes.
    pub(super) fn check_count(&self, column: &str, count: usize, most: usize) -> Result<(), FileError> {
        if count <= most {
            return Ok(());
        }
        Err(self.wrong(column, format!("holds {count} values; at most {most} are kept")))
    }

    /// Reads a value that says itself how it is written.
    pub(super) fn parse<T: FromStr<Err: Display>>(&self, column: &str) -> Result<T, FileError> {
        self.text(column).parse().map_err(|error| self.wrong(column, error))
    }

    /// Reads a time from a start to an end, which stand on the clocks of a zone or with their offsets.
    pub(super) fn span(
        &self,
        column: &str,
        zone: &Zone,
        text: &str,
    ) -> Result<(Timestamp, Timestamp), FileError> {
        let wrong = |problem: String| self.wrong(column, problem);
        let Some((start, end)) = text.split_once('/') else {
            let example = "2023-10-21 08:00/2023-10-21 23:00";
            return Err(wrong(format!(
                "{:?} is no time from a start to an end: write it like {example}",
                text.trim()
            )));
        };
        let moment = |text: &str| {
            let read = zone.parse_local_or_offset(text.trim());
            read.map_err(|error: TimeError| wrong(error.to_string()))
        };
        let (start, end) = (moment(start)?, moment(end)?);
        if end <= start {
            return Err(wrong(format!("{:?} ends before it starts", text.trim())));
        }
        Ok((to_timestamp(start), to_timestamp(end)))
    }

    /// The values of a list, which stand between spaces or semicolons.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        let is_between = |c: char| c == ';' || c.is_whitespace();
        self.text(column).split(is_between).filter(|part| !part.is_empty())
    }
}

/// Reads a file row by row; `passed` is told of the bytes read so far.
///
/// # Errors
/// [`FileError`] when no row can be read at all. What is wrong with single rows goes to `faults`.
pub(super) fn read(
    path: &Path,
    columns: &'static [&'static str],
    passed: impl Fn(u64),
    faults: &mut Faults,
    row: impl FnMut(&Row<'_>, &mut Faults),
) -> Result<(), FileError> {
    let mut table = Table::new(path, columns, |names| header(columns, names));
    read_lines(path, &mut table, passed, faults, row)
}

/// Reads the lines of a CSV file into the rows of a table; `passed` is told of the bytes read so far.
///
/// # Errors
/// [`FileError`] when no row can be read at all. What is wrong with single rows goes to `faults`.
pub(super) fn read_lines(
    path: &Path,
    table: &mut Table<impl Fn(&[&str]) -> Result<Vec<Option<usize>>, String>>,
    passed: impl Fn(u64),
    faults: &mut Faults,
    mut row: impl FnMut(&Row<'_>, &mut Faults),
) -> Result<(), FileError> {
    let file = path.display().to_string();
    let unreadable = |source| FileError::Unreadable { file: file.clone(), source };
    let opened = File::open(path).map_err(unreadable)?;
    if opened.metadata().map_err(unreadable)?.len() > MAX_CSV {
        return Err(FileError::TooLarge { file, mib: MAX_CSV / 1024 / 1024 });
    }
    // what grows while it is read is cut here
    let mut lines = Lines::new(BufReader::new(opened.take(MAX_CSV)));
    let mut splitter = Splitter::new();
    while let Some(line) = lines.next().map_err(unreadable)? {
        passed(line.end);
        if line.text.is_ok_and(|text| text.trim().is_empty()) {
            continue;
        }
        let values = line.text.map_err(str::to_owned).and_then(|text| splitter.split(text));
        table.line(line.number, values, faults, &mut row)?;
    }
    table.check_header()
}

/// A table whose first line names its columns.
pub(super) struct Table<O> {
    file: String,
    columns: &'static [&'static str],
    order_of: O,
    order: Option<(Vec<Option<usize>>, usize)>,
    /// Lines that are no row.
    pub(super) unread: usize,
}

impl<O: Fn(&[&str]) -> Result<Vec<Option<usize>>, String>> Table<O> {
    /// A table of a file; `order_of` says where each of `columns` stands, given the names in the first line.
    pub(super) fn new(path: &Path, columns: &'static [&'static str], order_of: O) -> Self {
        Self { file: path.display().to_string(), columns, order_of, order: None, unread: 0 }
    }

    /// Takes a line: the first is the header, each other one a row.
    ///
    /// # Errors
    /// [`FileError`] when it is a header that cannot be used.
    pub(super) fn line(
        &mut self,
        number: u64,
        values: Result<Vec<&str>, String>,
        faults: &mut Faults,
        row: &mut impl FnMut(&Row<'_>, &mut Faults),
    ) -> Result<(), FileError> {
        let wrong = |problem: String| FileError::line(&self.file, number, problem);
        let Some((order, width)) = &self.order else {
            let names = values.map_err(wrong)?;
            self.order = Some(((self.order_of)(&names).map_err(wrong)?, names.len()));
            return Ok(());
        };
        match values {
            Ok(values) if values.len() == *width => {
                let at = |at: &Option<usize>| at.map_or("", |at| values[at]);
                let (file, columns) = (self.file.as_str(), self.columns);
                row(&Row { line: number, file, columns, values: order.iter().map(at).collect() }, faults);
            }
            Ok(values) => {
                faults.add(wrong(format!("has {} values in place of {width}", values.len())));
                self.unread += 1;
            }
            Err(problem) => {
                faults.add(wrong(problem));
                self.unread += 1;
            }
        }
        Ok(())
    }

    /// Columns of the header; 0 before it was read.
    pub(super) fn width(&self) -> usize {
        self.order.as_ref().map_or(0, |(_, width)| *width)
    }

    /// Refuses a table without a header.
    ///
    /// # Errors
    /// [`FileError`]
    pub(super) fn check_header(&self) -> Result<(), FileError> {
        match self.order {
            Some(_) => Ok(()),
            None => Err(FileError::line(
                &self.file,
                1,
                format!("the header is missing: {}", self.columns.join(",")),
            )),
        }
    }
}

/// Where each column stands.
fn header(columns: &[&str], values: &[&str]) -> Result<Vec<Option<usize>>, String> {
    let names: Vec<&str> = values.iter().map(|name| name.trim()).collect();
    let missing: Vec<&str> = columns.iter().filter(|name| !names.contains(name)).copied().collect();
    let unknown: Vec<&str> = names.iter().filter(|name| !columns.contains(name)).copied().collect();
    let form = format!("the header is {}", columns.join(","));
    if !missing.is_empty() {
        return Err(format!("there is no column {}: {form}", missing.join(", ")));
    }
    if let Some(name) = unknown.first() {
        return Err(format!("{name:?} is no column of this file: {form}"));
    }
    if names.len() > columns.len() {
        return Err(format!("a column is named twice: {form}"));
    }
    Ok(columns.iter().map(|name| names.iter().position(|written| written == name)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is read of a file, and what is said of it.
    fn rows(text: &[u8]) -> (Vec<String>, String) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("f.csv");
        std::fs::write(&path, text).unwrap();
        let (mut faults, mut read_rows) = (Faults::default(), Vec::new());
        let read = read(
            &path,
            &["id", "name"],
            |_| (),
            &mut faults,
            |row, _| {
                read_rows.push(format!("{}:{}={}", row.line, row.text("id"), row.text("name")));
            },
        );
        if let Err(error) = read {
            faults.add(error);
        }
        let said = faults.settle(()).err().map(|faults| crate::failure::Failure::from(faults).to_string());
        (read_rows, said.unwrap_or_default().replace(&path.display().to_string(), "f.csv"))
    }

    #[test]
    fn columns_are_found_by_name_and_lines_end_as_they_do() {
        let expected = (vec!["2:a=张三".to_owned(), "4:b=x, \"y\"".to_owned()], String::new());
        assert_eq!(rows("id,name\na,张三\n\nb,\"x, \"\"y\"\"\"\n".as_bytes()), expected);
        assert_eq!(rows("\u{feff}name,id\r\n张三,a\r\n \r\n\"x, \"\"y\"\"\", b".as_bytes()), expected);
    }

    #[test]
    fn each_wrong_line_is_one_fault_and_the_others_are_read() {
        let (read, said) = rows(b"id,name\na,\"open\nb,B,more\n\xff,x\nc,C\rd\ne\nf,F\n");
        assert_eq!(read, ["7:f=F"]);
        for fault in [
            "5 faults; nothing was sent",
            "f.csv:2: a quotation mark is not closed",
            "f.csv:3: has 3 values in place of 2",
            "f.csv:4: is not UTF-8 text",
            "f.csv:5: holds a carriage return",
            "f.csv:6: has 1 values in place of 2",
        ] {
            assert!(said.contains(fault), "{fault}: {said}");
        }
        let long = format!("id,name\na,{}\nb,B\n", "x".repeat(200_000));
        let (read, said) = rows(long.as_bytes());
        assert_eq!(
            (read, said.as_str()),
            (vec!["3:b=B".to_owned()], "error: f.csv:2: is longer than 64 KiB")
        );
    }

    #[test]
    fn a_header_that_is_not_the_header_is_told_the_right_one() {
        for (text, expected) in [
            ("", "f.csv:1: the header is missing: id,name"),
            ("a,b\n", "f.csv:1: there is no column id, name: the header is id,name"),
            ("id,name,age\n", "f.csv:1: \"age\" is no column of this file: the header is id,name"),
            ("id,name,id\n", "f.csv:1: a column is named twice: the header is id,name"),
        ] {
            assert_eq!(rows(text.as_bytes()), (vec![], format!("error: {expected}")));
        }
    }

    proptest! {
        #[test]
        fn what_another_program_writes_is_read_as_it_was(
            written in proptest::collection::vec(("[a-z]{1,9}", "[^\\p{C}\\s]{1,9}[ ,\";]?[^\\p{C}\\s]{1,9}"), 1..20),
            is_crlf: bool,
        ) {
            let terminator = if is_crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
            writer.write_record(["name", "id"]).unwrap();
            for (id, name) in &written {
                writer.write_record([name, id]).unwrap();
            }
            let (read, said) = rows(&writer.into_inner().unwrap());
            let expected = written.iter().enumerate().map(|(at, (id, name))| format!("{}:{id}={name}", at + 2));
            prop_assert_eq!(read, expected.collect::<Vec<_>>());
            prop_assert_eq!(said, "");
        }
    }
}
