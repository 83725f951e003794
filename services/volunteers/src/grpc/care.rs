//! The steps of `DutyService`: breaks, meals and equipment of people on duty, and the rules of it.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{AssignmentName, Common, Instant, SignedDuration, Slug, TournamentName, civil::Date};
use matchday_rpc::parse::{self, micros_to_timestamp, to_timestamp};
use matchday_store::{Conn, Record, Tx};

use super::hours::time_of_day;
use crate::{
    Error,
    domain::{
        assignment::State,
        care::{Breaks, Meal, Refusal},
    },
    roster::emit,
    store::{
        assignments::{self, AssignmentRow},
        care,
        limits::zone,
        shifts::ShiftRow,
    },
};

/// Meals of a day at most.
const MOST_MEALS: usize = 6;
/// Minutes on duty after which a break is due, where nobody has set any. Assumed; nobody has confirmed it.
const BREAK_AFTER: i32 = 240;
/// Highest number of minutes of a rule: 12 hours.
const LONGEST: i32 = 720;

/// The rules in force of a tournament, assumed ones where nobody has set any.
pub(super) async fn rules(conn: &mut Conn, tournament: &str) -> Result<pb::DutyRules, Error> {
    let meal = |id: &str, start: &str, end: &str| pb::Meal {
        id: id.into(),
        start: start.into(),
        end: end.into(),
        least_minutes: 30,
    };
    let assumed = || pb::DutyRules {
        break_after_minutes: BREAK_AFTER,
        meals: vec![meal("lunch", "11:00", "13:30"), meal("dinner", "17:00", "19:30")],
        source: String::new(),
    };
    Ok(care::rules(conn, tournament).await?.unwrap_or_else(assumed))
}

/// The meals of rules.
fn meals(rules: &pb::DutyRules) -> Result<Vec<Meal>, Error> {
    let meal = |(number, meal): (usize, &pb::Meal)| {
        let of = |field: &str| format!("rules.meals[{number}].{field}");
        let id: Slug = parse::text_as(&of("id"), &meal.id)?;
        let (start, end) = (time_of_day(&of("start"), &meal.start)?, time_of_day(&of("end"), &meal.end)?);
        if end <= start {
            return Err(Common::field(of("end"), "is not later on the same day than the start").into());
        }
        check_minutes(&of("least_minutes"), meal.least_minutes, 1)?;
        let least = SignedDuration::from_mins(meal.least_minutes.into());
        Ok(Meal { id: id.to_string(), start, end, least })
    };
    rules.meals.iter().enumerate().map(meal).collect()
}

fn check_minutes(field: &str, minutes: i32, least: i32) -> Result<(), Error> {
    if (least..=LONGEST).contains(&minutes) {
        return Ok(());
    }
    Err(Common::field(field, format!("must lie between {least} and {LONGEST}")).into())
}

/// Rules to set, read and checked.
pub(crate) struct SetRules {
    tournament: TournamentName,
    rules: pb::DutyRules,
}

