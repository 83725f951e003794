//! Deriving the shifts of activities and sessions anew, and what becomes of those who hold them.
//!
//! All shifts that an event touches change first, and only then are overlaps looked for: two shifts that move
//! together still fit. A change may come as several events; what an earlier one broke and a later one sets right is
//! mended.

use std::collections::{BTreeMap, BTreeSet};

use matchday_agenda::{Occasion, work_id};
use matchday_api::{scheduling::v1 as scheduling, volunteers::v1 as pb};
use matchday_kernel::{Instant, Interval, ShiftName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::{
        clash::{clashes, surplus},
        eligibility::Eligibility,
        person::Person,
        shift::Shift,
    },
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        shifts::{self, ShiftRow},
        volunteers,
    },
};

/// A post that an activity or a session needs, and when.
pub(crate) struct Wanted<'a> {
    post: &'a scheduling::Post,
    time: Interval,
    planned: Interval,
}

/// The posts that an activity or a session needs, and why others cannot be told, one sentence each.
pub(crate) fn wanted(occasion: &Occasion) -> (Vec<Wanted<'_>>, Vec<String>) {
    let (mut wanted, mut problems) = (Vec::new(), Vec::new());
    let class = occasion.class.as_ref().filter(|_| occasion.takes_place);
    for post in class.map_or(&[][..], |class| class.posts.as_slice()) {
        match occasion.interval(&post.start, &post.end, post.on_delay()) {
            Ok(time) => {
                let planned = occasion.planned(&post.start, &post.end).unwrap_or(time);
                wanted.push(Wanted { post, time, planned });
            }
            Err(problem) => problems.push(format!("post {}: {problem}", post.id)),
        }
    }
    (wanted, problems)
}

/// A shift that was changed or cancelled, as it was.
struct Touched {
    was: ShiftRow,
    is_retimed: bool,
}

/// Derives the shifts of these occasions, all of one tournament, as of `now`.
pub(crate) async fn replan(
    tx: &mut Tx,
    occasions: &[Occasion],
    now: Instant,
    change: &str,
) -> Result<(), Error> {
    let Some(first) = occasions.first() else {
        return Ok(());
    };
    let mut roster = Roster::open(tx, &first.tournament).await?;
    let names: Vec<&str> = occasions.iter().map(|occasion| occasion.name.as_str()).collect();
    let mut rows = shifts::of_occasions(tx, &names).await?;
    let used = if occasions.iter().any(|occasion| needs_new(occasion, &rows)) {
        shifts::names(tx, &first.tournament).await?
    } else {
        BTreeSet::new()
    };
    let mut touched = Vec::new();
    for occasion in occasions {
        // whatever comes twice is derived once
        let rows = rows.remove(&occasion.name).unwrap_or_default();
        derive(&mut roster, occasion, rows, &used, now, &mut touched)?;
    }
    for one in touched.iter().filter(|one| one.is_retimed) {
        let time = roster.shift(tx, &one.was.name).await?.time;
        assignments::retime(tx, &one.was.name, &time).await?;
    }
    // most shifts of a plan that is applied again have nobody on them yet
    for one in touched.iter().filter(|one| one.was.taken > 0 || one.was.broken > 0) {
        settle(tx, &mut roster, &one.was.name, change).await?;
    }
    let retimed = touched.iter().filter(|one| one.is_retimed).map(|one| one.was.name.clone()).collect();
    part(tx, &mut roster, retimed, change).await?;
    if !change.is_empty() {
        mend(tx, &mut roster, &first.tournament, change).await?;
    }
    roster.close(tx).await
}

