//! What venues says of a work order.

use matchday_kernel::Instant;

use super::item::{Item, People, State};

/// A work order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkOrder {
    /// Its name.
    pub name: String,
    /// Name of its tournament.
    pub tournament: String,
    /// What is to be done.
    pub title: String,
    /// Name of the zone or the venue.
    pub place: String,
    /// Name of the activity or session it is for.
    pub occasion: String,
    /// Unit or crew that does it; empty while nobody is assigned.
    pub assignee: String,
    /// When it is due.
    pub due: Instant,
    /// When it was first planned to be due.
    pub planned: Instant,
    /// Where it stands.
    pub state: State,
    /// Counts its writes.
    pub revision: i64,
}

impl WorkOrder {
    /// Its line.
    #[must_use]
    pub fn item(&self) -> Item {
        Item {
            tournament: self.tournament.clone(),
            time: self.due,
            end: None,
            planned: self.planned,
            title: self.title.clone(),
            place: self.place.clone(),
            occasion: self.occasion.clone(),
            owner: self.assignee.clone(),
            state: self.state,
            people: People::default(),
        }
    }

    /// What is wrong with it: work to be done that is nobody's.
    #[must_use]
    pub fn concerns(&self) -> Vec<String> {
        let is_open = matches!(self.state, State::Planned | State::UnderWay);
        if is_open && self.assignee.is_empty() { vec!["nobody is assigned".to_owned()] } else { Vec::new() }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::activity::tests::at;

    pub(crate) fn work_order(id: &str, due: i64, state: State, revision: i64) -> WorkOrder {
        WorkOrder {
            name: format!("sites/s/venues/v/work-orders/{id}"),
            tournament: "tournaments/t".into(),
            title: id.into(),
            place: "sites/s/venues/v/zones/pitch".into(),
            occasion: "tournaments/t/activities/m01".into(),
            assignee: "grounds crew".into(),
            due: at(due),
            planned: at(60),
            state,
            revision,
        }
    }

    #[test]
    fn it_stands_at_the_moment_it_is_due() {
        let item = work_order("lines", 105, State::UnderWay, 2).item();
        assert_eq!((item.time, item.planned, item.end), (at(105), at(60), None));
        assert_eq!((item.state, item.owner.as_str()), (State::UnderWay, "grounds crew"));
    }

    #[test]
    fn open_work_wants_somebody() {
        let nobodys =
            |state| WorkOrder { assignee: String::new(), ..work_order("lines", 60, state, 1) }.concerns();
        assert_eq!(nobodys(State::Planned), ["nobody is assigned"]);
        assert!(nobodys(State::Done).is_empty() && nobodys(State::Cancelled).is_empty());
        assert!(work_order("lines", 60, State::Planned, 1).concerns().is_empty());
    }
}
