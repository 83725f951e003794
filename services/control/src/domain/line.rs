//! A line of the run sheet as it is kept: what one service says of it, and what each finds wrong with it.

use std::collections::BTreeMap;

use super::item::{Item, State};

/// Most sentences kept of one service; of more, their number.
pub const MOST_SENTENCES: usize = 20;

/// A service that reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Scheduling.
    Scheduling,
    /// Venues.
    Venues,
    /// Volunteers.
    Volunteers,
    /// Visitors.
    Visitors,
}

/// A line as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What is to happen; `None` before its own service has said so.
    pub item: Option<Item>,
    /// Revision of the resource it is about.
    pub revision: i64,
    /// What is wrong with it, by who says so, one sentence each; no service overwrites what another says.
    pub concerns: BTreeMap<Source, Vec<String>>,
}

impl Line {
    /// What is to happen according to the service whose resource it is; an older revision changes nothing.
    #[must_use]
    pub fn take(self, source: Source, revision: i64, item: Item, sentences: &[String]) -> Self {
        if revision < self.revision {
            return self;
        }
        Self { item: Some(item), revision, ..self.concern(source, sentences) }
    }

    /// What a service finds wrong with it now, in place of what it found before; nothing when it is in order.
    #[must_use]
    pub fn concern(mut self, source: Source, sentences: &[String]) -> Self {
        // one line each, as they are stored and shown
        let lines = sentences.iter().map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut sentences: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        let others = sentences.len().saturating_sub(MOST_SENTENCES);
        if others > 0 {
            sentences.truncate(MOST_SENTENCES);
            sentences.push(format!("and {others} more"));
        }
        if sentences.is_empty() {
            self.concerns.remove(&source);
        } else {
            self.concerns.insert(source, sentences);
        }
        self
    }

    /// What people see of it; `None` while nobody has said what it is. Nothing is wrong with what does not take
    /// place.
    #[must_use]
    pub fn shown(&self) -> Option<(&Item, Vec<&str>)> {
        let item = self.item.as_ref()?;
        let sentences = self.concerns.values().flatten().map(String::as_str);
        Some((item, sentences.filter(|_| item.state != State::Cancelled).collect()))
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Instant;

    use super::*;
    use crate::domain::item::People;

    fn item(title: &str, state: State) -> Item {
        let time = Instant::from_micros(0).unwrap();
        Item {
            tournament: "tournaments/t".into(),
            time,
            end: None,
            planned: time,
            title: title.into(),
            place: String::new(),
            occasion: String::new(),
            owner: String::new(),
            state,
            people: People::default(),
        }
    }

    #[test]
    fn an_older_revision_changes_nothing_and_the_same_one_does() {
        let line = Line::default().take(Source::Volunteers, 3, item("new", State::Planned), &[]);
        assert_eq!(
            line.clone().take(Source::Volunteers, 2, item("old", State::Planned), &["x".into()]),
            line
        );
        let same = line.take(Source::Volunteers, 3, item("counted again", State::Planned), &[]);
        assert_eq!(same.item.unwrap().title, "counted again");
    }

    #[test]
    fn no_service_overwrites_what_another_says() {
        let line = Line::default().concern(Source::Venues, &["its place is not free".into()]).take(
            Source::Scheduling,
            1,
            item("m01", State::Planned),
            &["delayed".into()],
        );
        assert_eq!(line.shown().unwrap().1, ["delayed", "its place is not free"]);
        let line = line.take(Source::Scheduling, 2, item("m01", State::Planned), &[]);
        assert_eq!(line.shown().unwrap().1, ["its place is not free"]);
        let line = line.concern(Source::Venues, &[]);
        assert!(line.concerns.is_empty());
    }

    #[test]
    fn sentences_are_lines_and_not_without_end() {
        let line = Line::default().concern(Source::Volunteers, &[" too\nlong ".into(), String::new()]);
        assert_eq!(line.concerns[&Source::Volunteers], ["too long"]);
        let many: Vec<String> = (0..MOST_SENTENCES + 3).map(|number| format!("alert {number}")).collect();
        let line = line.concern(Source::Volunteers, &many);
        let kept = &line.concerns[&Source::Volunteers];
        assert_eq!((kept.len(), kept[MOST_SENTENCES].as_str()), (MOST_SENTENCES + 1, "and 3 more"));
    }

    #[test]
    fn a_concern_waits_for_its_line_and_ends_with_it() {
        let line = Line::default().concern(Source::Venues, &["its place is not free".into()]);
        assert_eq!(line.shown(), None);
        let cancelled = line.take(Source::Scheduling, 1, item("m01", State::Cancelled), &[]);
        assert_eq!(cancelled.shown().unwrap().1, Vec::<&str>::new());
    }
}
