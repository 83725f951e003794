//! Timetable frames of the contract: read and checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use matchday_api::scheduling::v1::{self as pb, frame_easing};
use matchday_kernel::{Common, SignedDuration, Slug, ZoneName, civil::Date};
use matchday_rpc::parse;

use super::rule_value::{clock, daily, kind, within};
use crate::{
    Error,
    domain::{
        frame::{Easing, Frame, FrameDay, FramePitch, FrameTeam, FreeWindow, KickOffs, Needs, Step},
        slot::{LONGEST, LONGEST_BUFFER},
    },
};

/// Most kick-offs and windows of a day, days, closures of a pitch, ways of a lodging, easings of a step.
const MOST_OF_ONE: usize = 400;
/// Most pitches, entries about matches, and steps of the ladder.
const MOST_LISTED: usize = 200;
/// Most matches that are kept, teams and lodgings.
const MOST_NAMED: usize = 2_000;
/// Most spectators, or people to be told.
const MOST_PEOPLE: i32 = 1_000_000;

/// Reads a frame; `at` is what the path of its fields begins with.
///
/// # Errors
/// The first field that is wrong.
pub(crate) fn frame(at: &str, frame: &pb::TimetableFrame) -> Result<Frame, Error> {
    let at = |name: &str| format!("{at}{name}");
    let mut days = BTreeMap::new();
    for (field, day) in listed(&at("days"), &frame.days, MOST_OF_ONE)? {
        let date: Date = parse::text_as(&format!("{field}.date"), &day.date)?;
        let kick_offs = day.kick_offs.as_ref().map(|times| kick_offs(&format!("{field}.kick_offs"), times));
        let read = FrameDay { kick_offs: kick_offs.transpose()?, reserve: day.reserve };
        if days.insert(date, read).is_some() {
            return Err(wrong(format!("{field}.date"), format!("{date} stands twice")));
        }
    }
    let mut pitches: Vec<FramePitch> = Vec::new();
    for (field, wanted) in listed(&at("pitches"), &frame.pitches, MOST_LISTED)? {
        let read = pitch(&field, wanted)?;
        if pitches.iter().any(|other| other.zone == read.zone) {
            return Err(wrong(format!("{field}.zone"), format!("{} stands twice", read.zone)));
        }
        pitches.push(read);
    }
    let mut kept = BTreeSet::new();
    for (field, id) in listed(&at("kept"), &frame.kept, MOST_NAMED)? {
        kept.insert(parse::text_as::<Slug>(&field, id)?.into());
    }
    let matches = listed(&at("matches"), &frame.matches, MOST_LISTED)?;
    let ladder = listed(&at("ladder"), &frame.ladder, MOST_LISTED)?;
    Ok(Frame {
        kick_offs: frame
            .kick_offs
            .as_ref()
            .map_or_else(|| Ok(KickOffs::default()), |times| kick_offs(&at("kick_offs"), times))?,
        days,
        pitches,
        matches: matches.map(|(field, entry)| needs(&field, entry)).collect::<Result<_, _>>()?,
        kept,
        teams: teams(&at, frame)?,
        ladder: ladder.map(|(field, entry)| step(&field, entry)).collect::<Result<_, _>>()?,
    })
}

fn wrong(field: String, problem: impl Display) -> Error {
    Common::field(field, problem).into()
}

