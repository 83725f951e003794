//! The file of a timetable frame: when and where matches may be played, what they need, and what may give way.

use std::collections::HashMap;

use matchday_api::scheduling::v1::{
    ApplyTimetableFrameRequest, DailyWindow, FrameClosure, FrameDay, FrameLodging, FrameMatches, FramePitch,
    FrameTeam, FrameWay, KickOffWindow, KickOffs, TimetableFrame,
};
use matchday_kernel::{Instant, Slug, TournamentName, Zone, ZoneName, civil::Date};
use matchday_rpc::parse::{to_duration, to_timestamp};
use serde::Deserialize;

use super::{
    Faults, FileError,
    frame_step::{self, StepEntry},
    item::{self, Item, Text},
};

/// The collections in the name of a zone.
const ZONE: [&str; 3] = ["sites", "venues", "zones"];
/// The fields that can be generated.
const FIELDS: [&str; 8] = ["kick_offs", "days", "pitches", "matches", "kept", "lodgings", "teams", "ladder"];

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameFile {
    tournament: Text,
    time_zone: Text,
    kick_offs: Option<KickOffsEntry>,
    #[serde(default)]
    days: Vec<DayEntry>,
    #[serde(default)]
    pitches: Vec<PitchEntry>,
    #[serde(default)]
    matches: Vec<MatchesEntry>,
    #[serde(default)]
    kept: Vec<Text>,
    #[serde(default)]
    lodgings: Vec<LodgingEntry>,
    #[serde(default)]
    teams: Vec<TeamEntry>,
    #[serde(default)]
    ladder: Vec<StepEntry>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

/// When matches may kick off.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KickOffsEntry {
    #[serde(default)]
    times: Vec<String>,
    #[serde(default)]
    windows: Vec<WindowEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowEntry {
    from: String,
    until: String,
    step: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayEntry {
    date: Text,
    kick_offs: Option<KickOffsEntry>,
    #[serde(default)]
    reserve: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PitchEntry {
    zone: Text,
    hours: Option<HoursEntry>,
    #[serde(default)]
    closures: Vec<ClosureEntry>,
    #[serde(default)]
    floodlit: bool,
    surface: Option<String>,
    capacity: Option<Text>,
    #[serde(default)]
    reserve: bool,
    warm_up_area: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursEntry {
    opens: String,
    closes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosureEntry {
    start: Text,
    end: Text,
    why: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchesEntry {
    #[serde(default)]
    competitions: Vec<String>,
    #[serde(default)]
    stages: Vec<String>,
    length: Option<Text>,
    set_up: Option<Text>,
    turnaround: Option<Text>,
    crowd: Option<Text>,
    people: Option<Text>,
    officials: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LodgingEntry {
    id: Text,
    #[serde(default)]
    ways: Vec<WayEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WayEntry {
    place: Text,
    time: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamEntry {
    team: Text,
    people: Option<Text>,
    lodging: Option<Text>,
}

/// Turns the file into the request that applies it.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(name: &str, file: FrameFile) -> Result<ApplyTimetableFrameRequest, Faults> {
    let (whole, mut faults) = (Item::whole(name), Faults::default());
    let parent = whole.parse("tournament", &file.tournament).map(|id| TournamentName::new(id).to_string());
    // without its zone no local time in the file can be read
    let zone: Zone = whole.parse("time_zone", &file.time_zone)?;
    let mut frame = TimetableFrame {
        kick_offs: file.kick_offs.map(|entry| kick_offs(&whole.within("kick_offs"), entry, &mut faults)),
        provenance: faults.keep(whole.provenance(file.source, file.generated, &FIELDS)),
        ..TimetableFrame::default()
    };
    let mut seen = HashMap::new();
    for (index, entry) in file.days.into_iter().enumerate() {
        let item = whole.nth("days", index);
        faults.keep(item.unique_as(&mut seen, "date", &entry.date, &entry.date.value));
        let date = faults.keep(date(&item, "date", &entry.date));
        let times = entry.kick_offs.map(|times| kick_offs(&item.within("kick_offs"), times, &mut faults));
        frame.days.push(FrameDay { date, kick_offs: times, reserve: entry.reserve });
    }
    seen.clear();
    for (index, entry) in file.pitches.into_iter().enumerate() {
        let item = whole.nth("pitches", index);
        faults.keep(item.unique_as(&mut seen, "zone", &entry.zone, &entry.zone.value));
        frame.pitches.push(pitch(&item, entry, &zone, &mut faults));
    }
    for (index, entry) in file.matches.into_iter().enumerate() {
        frame.matches.push(matches(&whole.nth("matches", index), entry, &mut faults));
    }
    for (index, id) in file.kept.iter().enumerate() {
        let id = whole.parse::<Slug>(&format!("kept[{index}]"), id).map(|id| id.to_string());
        frame.kept.push(faults.keep(id));
    }
    seen.clear();
    for (index, entry) in file.lodgings.into_iter().enumerate() {
        let item = whole.nth("lodgings", index);
        faults.keep(item.unique(&mut seen, &entry.id));
        frame.lodgings.push(lodging(&item, &entry, &mut faults));
    }
    seen.clear();
    for (index, entry) in file.teams.into_iter().enumerate() {
        let item = whole.nth("teams", index);
        faults.keep(item.unique_as(&mut seen, "team", &entry.team, &entry.team.value));
        frame.teams.push(FrameTeam {
            team: faults.keep(item.parse::<Slug>("team", &entry.team).map(|id| id.to_string())),
            people: faults.keep(item.count("people", entry.people.as_ref())).unwrap_or_default(),
            lodging: faults.keep(item.optional_id("lodging", entry.lodging.as_ref())),
        });
    }
    for (index, entry) in file.ladder.into_iter().enumerate() {
        frame.ladder.push(frame_step::read(&whole.nth("ladder", index), name, entry, &zone, &mut faults));
    }
    let parent = faults.keep(parent);
    faults.settle(ApplyTimetableFrameRequest {
        parent,
        frame: Some(frame),
        ..ApplyTimetableFrameRequest::default()
    })
}

/// Reads when matches may kick off; which texts are times of the day, scheduling knows.
pub(super) fn kick_offs(item: &Item<'_>, entry: KickOffsEntry, faults: &mut Faults) -> KickOffs {
    let windows = entry.windows.into_iter().enumerate().map(|(index, window)| KickOffWindow {
        from: window.from,
        until: window.until,
        step: faults.keep(length(&item.nth("windows", index), "step", Some(&window.step))),
    });
    KickOffs { windows: windows.collect(), times: entry.times }
}

/// Reads a length of time that may be absent.
fn length(
    item: &Item<'_>,
    field: &str,
    value: Option<&Text>,
) -> Result<Option<prost_types::Duration>, FileError> {
    Ok(match value {
        None => None,
        Some(_) => Some(to_duration(item.duration(field, value)?)),
    })
}

/// Reads a date.
pub(super) fn date(item: &Item<'_>, field: &str, value: &Text) -> Result<String, FileError> {
    item.parse::<Date>(field, value).map(|date| date.to_string())
}

/// Reads the name of a zone.
pub(super) fn zone_named(item: &Item<'_>, field: &str, value: &Text) -> Result<String, FileError> {
    item.place::<ZoneName>(field, value, &ZONE).map(String::from)
}

/// Reads a local time, or one with its offset.
pub(super) fn moment(
    item: &Item<'_>,
    field: &str,
    value: &Text,
    zone: &Zone,
) -> Result<Option<prost_types::Timestamp>, FileError> {
    let read: Result<Instant, _> = zone.parse_local_or_offset(&value.value);
    read.map(|moment| Some(to_timestamp(moment))).map_err(|error| item.wrong(field, value, error))
}

fn pitch(item: &Item<'_>, entry: PitchEntry, zone: &Zone, faults: &mut Faults) -> FramePitch {
    let closures = entry.closures.iter().enumerate().map(|(index, closure)| {
        let item = item.nth("closures", index);
        FrameClosure {
            start_time: faults.keep(moment(&item, "start", &closure.start, zone)),
            end_time: faults.keep(moment(&item, "end", &closure.end, zone)),
            why: faults.keep(item.text("why", &closure.why)),
        }
    });
    let closures = closures.collect();
    let area = entry.warm_up_area.as_ref().map(|area| zone_named(item, "warm_up_area", area));
    FramePitch {
        zone: faults.keep(zone_named(item, "zone", &entry.zone)),
        hours: entry.hours.map(|HoursEntry { opens, closes }| DailyWindow { opens, closes }),
        closures,
        floodlit: entry.floodlit,
        surface: entry.surface.unwrap_or_default(),
        capacity: faults.keep(item.count("capacity", entry.capacity.as_ref())).unwrap_or_default(),
        reserve: entry.reserve,
        warm_up_area: faults.keep(area.transpose()).unwrap_or_default(),
    }
}

fn matches(item: &Item<'_>, entry: MatchesEntry, faults: &mut Faults) -> FrameMatches {
    FrameMatches {
        length: faults.keep(length(item, "length", entry.length.as_ref())),
        set_up: faults.keep(length(item, "set_up", entry.set_up.as_ref())),
        turnaround: faults.keep(length(item, "turnaround", entry.turnaround.as_ref())),
        crowd: faults.keep(item.count("crowd", entry.crowd.as_ref())),
        people: faults.keep(item.count("people", entry.people.as_ref())),
        officials: entry.officials,
        competitions: entry.competitions,
        stages: entry.stages,
    }
}

fn lodging(item: &Item<'_>, entry: &LodgingEntry, faults: &mut Faults) -> FrameLodging {
    let ways = entry.ways.iter().enumerate().map(|(index, way)| {
        let item = item.nth("ways", index);
        let place = item::any_place(&way.place.value);
        FrameWay {
            place: faults.keep(place.map_err(|problem| item.wrong("place", &way.place, problem))),
            time: faults.keep(length(&item, "time", Some(&way.time))),
        }
    });
    let ways = ways.collect();
    FrameLodging { id: faults.keep(item.parse::<Slug>("id", &entry.id).map(|id| id.to_string())), ways }
}
