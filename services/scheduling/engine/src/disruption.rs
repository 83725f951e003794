//! What a disruption makes of an instance: the rest of the tournament is then placed afresh, what has begun stays.

use crate::model::{Closure, Ease, Instance, Minute, Side, Span, Timetable};
use crate::outcome::Disruption;
use crate::problem::held_by;
use crate::validate::{Code, Fault, MOST_MINUTES};

/// An instance after disruptions.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapted {
    /// The instance: what has begun is pinned and marked so, nothing begins before now, closures stand with
    /// the pitches.
    pub instance: Instance,
    /// Matches called off by these disruptions, by place in the list; they stand in
    /// [`Instance::cancelled`], too, and keep their place in timetables.
    pub cancelled: Vec<usize>,
}

/// Applies disruptions to the instance that a timetable in force was made for.
///
/// A match that kicked off before `now` stays where it is, and so do its officials; limits and closures are about what
/// is still to come.
///
/// # Errors
/// A disruption that names what is not there, or takes no time.
pub fn apply(
    instance: &Instance,
    timetable: &Timetable,
    now: Minute,
    disruptions: &[Disruption],
) -> Result<Adapted, Fault> {
    check_timetable(instance, timetable)?;
    check_time(now)?;
    let mut after = Adapted { instance: instance.clone(), cancelled: Vec::new() };
    for disruption in disruptions {
        one(&mut after, timetable, now, disruption)?;
    }
    freeze(&mut after.instance, timetable, now, true);
    Ok(after)
}

/// What of an instance is still open at a moment, beside a timetable in force: what has begun stays where it is, with its
/// officials, and nothing else begins before `now`.
///
/// # Errors
/// A timetable of another instance, and a time out of range.
pub fn present(instance: &Instance, timetable: &Timetable, now: Minute) -> Result<Instance, Fault> {
    check_timetable(instance, timetable)?;
    check_time(now)?;
    let mut open = instance.clone();
    freeze(&mut open, timetable, now, false);
    let steps = open.ladder.iter_mut().flat_map(|step| &mut step.changes);
    for change in steps {
        if let Ease::KickOffs(starts) = change {
            starts.retain(|start| *start >= now);
        }
    }
    Ok(open)
}

fn check_timetable(instance: &Instance, timetable: &Timetable) -> Result<(), Fault> {
    if timetable.places.len() != instance.matches.len() {
        return Err(fault(format!(
            "the timetable places {} matches and the tournament has {}: take the timetable that was made for it",
            timetable.places.len(),
            instance.matches.len()
        )));
    }
    if let Some(place) = timetable.places.iter().find(|place| place.pitch >= instance.pitches.len()) {
        return Err(fault(format!("the timetable names pitch {}, which is not there", place.pitch)));
    }
    Ok(())
}

fn fault(what: String) -> Fault {
    Fault { what, code: Code::Disruption }
}