/// The entries of a list, each with the path of its field.
fn listed<'a, T>(
    field: &str,
    list: &'a [T],
    most: usize,
) -> Result<impl Iterator<Item = (String, &'a T)> + use<'a, T>, Error> {
    if list.len() > most {
        return Err(wrong(field.to_owned(), format!("are {}, at most {most}", list.len())));
    }
    let field = field.to_owned();
    Ok(list.iter().enumerate().map(move |(index, entry)| (format!("{field}[{index}]"), entry)))
}

fn kick_offs(at: &str, wanted: &pb::KickOffs) -> Result<KickOffs, Error> {
    let mut read = KickOffs::default();
    for (field, text) in listed(&format!("{at}.times"), &wanted.times, MOST_OF_ONE)? {
        read.times.push(clock(&field, text)?);
    }
    for (field, window) in listed(&format!("{at}.windows"), &wanted.windows, MOST_OF_ONE)? {
        let from = clock(&format!("{field}.from"), &window.from)?;
        let until = clock(&format!("{field}.until"), &window.until)?;
        if until < from {
            return Err(wrong(format!("{field}.until"), "lies before the earliest kick-off"));
        }
        let step = whole_minutes(&format!("{field}.step"), window.step)?;
        if step.is_zero() {
            return Err(wrong(format!("{field}.step"), "must be at least a minute"));
        }
        read.windows.push(FreeWindow { from, until, step });
    }
    Ok(read)
}

/// Reads a length of whole minutes, at most a day.
fn whole_minutes(field: &str, length: Option<prost_types::Duration>) -> Result<SignedDuration, Error> {
    let read = parse::duration(field, length, SignedDuration::from_hours(24))?;
    if read != SignedDuration::from_mins(read.as_mins()) {
        return Err(wrong(field.to_owned(), "must be whole minutes"));
    }
    Ok(read)
}

fn zone(field: &str, name: &str) -> Result<String, Error> {
    Ok(parse::text_as::<ZoneName>(field, name)?.into())
}

fn pitch(at: &str, wanted: &pb::FramePitch) -> Result<FramePitch, Error> {
    let field = |name: &str| format!("{at}.{name}");
    let mut closures = Vec::new();
    for (at, closure) in listed(&field("closures"), &wanted.closures, MOST_OF_ONE)? {
        let time = parse::interval(&format!("{at}."), closure.start_time, closure.end_time)?;
        closures.push((time, parse::required_text(&format!("{at}.why"), &closure.why)?));
    }
    let area = &wanted.warm_up_area;
    Ok(FramePitch {
        zone: zone(&field("zone"), &wanted.zone)?,
        hours: wanted.hours.as_ref().map(|hours| daily(&field("hours."), hours)).transpose()?,
        closures,
        floodlit: wanted.floodlit,
        surface: parse::optional_text(&field("surface"), &wanted.surface)?,
        capacity: within(&field("capacity"), wanted.capacity, 0, MOST_PEOPLE)?,
        reserve: wanted.reserve,
        warm_up_area: if area.is_empty() { String::new() } else { zone(&field("warm_up_area"), area)? },
    })
}

fn needs(at: &str, wanted: &pb::FrameMatches) -> Result<Needs, Error> {
    let field = |name: &str| format!("{at}.{name}");
    for (name, texts) in [("competitions", &wanted.competitions), ("stages", &wanted.stages)] {
        for (field, text) in listed(&field(name), texts, MOST_OF_ONE)? {
            parse::required_text(&field, text)?;
        }
    }
    let length = wanted.length.map(|length| whole_minutes(&field("length"), Some(length))).transpose()?;
    if length.is_some_and(|length| length.is_zero() || length > LONGEST) {
        return Err(wrong(field("length"), "must be at least a minute"));
    }
    let buffer = |name: &str, length: Option<prost_types::Duration>| {
        let read = length.map(|length| whole_minutes(&field(name), Some(length))).transpose()?;
        match read {
            Some(read) if read > LONGEST_BUFFER => Err(wrong(field(name), "is more than seven days")),
            read => Ok(read),
        }
    };
    let people = |name: &str, number: Option<i32>| {
        number.map(|number| within(&field(name), number, 0, MOST_PEOPLE)).transpose()
    };
    Ok(Needs {
        competitions: wanted.competitions.clone(),
        stages: wanted.stages.clone(),
        length,
        set_up: buffer("set_up", wanted.set_up)?,
        turnaround: buffer("turnaround", wanted.turnaround)?,
        crowd: people("crowd", wanted.crowd)?,
        people: people("people", wanted.people)?,
        officials: wanted.officials,
    })
}

/// Teams by id, with the ways from their lodgings.
fn teams(
    at: &dyn Fn(&str) -> String,
    frame: &pb::TimetableFrame,
) -> Result<BTreeMap<String, FrameTeam>, Error> {
    let mut lodgings: BTreeMap<&str, BTreeMap<String, SignedDuration>> = BTreeMap::new();
    for (field, lodging) in listed(&at("lodgings"), &frame.lodgings, MOST_NAMED)? {
        parse::text_as::<Slug>(&format!("{field}.id"), &lodging.id)?;
        let mut ways = BTreeMap::new();
        for (field, way) in listed(&format!("{field}.ways"), &lodging.ways, MOST_OF_ONE)? {
            if !way.place.starts_with("sites/") {
                let problem = "must be the name of a site, a venue or a zone: sites/…";
                return Err(wrong(format!("{field}.place"), problem));
            }
            ways.insert(way.place.clone(), whole_minutes(&format!("{field}.time"), way.time)?);
        }
        if lodgings.insert(&lodging.id, ways).is_some() {
            return Err(wrong(format!("{field}.id"), format!("{} stands twice", lodging.id)));
        }
    }
    let mut teams = BTreeMap::new();
    for (field, team) in listed(&at("teams"), &frame.teams, MOST_NAMED)? {
        let id: Slug = parse::text_as(&format!("{field}.team"), &team.team)?;
        let ways = match team.lodging.as_str() {
            "" => BTreeMap::new(),
            lodging => lodgings
                .get(lodging)
                .ok_or_else(|| {
                    wrong(format!("{field}.lodging"), format!("{lodging} is none of the lodgings"))
                })?
                .clone(),
        };
        let people = within(&format!("{field}.people"), team.people, 0, MOST_PEOPLE)?;
        if teams.insert(id.to_string(), FrameTeam { people, ways }).is_some() {
            return Err(wrong(format!("{field}.team"), format!("{id} stands twice")));
        }
    }
    Ok(teams)
}

fn step(at: &str, wanted: &pb::FrameStep) -> Result<Step, Error> {
    let title = parse::required_text(&format!("{at}.title"), &wanted.title)?;
    let easings = listed(&format!("{at}.easings"), &wanted.easings, MOST_OF_ONE)?;
    let easings: Vec<Easing> =
        easings.map(|(field, entry)| easing(&field, entry)).collect::<Result<_, Error>>()?;
    if easings.is_empty() {
        return Err(wrong(format!("{at}.easings"), "are none: say what the step does"));
    }
    Ok(Step { title, easings })
}

fn easing(at: &str, wanted: &pb::FrameEasing) -> Result<Easing, Error> {
    use frame_easing::Easing as E;

    Ok(match parse::required(&format!("{at}.easing"), wanted.easing.as_ref())? {
        E::Rule(rule) => {
            let id: Slug = parse::text_as(&format!("{at}.rule.id"), &rule.id)?;
            Easing::Rule { id: id.into(), kind: kind(&format!("{at}.rule."), rule)? }
        }
        E::KickOffs(times) => Easing::KickOffs(kick_offs(&format!("{at}.kick_offs"), times)?),
        E::ReserveDay(date) => Easing::Day(parse::text_as(&format!("{at}.reserve_day"), date)?),
        E::ReservePitch(name) => Easing::Pitch(zone(&format!("{at}.reserve_pitch"), name)?),
        E::Opening(opening) => Easing::Open {
            zone: zone(&format!("{at}.opening.zone"), &opening.zone)?,
            time: parse::interval(&format!("{at}.opening."), opening.start_time, opening.end_time)?,
        },
    })
}