impl SetRules {
    pub(crate) fn parse(request: pb::SetDutyRulesRequest) -> Result<Self, Error> {
        let rules = request.rules.ok_or_else(|| Common::field("rules", "must be given"))?;
        parse::required_text("rules.source", &rules.source)?;
        check_minutes("rules.break_after_minutes", rules.break_after_minutes, 30)?;
        let ids: BTreeSet<String> = meals(&rules)?.into_iter().map(|meal| meal.id).collect();
        if ids.len() != rules.meals.len() || ids.len() > MOST_MEALS {
            let problem = format!("must be at most {MOST_MEALS}, each with an id of its own");
            return Err(Common::field("rules.meals", problem).into());
        }
        Ok(Self { tournament: parse::text_as("parent", &request.parent)?, rules })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetDutyRulesResponse, Error> {
        let tournament = self.tournament.as_str();
        care::set_rules(tx, tournament, &self.rules).await?;
        let rules = Some(self.rules);
        emit(tx, tournament, tournament, &pb::DutyRulesSet { rules: rules.clone() });
        Ok(pb::SetDutyRulesResponse { rules })
    }
}

/// What is done for somebody on duty.
pub(crate) enum Step {
    /// A break begins.
    StartBreak,
    /// It is over.
    EndBreak,
    /// The person gets a meal, by id.
    Meal(String),
}

/// A step for somebody on duty, read and checked.
pub(crate) struct Care {
    name: AssignmentName,
    step: Step,
}

impl Care {
    pub(crate) fn parse(name: &str, step: Step) -> Result<Self, Error> {
        Ok(Self { name: parse::text_as("name", name)?, step })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent().parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::OnDuty, Error> {
        let tournament = self.tournament();
        let (row, now) = (on_duty(tx, &self.name).await?, tx.now());
        let breaks = care::breaks(tx, &row.shift).await?.remove(&row.name).unwrap_or_default();
        let is_on_break =
            breaks.since.zip(row.assignment()?.signed_in).is_some_and(|(since, from)| since >= from);
        match self.step {
            Step::StartBreak => {
                if is_on_break {
                    return Err(Refusal::of(&row.name, "has a break already: end it first").into());
                }
                care::begin_break(tx, &row.name).await?;
                tell_break(tx, tournament.as_str(), &row.name, true);
            }
            Step::EndBreak => {
                if !is_on_break {
                    return Err(Refusal::of(&row.name, "has no break now: begin one first").into());
                }
                care::end_break(tx, &row.name).await?;
                tell_break(tx, tournament.as_str(), &row.name, false);
            }
            Step::Meal(meal) => give(tx, &tournament, &row, &meal).await?,
        }
        let told = on_duty_now(tx, tournament.as_str(), &row.shift, now).await?;
        let told = told.into_iter().find(|one| one.assignment == row.name);
        Ok(told.ok_or_else(|| Common::not_found(&row.name))?)
    }
}

fn tell_break(tx: &mut Tx, tournament: &str, assignment: &str, on_break: bool) {
    emit(tx, tournament, assignment, &pb::BreakChanged { assignment: assignment.to_owned(), on_break });
}

/// Somebody who is signed in.
async fn on_duty(tx: &mut Tx, name: &AssignmentName) -> Result<AssignmentRow, Error> {
    let row = AssignmentRow::get(tx, name.as_str()).await?;
    let state = row.assignment()?.state;
    if state != State::SignedIn {
        let problem = format!("is {}: sign the volunteer in first", state.in_words());
        return Err(Refusal::of(&row.name, problem).into());
    }
    Ok(row)
}

/// Gives somebody a meal of today.
async fn give(
    tx: &mut Tx,
    tournament: &TournamentName,
    row: &AssignmentRow,
    meal: &str,
) -> Result<(), Error> {
    let zone = zone(tx, tournament.as_str()).await?;
    let meals = meals(&rules(tx, tournament.as_str()).await?)?;
    let Some(known) = meals.iter().find(|one| one.id == meal) else {
        let ids: Vec<&str> = meals.iter().map(|one| one.id.as_str()).collect();
        return Err(Common::field("meal", format!("{meal:?} is none of {}", ids.join(", "))).into());
    };
    let (day, shift) = (zone.local_date(tx.now()), ShiftRow::get(tx, &row.shift).await?.shift()?);
    if !known.is_for(&shift.time, day, &zone) {
        let problem = format!("does not entitle to {meal} on {day}: too little of the shift lies within");
        return Err(Refusal::of(&row.name, problem).into());
    }
    if !care::give_meal(tx, (&row.volunteer, &row.name), day, meal).await? {
        let problem = format!("is of somebody who has had {meal} on {day}");
        return Err(Refusal::of(&row.name, problem).into());
    }
    let event = pb::MealGiven { assignment: row.name.clone(), meal: meal.to_owned(), day: day.to_string() };
    emit(tx, tournament.as_str(), &row.name, &event);
    Ok(())
}

/// An item to hand out or to take back, read and checked.
pub(crate) struct Handing {
    tournament: TournamentName,
    item: Slug,
    /// Who gets it; `None` when it comes back.
    to: Option<AssignmentName>,
}

impl Handing {
    pub(crate) fn issue(request: &pb::IssueEquipmentRequest) -> Result<Self, Error> {
        let name: AssignmentName = parse::text_as("name", &request.name)?;
        let item = parse::text_as("item", &request.item)?;
        Ok(Self { tournament: name.parent().parent(), item, to: Some(name) })
    }

