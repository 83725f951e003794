//! The lines of a CSV file, one by one, and the values on each.

use std::io::{self, BufRead, Read};

use csv_core::{ReadRecordResult, Reader};

/// Longest line, in bytes.
const MAX_LINE: usize = 64 * 1024;

/// A line as it was read.
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: u64,
    /// Bytes of the file up to its end.
    pub(super) end: u64,
    /// Its text, ended by a line feed, or what is wrong with it.
    pub(super) text: Result<&'a str, &'static str>,
}

/// The lines of a file, each of bounded length.
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    number: u64,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of what is read.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), number: 0, end: 0 }
    }

    /// Reads the next one; nothing after the last.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let read = self.reader.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.end += read as u64;
        let is_whole = self.line.ends_with(b"\n") || read < MAX_LINE;
        if !is_whole {
            self.end += self.reader.skip_until(b'\n')? as u64;
        }
        let bytes = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes).len();
        self.line.truncate(bytes);
        self.line.push(b'\n');
        let text = match str::from_utf8(&self.line) {
            _ if !is_whole => Err("is longer than 64 KiB"),
            Ok(text) if self.number == 1 => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Ok(text) => Ok(text),
            Err(_) => Err("is not UTF-8 text"),
        };
        Ok(Some(Line { number: self.number, end: self.end, text }))
    }
}

/// Splits a line into its values.
pub(super) struct Splitter {
    reader: Reader,
    values: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    /// A splitter for lines of any file.
    pub(super) fn new() -> Self {
        Self { reader: Reader::new(), values: vec![0; MAX_LINE], ends: vec![0; 64] }
    }

    /// The values of a line, which ends with a line feed.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub(super) fn split(&mut self, line: &str) -> Result<Vec<&str>, String> {
        self.reader.reset();
        let (result, read, _, count) =
            self.reader.read_record(line.as_bytes(), &mut self.values, &mut self.ends);
        match result {
            ReadRecordResult::Record if read == line.len() => {}
            ReadRecordResult::Record => return Err("holds a carriage return".to_owned()),
            ReadRecordResult::InputEmpty => return Err("a quotation mark is not closed".to_owned()),
            _ => return Err("has too many values".to_owned()),
        }
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let values = starts.zip(&self.ends[..count]).map(|(start, end)| &self.values[start..*end]);
        values.map(|value| str::from_utf8(value).map_err(|error| error.to_string())).collect()
    }
}
