//! A volunteer's own shifts as a calendar, RFC 5545. An event keeps its UID, and its SEQUENCE grows with every write:
//! a calendar that has it already shows the change, not a second event.

use ics::{
    Event, ICalendar, escape_text,
    properties::{Description, DtEnd, DtStart, LastModified, Location, Name, Sequence, Status, Summary},
};
use matchday_kernel::{Instant, Interval, words::Words};

use super::assignment::State;

/// Who made the file, as RFC 5545 wants it.
const PRODUCT: &str = "-//Matchday//Matchday//EN";

/// A shift that a volunteer holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// Id of the shift.
    pub shift: String,
    /// What people call the post.
    pub title: String,
    /// Where: ids of the place.
    pub place: String,
    /// When.
    pub time: Interval,
    /// Where the assignment stands.
    pub state: State,
    /// Number of its writes.
    pub revision: i64,
    /// When it was last written.
    pub updated: Instant,
}

/// The calendar of a tournament's shifts that a volunteer holds. It does not say whose it is.
#[must_use]
pub fn calendar(tournament: (&str, &str), shifts: &[Held], words: &Words) -> String {
    let (id, title) = tournament;
    let mut calendar = ICalendar::new("2.0", PRODUCT);
    calendar.push(Name::new(text(&words.say("calendar", &[("tournament", title)]))));
    for held in shifts {
        let mut event = Event::new(format!("{}.{id}@matchday", held.shift), held.updated.basic_utc());
        event.push(DtStart::new(held.time.start().basic_utc()));
        event.push(DtEnd::new(held.time.end().basic_utc()));
        event.push(Summary::new(text(&held.title)));
        event.push(Location::new(text(&held.place)));
        event.push(Description::new(text(&words.say(said(held.state), &[]))));
        let is_agreed = held.state.is_accepted();
        event.push(if is_agreed { Status::confirmed() } else { Status::tentative() });
        event.push(Sequence::new(held.revision.to_string()));
        event.push(LastModified::new(held.updated.basic_utc()));
        calendar.add_event(event);
    }
    calendar.to_string()
}

/// The message that tells a state.
fn said(state: State) -> &'static str {
    match state {
        State::SignedIn => "calendar-signed-in",
        State::SignedOut => "calendar-signed-out",
        State::Accepted => "calendar-accepted",
        _ => "calendar-invited",
    }
}

fn text(text: &str) -> String {
    // a carriage return would end the line for some readers
    escape_text(text.replace('\r', "")).into_owned()
}

#[cfg(test)]
mod tests {
    use matchday_kernel::words::Language;

    use super::*;
    use crate::domain::{
        certificate::words,
        shift::tests::{at, between},
    };

    #[test]
    fn a_shift_is_found_again_and_tells_where_it_stands() {
        let held = |shift: &str, state| Held {
            shift: shift.into(),
            title: "Gate stewards, 闸口引导".into(),
            place: "jinjiang/stadium/gate-plaza".into(),
            time: between(600, 900),
            state,
            revision: 4,
            updated: at(0),
        };
        let shifts = [held("gate", State::Accepted), held("late", State::Invited)];
        let written = calendar(("fisu-2023", "FISU 2023"), &shifts, words(Language::Chinese));
        let unfolded = written.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.split("\r\n").collect();
        for line in [
            "UID:gate.fisu-2023@matchday",
            "SEQUENCE:4",
            "DTSTART:20231021T020000Z",
            "SUMMARY:Gate stewards\\, 闸口引导",
            "STATUS:CONFIRMED",
            "STATUS:TENTATIVE",
            "DESCRIPTION:已接受",
        ] {
            assert!(lines.contains(&line), "{line} in {unfolded}");
        }
    }
}