    pub(crate) fn take_back(request: &pb::ReturnEquipmentRequest) -> Result<Self, Error> {
        let item = parse::text_as("item", &request.item)?;
        Ok(Self { tournament: parse::text_as("parent", &request.parent)?, item, to: None })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Equipment, Error> {
        let (tournament, item) = (self.tournament.as_str(), self.item.as_str());
        let holder = care::holder(tx, tournament, item).await?;
        let (assignment, since, out) = match (self.to, holder) {
            (Some(_), Some((assignment, _))) => {
                let problem = format!("is with {assignment}: take it back first");
                return Err(Refusal::of(item, problem).into());
            }
            (None, None) => {
                return Err(Refusal::of(item, "is with nobody: it was not issued, or is back").into());
            }
            (Some(name), None) => {
                let row = on_duty(tx, &name).await?;
                care::issue(tx, tournament, item, &row.name).await?;
                (row.name, tx.now().as_micros(), true)
            }
            (None, Some((assignment, since))) => {
                care::take_back(tx, tournament, item).await?;
                (assignment, since, false)
            }
        };
        let equipment = pb::Equipment {
            item: item.to_owned(),
            assignment: assignment.clone(),
            issue_time: Some(micros_to_timestamp(since)),
            overdue: false,
        };
        let event = pb::EquipmentChanged { equipment: Some(equipment.clone()), out };
        emit(tx, tournament, &assignment, &event);
        Ok(equipment)
    }
}

/// The items that are out, the longest first.
pub(crate) async fn equipment(conn: &mut Conn, tournament: &str) -> Result<Vec<pb::Equipment>, Error> {
    let mut there = BTreeSet::new();
    for row in signed_in(conn, tournament).await? {
        there.insert(row.name);
    }
    let items = care::equipment(conn, tournament).await?.into_iter();
    let told = items.map(|(item, assignment, since)| pb::Equipment {
        overdue: !there.contains(&assignment),
        issue_time: Some(micros_to_timestamp(since)),
        item,
        assignment,
    });
    Ok(told.collect())
}

/// Who is signed in on shifts of a tournament or of one shift.
async fn signed_in(conn: &mut Conn, ancestor: &str) -> Result<Vec<AssignmentRow>, Error> {
    Ok(assignments::in_state_below(conn, ancestor, State::SignedIn).await?)
}

/// How everybody stands who is signed in on shifts of a tournament or of one shift, those whose break is due first.
pub(crate) async fn on_duty_now(
    conn: &mut Conn,
    tournament: &str,
    ancestor: &str,
    now: Instant,
) -> Result<Vec<pb::OnDuty>, Error> {
    let rules = rules(conn, tournament).await?;
    let (meals, zone) = (meals(&rules)?, zone(conn, tournament).await?);
    let after = SignedDuration::from_mins(rules.break_after_minutes.into());
    let day = zone.local_date(now);
    let given = care::meals(conn, tournament, day).await?;
    let breaks = care::breaks(conn, ancestor).await?;
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (item, assignment, _) in care::equipment(conn, tournament).await? {
        held.entry(assignment).or_default().push(item);
    }
    let mut told = Vec::new();
    for row in signed_in(conn, ancestor).await? {
        let (assignment, time) = (row.assignment()?, row.time()?);
        let Some(signed_in) = assignment.signed_in else { continue };
        let breaks = breaks.get(&row.name).copied().unwrap_or_default();
        // one of a stay before the sign-in is over
        let breaks = Breaks { since: breaks.since.filter(|since| *since >= signed_in), ..breaks };
        let due = breaks.due(signed_in, after);
        let is_open = |meal: &&Meal| {
            meal.is_for(&time, day, &zone) && !given.contains(&(row.volunteer.clone(), meal.id.clone()))
        };
        told.push(pb::OnDuty {
            sign_in_time: Some(to_timestamp(signed_in)),
            break_start_time: breaks.since.map(to_timestamp),
            break_due_time: due.map(to_timestamp),
            break_due: due.is_some_and(|due| due <= now),
            meals_open: meals.iter().filter(is_open).map(|meal| meal.id.clone()).collect(),
            equipment: held.remove(&row.name).unwrap_or_default(),
            assignment: row.name,
        });
    }
    told.sort_by_key(|one| one.break_due_time.map_or((i64::MAX, 0), |due| (due.seconds, due.nanos)));
    Ok(told)
}

/// How many of each meal are to be expected on a day.
pub(crate) async fn forecast(
    conn: &mut Conn,
    tournament: &str,
    day: Date,
) -> Result<Vec<pb::MealForecast>, Error> {
    let meals = meals(&rules(conn, tournament).await?)?;
    let zone = zone(conn, tournament).await?;
    let given = care::meals(conn, tournament, day).await?;
    let mut entitled: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in assignments::of_tournament(conn, tournament).await? {
        if !row.assignment()?.state.is_accepted() {
            continue;
        }
        let time = row.time()?;
        for meal in meals.iter().filter(|meal| meal.is_for(&time, day, &zone)) {
            entitled.entry(&meal.id).or_default().insert(row.volunteer.clone());
        }
    }
    let count = |people: usize| i32::try_from(people).unwrap_or(i32::MAX);
    let told = meals.iter().map(|meal| pb::MealForecast {
        meal: meal.id.clone(),
        people: count(entitled.get(meal.id.as_str()).map_or(0, BTreeSet::len)),
        given: count(given.iter().filter(|(_, one)| *one == meal.id).count()),
    });
    Ok(told.collect())
}
