//! What the schedule says where a frame is silent.

use std::collections::BTreeSet;

use matchday_api::scheduling::v1 as pb;

use crate::domain::check::timetable::Timetable;

/// A frame with what the schedule says where it is silent: kick-offs at the local times in use, pitches where
/// matches are played.
#[must_use]
pub fn completed(mut frame: pb::TimetableFrame, timetable: &Timetable) -> pb::TimetableFrame {
    frame.kick_offs.get_or_insert_with(|| {
        let clock =
            |moment: matchday_kernel::Instant| moment.in_zone(&timetable.zone).strftime("%H:%M").to_string();
        let times: BTreeSet<String> =
            timetable.matches().map(|(activity, _)| clock(activity.time.start())).collect();
        pb::KickOffs { times: times.into_iter().collect(), windows: vec![] }
    });
    if frame.pitches.is_empty() {
        let zones: BTreeSet<&str> = timetable.matches().map(|(activity, _)| activity.zone.as_str()).collect();
        let pitch = |zone: &str| pb::FramePitch { zone: zone.to_owned(), ..pb::FramePitch::default() };
        frame.pitches = zones.into_iter().map(pitch).collect();
    }
    frame
}