/// Applies one disruption.
fn one(
    after: &mut Adapted,
    timetable: &Timetable,
    now: Minute,
    disruption: &Disruption,
) -> Result<(), Fault> {
    let instance = &mut after.instance;
    match disruption {
        Disruption::PitchLost { pitch, from, until, why } => {
            check_pitch(instance, *pitch)?;
            check_span(*from, *until)?;
            let span = Span { start: *from, end: *until };
            instance.pitches[*pitch].closed.push(Closure { span, why: why.clone() });
        }
        Disruption::Weather { venues, from, until, why } => {
            check_span(*from, *until)?;
            if let Some(unknown) =
                venues.iter().find(|venue| !instance.pitches.iter().any(|pitch| pitch.venue == **venue))
            {
                return Err(fault(format!("no pitch belongs to venue {unknown}")));
            }
            let span = Span { start: *from, end: *until };
            for pitch in &mut instance.pitches {
                if venues.is_empty() || venues.contains(&pitch.venue) {
                    pitch.closed.push(Closure { span, why: why.clone() });
                }
            }
        }
        Disruption::TeamWithdrawn { team } => {
            check_team(instance, *team)?;
            for (index, game) in instance.matches.iter_mut().enumerate() {
                if !game.sides.contains(&Side::Team(*team)) {
                    continue;
                }
                let over = timetable.places[index].start.saturating_add(game.length) <= now;
                if game.group.is_empty() {
                    for side in &mut game.sides {
                        if *side == Side::Team(*team) {
                            *side = Side::Open;
                        }
                    }
                } else if !over && !instance.cancelled.contains(&index) {
                    instance.cancelled.push(index);
                    after.cancelled.push(index);
                }
            }
        }
        Disruption::TeamReplaced { team, by } => {
            check_team(instance, *team)?;
            if instance.teams.iter().any(|other| other.id == *by) {
                return Err(fault(format!("team {by} is in the tournament already")));
            }
            let replaced = &mut instance.teams[*team];
            replaced.id.clone_from(by);
            // Nobody said where the new team lodges or comes from.
            replaced.country.clear();
            replaced.travel.clear();
            for official in &mut instance.officials {
                official.conflicts.retain(|conflict| conflict != team);
            }
        }
        Disruption::MatchOverruns { index, by } => {
            let Some(game) = instance.matches.get_mut(*index) else {
                return Err(fault(format!("match {index} that overruns is not there")));
            };
            if !(0..=1440).contains(by) {
                return Err(fault(format!("{} overruns by {by} minutes: say 0 to 1440", game.id)));
            }
            game.length = game.length.saturating_add(*by);
            game.occupied = game.occupied.saturating_add(*by);
        }
        Disruption::VenueSwapped { pitch, by } => {
            check_pitch(instance, *pitch)?;
            check_pitch(instance, *by)?;
            if pitch == by {
                return Err(fault(format!(
                    "pitch {} cannot be taken in its own place",
                    instance.pitches[*by].id
                )));
            }
            let why = format!("given up for {}", instance.pitches[*by].id);
            let span = Span { start: now, end: instance.end.max(now.saturating_add(1)) };
            instance.pitches[*pitch].closed.push(Closure { span, why });
            instance.pitches[*by].reserve = false;
            for game in &mut instance.matches {
                if let Some(pitches) = &mut game.pitches
                    && pitches.contains(pitch)
                    && !pitches.contains(by)
                {
                    pitches.push(*by);
                }
            }
        }
        Disruption::CapacityChanged { pitch, capacity } => {
            check_pitch(instance, *pitch)?;
            instance.pitches[*pitch].capacity = *capacity;
        }
    }
    Ok(())
}

fn check_pitch(instance: &Instance, pitch: usize) -> Result<(), Fault> {
    if pitch < instance.pitches.len() { Ok(()) } else { Err(fault(format!("pitch {pitch} is not there"))) }
}

fn check_team(instance: &Instance, team: usize) -> Result<(), Fault> {
    if team < instance.teams.len() { Ok(()) } else { Err(fault(format!("team {team} is not there"))) }
}

fn check_time(time: Minute) -> Result<(), Fault> {
    if (-MOST_MINUTES..=MOST_MINUTES).contains(&time) {
        Ok(())
    } else {
        Err(fault(format!("minute {time} is further out than the {MOST_MINUTES} minutes the engine takes")))
    }
}

fn check_span(from: Minute, until: Minute) -> Result<(), Fault> {
    check_time(from)?;
    check_time(until)?;
    if from < until {
        Ok(())
    } else {
        Err(fault(format!(
            "from minute {from} until minute {until} is no time: the end comes after the start"
        )))
    }
}

/// Pins what has begun, and lets nothing else begin before now; with `may_stay`, at the kick-off at which it stands, too.
fn freeze(instance: &mut Instance, timetable: &Timetable, now: Minute, may_stay: bool) {
    let begun = |index: &usize| timetable.places[*index].start < now && !instance.cancelled.contains(index);
    instance.begun = (0..instance.matches.len()).filter(begun).collect();
    for index in 0..instance.matches.len() {
        let place = timetable.places[index];
        if instance.begun.contains(&index) {
            // The next match that has begun on the pitch shows that this one was over by then.
            let others = instance.begun.iter().filter(|other| timetable.places[**other].pitch == place.pitch);
            let starts = others.map(|other| held_by(instance, *other, timetable.places[*other]).start);
            let next = starts.filter(|start| *start > place.start).min();
            let game = &mut instance.matches[index];
            if let Some(next) = next {
                game.occupied = game.occupied.min(next - place.start).max(1);
            }
            game.pinned = Some(place);
            if let Some(officials) = timetable.officials.get(index) {
                game.appointed.clone_from(officials);
            }
        } else {
            let game = &mut instance.matches[index];
            if may_stay {
                game.kick_offs.get_or_insert_with(|| instance.kick_offs.clone()).push(place.start);
            }
            // one without kick-offs of its own has those that a step of the ladder adds, too
            if let Some(starts) = &mut game.kick_offs {
                starts.retain(|start| *start >= now);
                starts.sort_unstable();
                starts.dedup();
            }
        }
    }
    instance.kick_offs.retain(|start| *start >= now);
}
