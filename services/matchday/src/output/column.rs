//! The columns of a resource, and what stands in a cell.

use jiff::civil::Date;
use matchday_kernel::Zone;
use prost_types::{Duration, Timestamp};

use super::{
    ToJson,
    clock::{between, clock, in_words, later, local},
};

/// A resource that can be shown.
pub(crate) trait Shown: ToJson + Sized + 'static {
    /// What is shown of it, in this order. Tables of many leave out what is not [`Column::in_lists`].
    const COLUMNS: &'static [Column<Self>];
}

/// One thing shown of a resource.
pub(crate) struct Column<R> {
    /// What it is called.
    pub(crate) heading: &'static str,
    /// Reads it from the resource.
    pub(crate) cell: fn(&R) -> Cell,
    /// Whether it stands in the table of a list.
    pub(crate) in_lists: bool,
    /// Whether it is shown of a single resource and in CSV.
    pub(crate) in_full: bool,
    /// Whether its heading in tables names the time zone of the clocks.
    names_zone: bool,
}

impl<R> Column<R> {
    /// A column of lists and of single resources.
    pub(crate) const fn new(heading: &'static str, cell: fn(&R) -> Cell) -> Self {
        Self { heading, cell, in_lists: true, in_full: true, names_zone: false }
    }

    /// As [`Column::new`], for a time whose heading tells whose clocks are shown: the first time of a resource.
    pub(crate) const fn clock(heading: &'static str, cell: fn(&R) -> Cell) -> Self {
        Self { heading, cell, in_lists: true, in_full: true, names_zone: true }
    }

    /// A column of single resources and of CSV.
    pub(crate) const fn detail(heading: &'static str, cell: fn(&R) -> Cell) -> Self {
        Self { heading, cell, in_lists: false, in_full: true, names_zone: false }
    }

    /// A column of tables of lists alone: it sums up what other columns say in full.
    pub(crate) const fn summary(heading: &'static str, cell: fn(&R) -> Cell) -> Self {
        Self { heading, cell, in_lists: true, in_full: false, names_zone: false }
    }

    /// The same column in tables of lists alone.
    pub(crate) const fn of_lists(self) -> Self {
        Self { in_full: false, ..self }
    }

    /// The same column of single resources and of CSV alone.
    pub(crate) const fn of_details(self) -> Self {
        Self { in_lists: false, ..self }
    }

    /// What stands over it in a table of many, and before it in that of one: `START (Asia/Shanghai)`.
    pub(crate) fn label(&self, zone: &Zone, case: fn(&str) -> String) -> String {
        let heading = case(self.heading);
        if self.names_zone { format!("{heading} ({zone})") } else { heading }
    }
}

/// What stands in a cell.
pub(crate) enum Cell {
    /// Text as it is stored.
    Text(String),
    /// A count; a count of nothing is not shown where nobody said.
    Count(i32),
    /// A number that is always shown.
    Number(i64),
    /// The name of a resource: its ids in a table, whole in CSV.
    Name(String),
    /// The name of a resource of the same parent: its last id in a table, whole in CSV. Text that is no name
    /// stands as it is.
    Id(String),
    /// The name of a place: its ids within the site in a table, whole in CSV.
    Place(String),
    /// Names of resources.
    Names(Vec<String>),
    /// A moment; absent shows nothing.
    Time(Option<Timestamp>),
    /// From one moment until another.
    Span(Option<Timestamp>, Option<Timestamp>),
    /// The second of two moments; beside the first it tells its day only where that is another.
    Until(Option<Timestamp>, Option<Timestamp>),
    /// Several times, each from one moment until another.
    Spans(Vec<(Option<Timestamp>, Option<Timestamp>)>),
    /// A length of time; none shows nothing.
    Length(Option<Duration>),
}

impl Cell {
    /// The text of a cell.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// The name of a resource.
    pub(crate) fn name(name: &str) -> Self {
        Self::Name(name.to_owned())
    }

    /// The name of a resource of the same parent.
    pub(crate) fn id(name: &str) -> Self {
        Self::Id(name.to_owned())
    }

    /// The name of a place.
    pub(crate) fn place(name: &str) -> Self {
        Self::Place(name.to_owned())
    }

    /// What stands in a table that tells its zone, and its day where it is one, over its rows.
    pub(crate) fn brief(&self, zone: &Zone, day: Option<Date>) -> String {
        match self {
            Self::Time(Some(time)) => clock(*time, zone, day),
            Self::Until(Some(from), Some(until)) => later(*from, *until, zone),
            Self::Span(Some(from), Some(until)) => {
                format!("{}–{}", clock(*from, zone, day), later(*from, *until, zone))
            }
            _ => self.short(zone),
        }
    }