/// Compares what an occasion needs with the shifts it has. `used` are names that shifts have.
fn derive(
    roster: &mut Roster,
    occasion: &Occasion,
    mut rows: Vec<ShiftRow>,
    used: &BTreeSet<String>,
    now: Instant,
    touched: &mut Vec<Touched>,
) -> Result<(), Error> {
    for wanted in wanted(occasion).0 {
        let Some(index) = rows.iter().position(|row| row.post == wanted.post.id) else {
            let name = free_name(roster, occasion, &wanted.post.id, used)?;
            let blank = ShiftRow { name, ..ShiftRow::default() };
            roster.plan(described(blank, occasion, &wanted, wanted.time));
            continue;
        };
        let row = rows.swap_remove(index);
        let shift = row.shift()?;
        let begun = (!shift.is_cancelled && shift.has_begun(now)).then_some(shift.time);
        let time = matchday_agenda::follow(wanted.time, wanted.post.on_delay(), begun);
        let is_over = begun.is_some() && time.end() <= now;
        let changed = described(row.clone(), occasion, &wanted, time);
        if is_over || changed == row {
            continue;
        }
        roster.know(row.clone());
        roster.change(changed);
        touched.push(Touched { is_retimed: time != shift.time, was: row });
    }
    for row in rows {
        let shift = row.shift()?;
        if !shift.is_cancelled && !shift.has_begun(now) {
            roster.know(row.clone());
            roster.cancel(row.clone());
            touched.push(Touched { was: row, is_retimed: false });
        }
    }
    Ok(())
}

/// A name for the shift of a post.
fn name(occasion: &Occasion, post: &str, attempt: u32) -> Result<String, Error> {
    let tournament: TournamentName = parse::text_as("tournament", &occasion.tournament)?;
    Ok(ShiftName::new(&tournament, work_id(&occasion.name, post, attempt)).to_string())
}

/// Whether an occasion needs a shift that it does not have.
fn needs_new(occasion: &Occasion, rows: &BTreeMap<String, Vec<ShiftRow>>) -> bool {
    let has = |post: &str| rows.get(&occasion.name).into_iter().flatten().any(|row| row.post == post);
    wanted(occasion).0.iter().any(|wanted| !has(&wanted.post.id))
}

/// A name for a new shift that no other one has: long ids are cut, so that two posts may come to the same one.
fn free_name(
    roster: &Roster,
    occasion: &Occasion,
    post: &str,
    used: &BTreeSet<String>,
) -> Result<String, Error> {
    let mut attempt = 0;
    loop {
        let name = name(occasion, post, attempt)?;
        if !roster.knows(&name) && !used.contains(&name) {
            return Ok(name);
        }
        attempt += 1;
    }
}

/// The row of a shift with all that the plan and the occasion say of it. One that is planned anew, or comes to
/// another unit, has no headcount reported.
fn described(row: ShiftRow, occasion: &Occasion, wanted: &Wanted<'_>, time: Interval) -> ShiftRow {
    let Wanted { post, planned, .. } = wanted;
    let is_same_work = !row.is_cancelled() && row.unit == post.unit;
    ShiftRow {
        tournament: occasion.tournament.clone(),
        title: post.title.clone(),
        occasion: occasion.name.clone(),
        post: post.id.clone(),
        place: occasion.item_place(&post.zone),
        starts: time.start().as_micros(),
        ends: time.end().as_micros(),
        planned_starts: planned.start().as_micros(),
        planned_ends: planned.end().as_micros(),
        headcount: post.headcount,
        unit: post.unit.clone(),
        reported: row.reported.filter(|_| is_same_work),
        skills: post.skills.join(" "),
        languages: post.languages.join(" "),
        state: pb::ShiftState::Planned.into(),
        plan: occasion.plan.clone(),
        reserve: post.reserve.into(),
        ..row
    }
}

