//! What volunteers says of a shift.

use matchday_kernel::Instant;

use super::item::{Item, People, State};

/// A shift, with the numbers of its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its name.
    pub name: String,
    /// Name of its tournament.
    pub tournament: String,
    /// What people call the post.
    pub title: String,
    /// Name of the zone or the venue.
    pub place: String,
    /// Name of the activity or session it is for.
    pub occasion: String,
    /// Unit that brings the people; empty when volunteers hold the post.
    pub unit: String,
    /// Its start.
    pub start: Instant,
    /// Its end.
    pub end: Instant,
    /// Its start as planned.
    pub planned: Instant,
    /// It does not take place.
    pub is_cancelled: bool,
    /// People wanted.
    pub headcount: i32,
    /// Of a unit: people it has reported.
    pub reported: Option<i32>,
    /// Seats taken.
    pub taken: i32,
    /// Of those, accepted, signed in or signed out.
    pub accepted: i32,
    /// Of those, signed in and not out.
    pub signed_in: i32,
    /// Assignments that wait for a replacement.
    pub to_be_replaced: i32,
    /// Limits it breaks, one sentence each.
    pub alerts: Vec<String>,
    /// Counts its writes.
    pub revision: i64,
}

impl Shift {
    /// Its line; `before` is where it stood.
    #[must_use]
    pub fn item(&self, before: Option<State>) -> Item {
        let people = match self.reported {
            Some(reported) => People { wanted: self.headcount, sure: reported, present: reported },
            None => People { wanted: self.headcount, sure: self.accepted, present: self.signed_in },
        };
        Item {
            tournament: self.tournament.clone(),
            time: self.start,
            end: Some(self.end),
            planned: self.planned,
            title: self.title.clone(),
            place: self.place.clone(),
            occasion: self.occasion.clone(),
            owner: self.unit.clone(),
            state: self.state(before),
            people,
        }
    }

    /// Under way once somebody is there; done when all who were there have signed out, until the next one comes.
    fn state(&self, before: Option<State>) -> State {
        let is_there = self.signed_in > 0 || self.reported.is_some();
        match before {
            _ if self.is_cancelled => State::Cancelled,
            _ if is_there => State::UnderWay,
            Some(State::UnderWay | State::Done) if self.accepted > 0 => State::Done,
            _ => State::Planned,
        }
    }

    /// What is wrong with it: people who are missing, and limits that it breaks.
    #[must_use]
    pub fn concerns(&self, state: State) -> Vec<String> {
        let mut sentences = Vec::new();
        if matches!(state, State::Planned | State::UnderWay) {
            let open = self.headcount - self.taken;
            match self.reported {
                Some(reported) if reported < self.headcount => {
                    sentences.push(format!("{reported} of {} people reported", self.headcount));
                }
                None if self.unit.is_empty() && open == 1 => sentences.push("1 seat open".to_owned()),
                None if self.unit.is_empty() && open > 1 => sentences.push(format!("{open} seats open")),
                _ => {}
            }
            let unsure = self.taken - self.accepted;
            if state == State::Planned && self.unit.is_empty() && unsure > 0 {
                sentences.push(format!("{unsure} proposed, not accepted"));
            }
            if self.to_be_replaced > 0 {
                sentences.push(format!("{} to be replaced", self.to_be_replaced));
            }
        }
        sentences.extend(self.alerts.iter().cloned());
        sentences
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::activity::tests::at;

    pub(crate) fn shift(id: &str, revision: i64) -> Shift {
        Shift {
            name: format!("tournaments/t/shifts/{id}"),
            tournament: "tournaments/t".into(),
            title: id.into(),
            place: "sites/s/venues/v".into(),
            occasion: "tournaments/t/activities/m01".into(),
            unit: String::new(),
            start: at(0),
            end: at(240),
            planned: at(0),
            is_cancelled: false,
            headcount: 4,
            reported: None,
            taken: 4,
            accepted: 3,
            signed_in: 0,
            to_be_replaced: 0,
            alerts: vec![],
            revision,
        }
    }

    #[test]
    fn people_are_counted() {
        let item = Shift { signed_in: 2, ..shift("ushers", 1) }.item(None);
        assert_eq!(item.people, People { wanted: 4, sure: 3, present: 2 });
        let police =
            Shift { unit: "police".into(), reported: Some(3), accepted: 0, taken: 0, ..shift("cordon", 1) };
        assert_eq!(police.item(None).people, People { wanted: 4, sure: 3, present: 3 });
        assert_eq!(police.item(None).owner, "police");
        assert_eq!(police.concerns(State::UnderWay), ["3 of 4 people reported"]);
    }

    #[test]
    fn a_shift_begins_with_the_first_and_ends_with_the_last() {
        let state = |shift: &Shift, before| shift.item(before).state;
        let waiting = shift("ushers", 1);
        assert_eq!(state(&waiting, None), State::Planned);
        let busy = Shift { signed_in: 2, ..shift("ushers", 2) };
        assert_eq!(state(&busy, Some(State::Planned)), State::UnderWay);
        assert_eq!(state(&waiting, Some(State::UnderWay)), State::Done, "all have signed out");
        assert_eq!(state(&waiting, Some(State::Done)), State::Done, "it stays done");
        assert_eq!(state(&busy, Some(State::Done)), State::UnderWay, "somebody comes late");
        let cancelled = Shift { is_cancelled: true, ..busy };
        assert_eq!(state(&cancelled, Some(State::UnderWay)), State::Cancelled);
        assert_eq!(state(&waiting, Some(State::Cancelled)), State::Planned, "it takes place again");
        let unit = Shift { unit: "police".into(), reported: Some(0), accepted: 0, ..shift("cordon", 1) };
        assert_eq!(state(&unit, Some(State::Planned)), State::UnderWay);
    }

    #[test]
    fn what_is_missing_is_said_while_it_matters() {
        let late =
            Shift { taken: 2, to_be_replaced: 1, alerts: vec!["too long".into()], ..shift("ushers", 1) };
        assert_eq!(late.concerns(State::Planned), ["2 seats open", "1 to be replaced", "too long"]);
        assert_eq!(late.concerns(State::Done), ["too long"]);
        assert_eq!(Shift { taken: 3, ..shift("ushers", 1) }.concerns(State::UnderWay), ["1 seat open"]);
        let unit = Shift { unit: "police".into(), taken: 0, ..shift("cordon", 1) };
        assert!(unit.concerns(State::Planned).is_empty(), "a unit reports when it is there");
        assert_eq!(shift("ushers", 1).concerns(State::Planned), ["1 proposed, not accepted"]);
        assert!(Shift { accepted: 4, ..shift("ushers", 1) }.concerns(State::Planned).is_empty());
    }
}
