//! Workbooks (XLSX): the first sheet, row by row. Its rows are numbered as the program shows them that wrote it.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read},
    path::Path,
};

use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook_from_rs};

use super::{
    Faults, FileError,
    rows::{Row, Table},
};

/// Largest workbook, in bytes. It is packed, and holds more than it is long.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Most columns that are looked at: no table of people has more.
const MOST_COLUMNS: usize = 256;

/// A whole number from here on has more digits than a workbook keeps.
const TOO_MANY_DIGITS: f64 = 1e15;

/// Reads the first sheet of a workbook into the rows of a table.
///
/// # Errors
/// [`FileError`] when no row can be read at all. What is wrong with single rows goes to `faults`.
pub(super) fn read_rows(
    path: &Path,
    table: &mut Table<impl Fn(&[&str]) -> Result<Vec<Option<usize>>, String>>,
    faults: &mut Faults,
    mut row: impl FnMut(&Row<'_>, &mut Faults),
) -> Result<(), FileError> {
    let file = path.display().to_string();
    let broken = |error: XlsxError| FileError::whole(&file, format!("is no workbook: {error}"));
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes(path)?)).map_err(broken)?;
    let Some(sheet) = book.sheet_names().first().cloned() else {
        return Err(FileError::whole(&file, "holds no sheet"));
    };
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut line = Line::default();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (number, column) = cell.get_position();
        if number != line.number {
            line.give(table, faults, &mut row)?;
            line = Line { number, ..Line::default() };
        }
        line.take(column, cell.get_value());
    }
    line.give(table, faults, &mut row)?;
    table.check_header()
}

fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let file = path.display().to_string();
    let unreadable = |source| FileError::Unreadable { file: file.clone(), source };
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(unreadable)?;
    BufReader::new(opened.take(LARGEST + 1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(FileError::TooLarge { file, mib: LARGEST / 1024 / 1024 });
    }
    Ok(bytes)
}

/// A row of the sheet while its cells come.
#[derive(Default)]
struct Line {
    /// Counted from 0.
    number: u32,
    values: Vec<String>,
    problem: Option<String>,
}

impl Line {
    fn take(&mut self, column: u32, value: &DataRef<'_>) {
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        match text(value) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(_) if column >= MOST_COLUMNS => {
                self.problem = Some(format!("has more than {MOST_COLUMNS} columns"));
            }
            Ok(text) => {
                if self.values.len() <= column {
                    self.values.resize(column + 1, String::new());
                }
                self.values[column] = text;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// Gives the row to the table; cells that are not there at its end are empty.
    fn give(
        &mut self,
        table: &mut Table<impl Fn(&[&str]) -> Result<Vec<Option<usize>>, String>>,
        faults: &mut Faults,
        row: &mut impl FnMut(&Row<'_>, &mut Faults),
    ) -> Result<(), FileError> {
        let values = match self.problem.take() {
            Some(problem) => Err(problem),
            None if self.values.is_empty() => return Ok(()),
            None => {
                let missing = table.width().saturating_sub(self.values.len());
                let values = self.values.iter().map(String::as_str);
                Ok(values.chain(std::iter::repeat_n("", missing)).collect())
            }
        };
        table.line(u64::from(self.number) + 1, values, faults, row)
    }
}

/// What a cell shows, days as `2004-05-17`.
fn text(value: &DataRef<'_>) -> Result<String, String> {
    match value {
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) if number.abs() >= TOO_MANY_DIGITS => Err(
            "holds a number of more than 15 digits, of which the workbook keeps 15: format the column as text".into(),
        ),
        DataRef::Float(number) => Ok(number.to_string()),
        DataRef::Bool(is_so) => Ok(is_so.to_string()),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            Ok(if (hour, minute) == (0, 0) { date } else { format!("{date} {hour:02}:{minute:02}") })
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Ok(text.clone()),
        DataRef::Error(error) => Err(format!("holds the error {error}")),
        DataRef::Empty => Ok(String::new()),
    }
}
