//! The roster of a tournament while a write changes it: shifts with their counters and alerts, and assignments.
//! Handlers and the follower write through it, under the lock of the tournament.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::ShiftName;
use matchday_store::{NewEvent, Record, StoreError, Tx};

use crate::{
    Error,
    domain::{
        alerts::Alerts,
        assignment::{Assignment, State},
        duty::Duty,
        limits::Limits,
        phase::Phases,
        refusal::Refusal,
        shift::Shift,
    },
    hours,
    store::{
        assignments::{self, AssignmentRow},
        hours::HoursRow,
        limits::limits,
        phases::phases,
        shifts::{self, ShiftRow},
    },
};

/// What became of a shift, beside its counters and alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Nothing,
    Planned,
    Changed,
    Cancelled,
}

/// A shift as it is now, and as it was read.
struct Entry {
    row: ShiftRow,
    read: Option<ShiftRow>,
    news: News,
}

/// Somebody on a shift, with what the person does there and altogether.
struct Worker<'a> {
    volunteer: &'a str,
    duty: &'a Duty,
    duties: &'a [Duty],
}

/// See the module.
pub(crate) struct Roster {
    tournament: String,
    limits: Limits,
    phases: Phases,
    shifts: BTreeMap<String, Entry>,
    /// New assignments, written together at the end.
    made: Vec<AssignmentRow>,
    /// Assignments as they are now, in the order written.
    changed: Vec<AssignmentRow>,
    /// Entries added to the ledgers of hours.
    served: Vec<HoursRow>,
    /// Volunteers whose work is to be looked at.
    looked_at: BTreeSet<String>,
}

impl Roster {
    /// Opens the roster of a tournament.
    pub(crate) async fn open(tx: &mut Tx, tournament: &str) -> Result<Self, StoreError> {
        Ok(Self {
            tournament: tournament.to_owned(),
            limits: limits(tx, tournament).await?,
            phases: phases(tx, tournament).await?,
            shifts: BTreeMap::new(),
            made: Vec::new(),
            changed: Vec::new(),
            served: Vec::new(),
            looked_at: BTreeSet::new(),
        })
    }

    /// Name of the tournament.
    pub(crate) fn tournament(&self) -> &str {
        &self.tournament
    }

    /// The limits in force.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The phases of its days.
    pub(crate) fn phases(&self) -> &Phases {
        &self.phases
    }

    /// Refuses to plan who is on a shift of a day whose roster stands.
    ///
    /// # Errors
    /// `ROSTER_PHASE`
    pub(crate) fn check_plan(&self, shift: &Shift) -> Result<(), Refusal> {
        self.phases.check_plan(shift, &self.limits.zone)
    }

    /// A shift as it is now; it must exist.
    pub(crate) async fn shift(&mut self, tx: &mut Tx, name: &str) -> Result<Shift, StoreError> {
        if !self.shifts.contains_key(name) {
            let row = ShiftRow::get(tx, name).await?;
            self.know(row);
        }
        self.shifts[name].row.shift()
    }

    /// Takes up a shift that was read, unless it is known already.
    pub(crate) fn know(&mut self, row: ShiftRow) {
        let entry = |row: ShiftRow| Entry { read: Some(row.clone()), row, news: News::Nothing };
        self.shifts.entry(row.name.clone()).or_insert_with(|| entry(row));
    }

