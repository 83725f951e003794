//! The columns of a resource, and what stands in a cell.

use matchday_kernel::{Instant, SignedDuration, Zone};
use prost_types::{Duration, Timestamp};

use super::ToJson;

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
    /// Names of resources.
    Names(Vec<String>),
    /// A moment; absent shows nothing.
    Time(Option<Timestamp>),
    /// From one moment until another.
    Span(Option<Timestamp>, Option<Timestamp>),
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

    /// What stands in a table: short, and without characters that play with the terminal.
    pub(crate) fn short(&self, zone: &Zone) -> String {
        let text = match self {
            Self::Name(name) => ids(name).unwrap_or_else(|| name.clone()),
            Self::Id(name) => ids(name)
                .and_then(|ids| ids.rsplit('/').next().map(str::to_owned))
                .unwrap_or_else(|| name.clone()),
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
            Self::Text(text) | Self::Name(text) | Self::Id(text) => text.clone(),
            Self::Count(0) => String::new(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Names(names) => names.join(", "),
            Self::Time(time) => time.map_or_else(String::new, |time| local(time, zone)),
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

/// A moment as the clocks of the zone show it, with their offset.
fn local(time: Timestamp, zone: &Zone) -> String {
    let micros = time
        .seconds
        .checked_mul(1_000_000)
        .and_then(|micros| micros.checked_add(i64::from(time.nanos / 1000)));
    match micros.and_then(|micros| Instant::from_micros(micros).ok()) {
        Some(moment) => zone.format(moment),
        None => "beyond the calendar".to_owned(),
    }
}

/// From one moment until another, the day and the offset told once where they are the same:
/// `2023-10-21 19:50–22:25 +08:00`.
pub(crate) fn between(from: Option<Timestamp>, until: Option<Timestamp>, zone: &Zone) -> String {
    const DAY: usize = "2023-10-21 ".len();
    const CLOCK: usize = DAY + "20:00".len();
    let shown = |time: Option<Timestamp>| time.map_or_else(String::new, |time| local(time, zone));
    let (from, until) = (shown(from), shown(until));
    match (from.split_at_checked(CLOCK), until.split_at_checked(DAY)) {
        (Some((start, offset)), Some((day, end))) if start.starts_with(day) && end.ends_with(offset) => {
            format!("{start}–{end}")
        }
        _ => format!("{from}–{until}"),
    }
}

/// A length of time as people write it: `1h 55m`.
fn in_words(length: Duration) -> String {
    match SignedDuration::new(length.seconds, length.nanos) {
        SignedDuration::ZERO => String::new(),
        length => format!("{length:#}"),
    }
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
    fn spans_tell_the_day_and_the_offset_once() {
        let span = |seconds: i64, zone: &str| {
            let time = |seconds| Some(Timestamp { seconds, nanos: 0 });
            between(time(1_697_889_600), time(1_697_889_600 + seconds), &zone.parse().unwrap())
        };
        assert_eq!(span(5400, "Asia/Shanghai"), "2023-10-21 20:00–21:30 +08:00");
        let midnight = "2023-10-21 20:00 +08:00–2023-10-22 00:00 +08:00";
        assert_eq!(span(4 * 3600, "Asia/Shanghai"), midnight);
        assert_eq!(between(None, None, &zone()), "–");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(Cell::text("a\u{1b}[2Jb").short(&zone()), "a\u{fffd}[2Jb");
    }
}