/// Settles who stays on a shift that was changed or cancelled, apart from overlaps.
async fn settle(tx: &mut Tx, roster: &mut Roster, name: &str, change: &str) -> Result<(), Error> {
    let shift = roster.shift(tx, name).await?;
    let mut rows = assignments::of_shift(tx, name).await?;
    let called_off = if shift.is_cancelled {
        Some(
            "the shift was cancelled: it is not needed any more, or its activity does not take place"
                .to_owned(),
        )
    } else if shift.unit.is_empty() {
        None
    } else {
        Some(format!("the unit {} brings the people now", shift.unit))
    };
    if let Some(reason) = called_off {
        for row in rows {
            if let Ok(called_off) = row.assignment()?.call_off(reason.clone(), change) {
                roster.put(tx, called_off, Some(&row)).await?;
            }
        }
        return Ok(());
    }
    let people = people(tx, &rows).await?;
    let limits = roster.limits().clone();
    for row in &mut rows {
        let person = people.get(&row.volunteer);
        let missing = person.and_then(|person| {
            let eligibility = Eligibility::of(&shift, &limits);
            Some(eligibility.refusal(&person.name, eligibility.missing(person)?))
        });
        if let Some(refusal) = missing
            && let Ok(broken) = row.assignment()?.break_off(refusal.to_string(), change)
        {
            *row = roster.put(tx, broken, Some(row)).await?;
        }
    }
    let states = rows.iter().map(|row| Ok((row.assignment()?.state, row.name.as_str())));
    let shift = roster.shift(tx, name).await?;
    let too_many: BTreeSet<String> =
        surplus(&shift, states.collect::<Result<_, Error>>()?).into_iter().map(str::to_owned).collect();
    for row in rows.iter().filter(|row| too_many.contains(&row.name)) {
        let reason = "the plan asks for fewer people".to_owned();
        roster.put(tx, row.assignment()?.call_off(reason, change)?, Some(row)).await?;
    }
    // the plan may have other limits, or the shift another time
    roster.look_at(rows.into_iter().map(|row| row.volunteer));
    Ok(())
}

async fn people(tx: &mut Tx, rows: &[AssignmentRow]) -> Result<BTreeMap<String, Person>, Error> {
    let ahead = rows.iter().map(|row| Ok((row.assignment()?.state.is_ahead(), row.volunteer.as_str())));
    let ahead = ahead.collect::<Result<Vec<_>, Error>>()?;
    let names: Vec<&str> =
        ahead.into_iter().filter_map(|(is_ahead, name)| is_ahead.then_some(name)).collect();
    let people = volunteers::people_named(tx, &names).await?;
    Ok(people.into_iter().map(|person| (person.name.clone(), person)).collect())
}

/// Parts people from assignments that overlap with others since their shifts have another time.
async fn part(
    tx: &mut Tx,
    roster: &mut Roster,
    retimed: BTreeSet<String>,
    change: &str,
) -> Result<(), Error> {
    let mut concerned = BTreeSet::new();
    for shift in &retimed {
        for row in assignments::of_shift(tx, shift).await? {
            if row.assignment()?.state.holds_person() {
                concerned.insert(row.volunteer);
            }
        }
    }
    let names: Vec<&str> = concerned.iter().map(String::as_str).collect();
    for (volunteer, duties) in assignments::duties(tx, &names).await? {
        for clash in clashes(&duties, &retimed) {
            let id = volunteer.rsplit('/').next().unwrap_or_default();
            let row = AssignmentRow::get(tx, &format!("{}/assignments/{id}", clash.shift)).await?;
            let broken = row.assignment()?.break_off(clash.reason(), change)?;
            roster.put(tx, broken, Some(&row)).await?;
        }
    }
    Ok(())
}

/// Gives assignments back that earlier events of the same change broke, where they fit again.
async fn mend(tx: &mut Tx, roster: &mut Roster, tournament: &str, change: &str) -> Result<(), Error> {
    for row in assignments::broken_by(tx, tournament, change).await? {
        let shift: Shift = roster.shift(tx, &row.shift).await?;
        if shift.is_cancelled || shift.open_seats() == 0 {
            continue;
        }
        let people = volunteers::people_named(tx, &[&row.volunteer]).await?;
        let duties = assignments::duties_of(tx, &row.volunteer).await?;
        let limits = roster.limits().clone();
        let eligibility = Eligibility::of(&shift, &limits);
        let fits =
            |person: &Person| eligibility.missing(person).is_none() && eligibility.taken(&duties).is_none();
        if people.iter().all(fits) {
            roster.put(tx, row.assignment()?.mend()?, Some(&row)).await?;
        }
    }
    Ok(())
}