    /// What stands in a table: short, and without characters that play with the terminal.
    pub(crate) fn short(&self, zone: &Zone) -> String {
        let text = match self {
            Self::Name(name) => ids(name).unwrap_or_else(|| name.clone()),
            Self::Id(name) => ids(name)
                .and_then(|ids| ids.rsplit('/').next().map(str::to_owned))
                .unwrap_or_else(|| name.clone()),
            Self::Place(name) => {
                let within = ids(name).and_then(|ids| ids.split_once('/').map(|(_, ids)| ids.to_owned()));
                within.unwrap_or_else(|| name.clone())
            }
            Self::Names(names) => {
                let short = names.iter().map(|name| ids(name).unwrap_or_else(|| name.clone()));
                short.collect::<Vec<_>>().join(", ")
            }
            _ => self.full(zone),
        };
        text.replace(char::is_control, "\u{fffd}")
    }

    /// What stands in CSV.
    pub(crate) fn full(&self, zone: &Zone) -> String {
        match self {
            Self::Text(text) | Self::Name(text) | Self::Id(text) | Self::Place(text) => text.clone(),
            Self::Count(0) => String::new(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Names(names) => names.join(", "),
            Self::Time(time) | Self::Until(_, time) => {
                time.map_or_else(String::new, |time| local(time, zone))
            }
            Self::Span(from, until) => between(*from, *until, zone),
            Self::Spans(spans) => {
                let spans = spans.iter().map(|(from, until)| between(*from, *until, zone));
                spans.collect::<Vec<_>>().join(", ")
            }
            Self::Length(length) => length.map_or_else(String::new, in_words),
        }
    }
}

/// The ids in a resource's name: `jinjiang/stadium` of `sites/jinjiang/venues/stadium`.
fn ids(name: &str) -> Option<String> {
    const TOPS: [&str; 4] = ["sites", "tournaments", "staff", "services"];
    let parts: Vec<&str> = name.split('/').collect();
    let is_name = parts.len().is_multiple_of(2) && TOPS.contains(&parts[0]);
    is_name.then(|| {
        let ids: Vec<&str> = parts.iter().skip(1).step_by(2).copied().collect();
        ids.join("/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        "Asia/Shanghai".parse().unwrap()
    }

    #[test]
    fn tables_show_ids_and_csv_shows_names() {
        let name = "sites/jinjiang/venues/stadium";
        assert_eq!(Cell::name(name).short(&zone()), "jinjiang/stadium");
        assert_eq!(Cell::name(name).full(&zone()), name);
        assert_eq!(Cell::id(name).short(&zone()), "stadium");
        assert_eq!(Cell::id("winner of m25/m26").short(&zone()), "winner of m25/m26");
        assert_eq!(Cell::Names(vec![name.into(), "x".into()]).short(&zone()), "jinjiang/stadium, x");
    }

    #[test]
    fn times_have_an_offset_and_lengths_are_words() {
        let time = Timestamp { seconds: 1_697_889_600, nanos: 0 };
        assert_eq!(Cell::Time(Some(time)).short(&zone()), "2023-10-21 20:00 +08:00");
        assert_eq!(Cell::Time(None).short(&zone()), "");
        let length = |seconds| Cell::Length(Some(Duration { seconds, nanos: 0 })).short(&zone());
        assert_eq!(length(6900), "1h 55m");
        assert_eq!(length(0), "");
        let beyond = Timestamp { seconds: i64::MAX, nanos: 0 };
        assert_eq!(Cell::Time(Some(beyond)).short(&zone()), "beyond the calendar");
    }

    #[test]
    fn brief_times_leave_out_what_stands_over_them() {
        let time = |minutes: i64| Some(Timestamp { seconds: 1_697_889_600 + 60 * minutes, nanos: 0 });
        let (day, other) = ("2023-10-21".parse().ok(), "2023-10-20".parse().ok());
        let brief = |cell: Cell, day| cell.brief(&zone(), day);
        assert_eq!(brief(Cell::Time(time(0)), day), "20:00");
        assert_eq!(brief(Cell::Time(time(0)), other), "2023-10-21 20:00");
        assert_eq!(brief(Cell::Time(time(0)), None), "2023-10-21 20:00");
        assert_eq!(brief(Cell::Span(time(0), time(90)), day), "20:00–21:30");
        assert_eq!(brief(Cell::Span(time(0), time(260)), None), "2023-10-21 20:00–10-22 00:20");
        assert_eq!(brief(Cell::Until(time(0), time(90)), None), "21:30");
        assert_eq!(brief(Cell::Until(time(0), time(260)), day), "10-22 00:20");
        assert_eq!(brief(Cell::Until(time(0), None), day), "");
        assert_eq!(brief(Cell::place("sites/j/venues/stadium/zones/pitch"), None), "stadium/pitch");
        let beyond = Cell::Time(Some(Timestamp { seconds: i64::MAX, nanos: 0 }));
        assert!(brief(beyond, day).starts_with("beyond"));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(Cell::text("a\u{1b}[2Jb").short(&zone()), "a\u{fffd}[2Jb");
    }
}
