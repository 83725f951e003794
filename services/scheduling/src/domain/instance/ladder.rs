//! Steps of the relaxation ladder.

use std::collections::BTreeSet;

use matchday_timetable::{
    model::{Ease, Minute, Relaxation},
    validate::{Code, Fault},
};

use super::{Material, Stated, fault, rules, short_place};
use crate::domain::frame::Easing;

/// Adds the steps of the frame's ladder.
pub(super) fn state(material: &Material, stated: &mut Stated, faults: &mut Vec<Fault>) {
    for step in &material.frame.ladder {
        let mut changes = Vec::with_capacity(step.easings.len());
        for easing in &step.easings {
            match ease(easing, material, stated) {
                Ok(change) => changes.push(change),
                Err(wrong) => {
                    let what = format!("step {:?} of the ladder: {}", step.title, wrong.what);
                    faults.push(fault(wrong.code, what));
                }
            }
        }
        stated.instance.ladder.push(Relaxation { title: step.title.clone(), changes });
    }
}

fn ease(easing: &Easing, material: &Material, stated: &Stated) -> Result<Ease, Fault> {
    let (frame, zone) = (&material.frame, &material.timetable.zone);
    let pitch = |name: &String| {
        let none =
            || fault(Code::Unknown, format!("{} is no pitch of the timetable frame", short_place(name)));
        stated.zones.iter().position(|one| one == name).ok_or_else(none)
    };
    match easing {
        Easing::Rule { id, kind } => {
            let is_there = stated.instance.rules.iter().any(|rule| rule.id == *id);
            let none = || fault(Code::Unknown, format!("no rule {id} is in force: name one that is"));
            let id = is_there.then(|| id.clone()).ok_or_else(none)?;
            Ok(Ease::Rule { kind: rules::eased(&id, kind, material, stated)?, id })
        }
        Easing::KickOffs(kick_offs) => {
            let days = stated.calendar.dates().iter().filter(|date| !frame.is_reserve(**date));
            let moments = days.flat_map(|date| kick_offs.on(*date, zone));
            let minutes: BTreeSet<Minute> = moments.map(|moment| stated.calendar.minute(moment)).collect();
            Ok(Ease::KickOffs(minutes.into_iter().collect()))
        }
        Easing::Day(date) => {
            if !frame.is_reserve(*date) {
                return Err(fault(Code::Unknown, format!("{date} is no reserve day of the timetable frame")));
            }
            let moments = frame.kick_offs_on(*date).on(*date, zone);
            Ok(Ease::KickOffs(moments.map(|moment| stated.calendar.minute(moment)).collect()))
        }
        Easing::Pitch(name) => Ok(Ease::Reserve(pitch(name)?)),
        Easing::Open { zone, time } => {
            Ok(Ease::Open { pitch: pitch(zone)?, span: stated.calendar.span(time) })
        }
    }
}
