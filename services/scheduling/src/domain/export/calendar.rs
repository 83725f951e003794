//! iCalendar, RFC 5545. An event keeps its UID, and its SEQUENCE grows with every write: a calendar that has it
//! already shows the change, not a second event.

use super::{
    sheet::{Entry, Sheet},
    words::Words,
};
use ics::{
    Event, ICalendar, escape_text,
    properties::{
        Categories, Description, DtEnd, DtStart, LastModified, Location, Name, Sequence, Status, Summary,
    },
};

/// Who made the file, as RFC 5545 wants it.
const PRODUCT: &str = "-//Matchday//Matchday//EN";

/// The schedule as a calendar.
#[must_use]
pub fn calendar(sheet: &Sheet, words: &Words) -> String {
    let mut calendar = ICalendar::new("2.0", PRODUCT);
    calendar.push(Name::new(escape_text(sheet.title.as_str())));
    for entry in &sheet.entries {
        calendar.add_event(event(sheet, entry, words));
    }
    calendar.to_string()
}

fn event(sheet: &Sheet, entry: &Entry, words: &Words) -> Event<'static> {
    let mut event =
        Event::new(format!("{}.{}@matchday", entry.id, sheet.tournament), entry.updated.basic_utc());
    event.push(DtStart::new(entry.time.start().basic_utc()));
    event.push(DtEnd::new(entry.time.end().basic_utc()));
    event.push(Summary::new(text(&summary(entry, words))));
    event.push(Location::new(text(&entry.place())));
    event.push(Categories::new(text(&entry.kind_in(words))));
    event.push(Description::new(text(&description(sheet, entry, words))));
    event.push(if entry.is_cancelled() { Status::cancelled() } else { Status::confirmed() });
    event.push(Sequence::new(entry.revision.to_string()));
    event.push(LastModified::new(entry.updated.basic_utc()));
    event
}

fn text(text: &str) -> String {
    // a carriage return would end the line for some readers
    escape_text(text.replace('\r', "")).into_owned()
}

fn summary(entry: &Entry, words: &Words) -> String {
    match &entry.game {
        Some(game) => format!("{}: {}", entry.id, game.sides_in(words)),
        None => entry.title.clone(),
    }
}

fn description(sheet: &Sheet, entry: &Entry, words: &Words) -> String {
    let mut lines = vec![entry.title.clone(), entry.state_in(words)];
    if let Some(game) = &entry.game {
        lines.push(game.stage_in(words));
        lines.push(game.result_in(words));
        if !game.officials.is_empty() {
            lines.push(words.say("officials", &[("ids", &game.officials.join(", "))]));
        }
    }
    if entry.planned_start != entry.time.start() {
        lines.push(words.say("planned", &[("time", &sheet.zone.format(entry.planned_start))]));
    }
    if !entry.session.is_empty() {
        lines.push(words.say("session", &[("session", &entry.session)]));
    }
    if !entry.reason.is_empty() {
        lines.push(words.say("because", &[("reason", &entry.reason)]));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use matchday_api::scheduling::v1::ActivityState;

    use super::*;
    use crate::domain::export::{
        Language,
        sheet::tests::{at, game, sheet},
        words,
    };

    #[test]
    fn an_event_is_found_again_and_says_what_changed() {
        let mut moved = game("m1", 630, ["Jinjiang, A", "winner of m37"]);
        moved.planned_start = at(600);
        moved.state = ActivityState::Delayed;
        moved.reason = "storm; nobody plays\r\nyet".into();
        let mut off = game("m2", 900, ["a", "b"]);
        off.state = ActivityState::Cancelled;
        let written = calendar(&sheet(vec![moved, off]), words::of(Language::English));
        let unfolded = written.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.split("\r\n").collect();
        for line in [
            "BEGIN:VCALENDAR",
            "UID:m1.fisu-2023@matchday",
            "SEQUENCE:3",
            "DTSTART:20231025T023000Z",
            "DTEND:20231025T043000Z",
            "DTSTAMP:20231023T160000Z",
            "SUMMARY:m1: Jinjiang\\, A – winner of m37",
            "LOCATION:主体育场 · Pitch",
            "STATUS:CANCELLED",
            "END:VCALENDAR",
        ] {
            assert!(lines.contains(&line), "{line} in {unfolded}");
        }
        assert!(unfolded.contains("planned for 2023-10-25 10:00"), "{unfolded}");
        assert!(unfolded.contains("storm\\; nobody plays\\nyet"), "{unfolded}");
        assert!(written.split("\r\n").all(|line| line.len() <= 75), "lines are folded");
    }
}
