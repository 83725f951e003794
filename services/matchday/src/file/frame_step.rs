//! The steps of the relaxation ladder in the file of a timetable frame.

use matchday_api::scheduling::v1::{FrameEasing, FrameOpening, FrameStep, frame_easing::Easing};
use matchday_kernel::Zone;
use matchday_scheduling::rulebook::EasedRule;
use serde::Deserialize;

use super::{
    Faults, FileError,
    frame::{KickOffsEntry, date, kick_offs, moment, zone_named},
    item::{Item, Text},
};

/// A step as it is written: what it does stands in its fields, in this order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepEntry {
    title: Text,
    rule: Option<EasedRule>,
    kick_offs: Option<KickOffsEntry>,
    reserve_day: Option<Text>,
    reserve_pitch: Option<Text>,
    opening: Option<OpeningEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningEntry {
    zone: Text,
    start: Text,
    end: Text,
}

/// Turns an entry into a step of the contract; `file` is what its errors call the file.
pub(super) fn read(
    item: &Item<'_>,
    file: &str,
    entry: StepEntry,
    zone: &Zone,
    faults: &mut Faults,
) -> FrameStep {
    let mut easings = Vec::new();
    if let Some(rule) = entry.rule {
        let read = rule.read(&item.path_of("rule"));
        let misread = read.map_err(|wrong| FileError::field(file, wrong.line, wrong.field, wrong.problem));
        easings.push(Easing::Rule(faults.keep(misread)));
    }
    if let Some(times) = entry.kick_offs {
        easings.push(Easing::KickOffs(kick_offs(&item.within("kick_offs"), times, faults)));
    }
    if let Some(day) = &entry.reserve_day {
        easings.push(Easing::ReserveDay(faults.keep(date(item, "reserve_day", day))));
    }
    if let Some(pitch) = &entry.reserve_pitch {
        easings.push(Easing::ReservePitch(faults.keep(zone_named(item, "reserve_pitch", pitch))));
    }
    if let Some(opening) = &entry.opening {
        let item = item.within("opening");
        easings.push(Easing::Opening(FrameOpening {
            zone: faults.keep(zone_named(&item, "zone", &opening.zone)),
            start_time: faults.keep(moment(&item, "start", &opening.start, zone)),
            end_time: faults.keep(moment(&item, "end", &opening.end, zone)),
        }));
    }
    if easings.is_empty() {
        let problem = "does nothing: give it a rule, kick_offs, a reserve_day, a reserve_pitch or an opening";
        faults.add(item.wrong("title", &entry.title, problem));
    }
    FrameStep {
        title: faults.keep(item.text("title", &entry.title)),
        easings: easings.into_iter().map(|easing| FrameEasing { easing: Some(easing) }).collect(),
    }
}