    /// Whether a shift of this name was taken up.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.shifts.contains_key(name)
    }

    /// Plans a new shift.
    pub(crate) fn plan(&mut self, row: ShiftRow) {
        self.shifts.insert(row.name.clone(), Entry { row, read: None, news: News::Planned });
    }

    /// Changes a shift that was taken up; its counters and alerts stay the roster's.
    pub(crate) fn change(&mut self, row: ShiftRow) {
        self.put_shift(row, News::Changed);
    }

    /// Cancels a shift that was taken up.
    pub(crate) fn cancel(&mut self, mut row: ShiftRow) {
        row.state = pb::ShiftState::Cancelled.into();
        self.put_shift(row, News::Cancelled);
    }

    fn put_shift(&mut self, row: ShiftRow, news: News) {
        self.know(row.clone());
        if let Some(entry) = self.shifts.get_mut(&row.name) {
            let seats = entry.row.seats();
            entry.row = row;
            entry.row.set_seats(seats);
            entry.news = news;
        }
    }

    /// Looks at the work of volunteers at the end, although their assignments do not change.
    pub(crate) fn look_at(&mut self, volunteers: impl IntoIterator<Item = String>) {
        self.looked_at.extend(volunteers);
    }

    /// Puts an assignment on its shift, which was taken up; `read` is its row so far. Returns its row.
    pub(crate) async fn put(
        &mut self,
        tx: &mut Tx,
        assignment: Assignment,
        read: Option<&AssignmentRow>,
    ) -> Result<AssignmentRow, Error> {
        let former = read.map(AssignmentRow::assignment).transpose()?.map(|former| former.state);
        let shift: ShiftName = assignment.name.parent();
        let time = self.shift(tx, shift.as_str()).await?.time;
        if let Some(entry) = self.shifts.get_mut(shift.as_str()) {
            entry.row.set_seats(entry.row.seats().count(former, assignment.state));
        }
        if former == Some(State::SignedIn) && assignment.state.is_worked() {
            self.served.extend(hours::serve(tx, &assignment, &time, &self.limits.zone).await?);
        }
        let mut row = AssignmentRow::of(assignment, &time, read);
        if read.is_some() {
            row = row.save(tx).await?;
        } else {
            row.stamp(tx.now().as_micros());
            self.made.push(row.clone());
        }
        self.looked_at.insert(row.volunteer.clone());
        self.changed.push(row.clone());
        Ok(row)
    }

    /// Writes what was put, looks at the limits of everybody concerned, and says what happened.
    pub(crate) async fn close(mut self, tx: &mut Tx) -> Result<(), Error> {
        assignments::insert_all(tx, &self.made).await?;
        self.look(tx).await?;
        let with_assignments: BTreeSet<&str> = self.changed.iter().map(|row| row.shift.as_str()).collect();
        let mut now: BTreeMap<String, pb::Shift> = BTreeMap::new();
        let mut planned: Vec<ShiftRow> = Vec::new();
        for (name, Entry { row, read, news }) in self.shifts {
            let shift = match read {
                None => {
                    let mut row = row;
                    row.stamp(tx.now().as_micros());
                    planned.push(row.clone());
                    let shift = pb::Shift::from(row);
                    emit(tx, &self.tournament, &name, &pb::ShiftPlanned { shift: Some(shift.clone()) });
                    shift
                }
                Some(read) if read == row => row.into(),
                Some(read) => {
                    let has_other_alerts =
                        read.alerts != row.alerts && !with_assignments.contains(name.as_str());
                    let shift: pb::Shift = row.save(tx).await?.into();
                    if news == News::Cancelled {
                        emit(tx, &self.tournament, &name, &pb::ShiftCancelled { shift: Some(shift.clone()) });
                    } else if news == News::Changed || has_other_alerts {
                        let (shift, previous) = (Some(shift.clone()), Some(read.into()));
                        emit(tx, &self.tournament, &name, &pb::ShiftChanged { shift, previous });
                    }
                    shift
                }
            };
            now.insert(name, shift);
        }
        shifts::insert_all(tx, &planned).await?;
        for row in self.changed {
            let (name, shift) = (row.name.clone(), now.get(&row.shift).cloned());
            // what people say of themselves is read where it stands, and kept by no log
            let is_own = row.assignment()?.state == State::Declined;
            let row = AssignmentRow { reason: if is_own { String::new() } else { row.reason }, ..row };
            emit(tx, &self.tournament, &name, &pb::AssignmentChanged { assignment: Some(row.into()), shift });
        }
        hours::tell(tx, &self.tournament, self.served);
        Ok(())
    }

    /// Looks at the limits: of shifts that have changed, and of the work of everybody concerned.
    async fn look(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let volunteers: Vec<&str> = self.looked_at.iter().map(String::as_str).collect();
        let duties = assignments::duties(tx, &volunteers).await?;
        let concerned: BTreeSet<&str> = duties.values().flatten().map(|duty| duty.shift.as_str()).collect();
        let unknown: Vec<&str> =
            concerned.into_iter().filter(|name| !self.shifts.contains_key(*name)).collect();
        for row in shifts::named(tx, &unknown).await? {
            self.know(row);
        }
        let mut on_shift: BTreeMap<&str, Vec<Worker<'_>>> = BTreeMap::new();
        for (volunteer, duties) in &duties {
            for duty in duties {
                on_shift.entry(duty.shift.as_str()).or_default().push(Worker { volunteer, duty, duties });
            }
        }
        let mut moved: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in &self.changed {
            moved.entry(&row.shift).or_default().push(&row.volunteer);
        }
        for (name, entry) in &mut self.shifts {
            let mut alerts = Alerts::read(&entry.row.alerts);
            for volunteer in moved.remove(name.as_str()).unwrap_or_default() {
                alerts.forget(volunteer);
            }
            for Worker { volunteer, duty, duties } in on_shift.remove(name.as_str()).unwrap_or_default() {
                alerts.look_at(volunteer, &self.limits, name, &duty.time, duties);
            }
            if entry.news != News::Nothing {
                alerts.look_at_shift(&self.limits, &entry.row.time()?);
            }
            let alerts = if entry.row.is_cancelled() { Alerts::default() } else { alerts };
            entry.row.alerts = alerts.to_string();
        }
        Ok(())
    }
}

/// An event of a shift or an assignment of a tournament.
pub(crate) fn emit<M: prost::Name>(tx: &mut Tx, tournament: &str, resource: &str, payload: &M) {
    tx.emit(NewEvent::new(resource, Some(&tournament), payload));
}
