//! Shifts beside the service plan: made by hand, many at once, and called off again.

use std::collections::BTreeSet;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, ShiftName, Slug, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::fields::{Faults, name_of};
use crate::{
    Error,
    domain::{refusal::Refusal, shift::MOST_PEOPLE},
    roster::Roster,
    store::{
        assignments,
        shifts::{self, ShiftRow},
    },
};

/// Shifts made or called off in one call.
const MOST_SHIFTS: usize = 500;
/// Skills and languages of a shift, each.
const MOST_WORDS: usize = 20;
/// What becomes of those who hold a shift that is called off.
const CALLED_OFF: &str = "the shift was called off";

/// Shifts to make, read and checked.
pub(crate) struct Create {
    tournament: TournamentName,
    rows: Vec<ShiftRow>,
}

impl Create {
    pub(crate) fn parse(request: &pb::CreateShiftsRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        if request.shifts.is_empty() || request.shifts.len() > MOST_SHIFTS {
            let problem = format!("are {}; 1 to {MOST_SHIFTS} are needed", request.shifts.len());
            return Err(Common::field("shifts", problem).into());
        }
        let (mut faults, mut names) = (Faults::default(), BTreeSet::new());
        let mut rows = Vec::with_capacity(request.shifts.len());
        for (index, shift) in request.shifts.iter().enumerate() {
            let row = row(&mut faults, index, shift, &tournament);
            if !row.name.is_empty() && !names.insert(row.name.clone()) {
                faults.add(format!("shifts[{index}].name"), "stands before already");
            }
            rows.push(row);
        }
        faults.check()?;
        Ok(Self { tournament, rows })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CreateShiftsResponse, Error> {
        let names: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
        if let Some(known) = shifts::named(tx, &names).await?.first() {
            return Err(Common::already_exists(&known.name).into());
        }
        if let Some(past) = self.rows.iter().find(|row| row.ends <= tx.now().as_micros()) {
            return Err(Common::field("shifts", format!("are to come: {} is over", past.name)).into());
        }
        let mut roster = Roster::open(tx, self.tournament.as_str()).await?;
        let names: Vec<String> = self.rows.iter().map(|row| row.name.clone()).collect();
        for row in self.rows {
            roster.plan(row);
        }
        roster.close(tx).await?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut made = shifts::named(tx, &names).await?;
        made.sort_by(|one, other| (one.starts, &one.name).cmp(&(other.starts, &other.name)));
        Ok(pb::CreateShiftsResponse { shifts: made.into_iter().map(Into::into).collect() })
    }
}

fn row(faults: &mut Faults, index: usize, shift: &pb::NewShift, tournament: &TournamentName) -> ShiftRow {
    let field = |name: &str| format!("shifts[{index}].{name}");
    let name = name_of::<ShiftName>(&field("name"), &shift.name, tournament, ShiftName::parent);
    let time = parse::interval(&field(""), shift.start_time, shift.end_time).map(Some);
    let (starts, ends) =
        faults.take(time).map_or((0, 0), |time| (time.start().as_micros(), time.end().as_micros()));
    if !(1..=MOST_PEOPLE).contains(&shift.headcount) {
        faults.add(field("headcount"), format!("must lie between 1 and {MOST_PEOPLE}"));
    }
    let mut words = |name: &str, words: &[String]| {
        if words.len() > MOST_WORDS {
            faults.add(field(name), format!("are more than {MOST_WORDS}"));
        }
        for word in words.iter().take(MOST_WORDS) {
            faults.take(parse::text_as::<Slug>(&field(name), word).map(Some));
        }
        words.join(" ")
    };
    let (skills, languages) = (words("skills", &shift.skills), words("languages", &shift.languages));
    ShiftRow {
        name: faults.take(name),
        tournament: tournament.to_string(),
        title: faults.take(parse::required_text(&field("title"), &shift.title)),
        place: faults.take(parse::optional_text(&field("place"), &shift.place)),
        starts,
        ends,
        planned_starts: starts,
        planned_ends: ends,
        headcount: shift.headcount,
        skills,
        languages,
        reserve: shift.reserve.into(),
        state: pb::ShiftState::Planned.into(),
        ..ShiftRow::default()
    }
}

/// Shifts to call off, read and checked.
pub(crate) struct CallOff {
    tournament: TournamentName,
    names: BTreeSet<String>,
}

impl CallOff {
    pub(crate) fn parse(request: &pb::CancelShiftsRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        if request.names.is_empty() || request.names.len() > MOST_SHIFTS {
            let problem = format!("are {}; 1 to {MOST_SHIFTS} are needed", request.names.len());
            return Err(Common::field("names", problem).into());
        }
        let name = |text: &String| name_of::<ShiftName>("names", text, &tournament, ShiftName::parent);
        let names = request.names.iter().map(name).collect::<Result<_, _>>()?;
        Ok(Self { tournament, names })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CancelShiftsResponse, Error> {
        let (now, change) = (tx.now(), tx.change().to_owned());
        let mut roster = Roster::open(tx, self.tournament.as_str()).await?;
        for name in &self.names {
            let row = ShiftRow::get(tx, name).await?;
            let shift = row.shift()?;
            let problem = if !row.occasion.is_empty() {
                Some(("of the service plan", "change the plan, or cancel its activity"))
            } else if shift.is_cancelled {
                Some(("cancelled", "there is nothing to call off"))
            } else if shift.has_begun(now) {
                Some(("begun", "sign out those who are there"))
            } else {
                None
            };
            if let Some((state, next)) = problem {
                return Err(Refusal::ShiftState { shift: shift.name, state, next }.into());
            }
            roster.know(row.clone());
            roster.cancel(row);
            for held in assignments::of_shift(tx, name).await? {
                if let Ok(called_off) = held.assignment()?.call_off(CALLED_OFF.to_owned(), &change) {
                    roster.put(tx, called_off, Some(&held)).await?;
                }
            }
        }
        roster.close(tx).await?;
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let shifts = shifts::named(tx, &names).await?;
        Ok(pb::CancelShiftsResponse { shifts: shifts.into_iter().map(Into::into).collect() })
    }
}
