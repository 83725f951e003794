//! The activity that an event of scheduling's log is about.

use std::{collections::BTreeSet, sync::LazyLock};

use matchday_api::scheduling::v1 as pb;
use matchday_store::{Defect, Event};
use prost::{Message, Name};

/// The events about one activity. Each holds it as its first field, and how it was, if it says so, as its second.
static KINDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    BTreeSet::from([
        pb::ActivityCreated::full_name(),
        pb::ActivityUpdated::full_name(),
        pb::ActivityDelayed::full_name(),
        pb::ActivityMoved::full_name(),
        pb::ActivityCancelled::full_name(),
        pb::MatchKickedOff::full_name(),
        pb::MatchSuspended::full_name(),
        pb::MatchResumed::full_name(),
        pb::MatchExtended::full_name(),
        pb::MatchAbandoned::full_name(),
        pb::MatchFinished::full_name(),
        pb::MatchCorrected::full_name(),
    ])
});

/// An activity that an event is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// As it is now.
    pub activity: pb::Activity,
    /// As it was, where the event says so.
    pub previous: Option<pb::Activity>,
}

impl Changed {
    /// Whether it has begun, as far as somebody has recorded it.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.activity.actual_start_time.is_some()
    }
}

/// The activity that an event is about; `None` when it is about something else.
///
/// # Errors
/// [`Defect`] when the event cannot be read.
pub fn changed(event: &Event) -> Result<Option<Changed>, Defect> {
    if !KINDS.contains(&event.r#type) {
        return Ok(None);
    }
    let payload = event.payload.as_ref().ok_or_else(|| Defect::new("the event has no payload"))?;
    let pb::ActivityMoved { activity, previous } =
        pb::ActivityMoved::decode(payload.value.as_slice()).map_err(Defect::new)?;
    let activity = activity.ok_or_else(|| Defect::new("the event has no activity"))?;
    Ok(Some(Changed { activity, previous }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event<M: Name>(payload: &M) -> Event {
        Event {
            r#type: M::full_name(),
            payload: Some(prost_types::Any { value: payload.encode_to_vec(), ..prost_types::Any::default() }),
            ..Event::default()
        }
    }

    #[test]
    fn every_event_about_an_activity_is_read_alike() {
        let activity = || Some(pb::Activity { name: "is".into(), ..pb::Activity::default() });
        let previous = || Some(pb::Activity { name: "was".into(), ..pb::Activity::default() });
        let record = || Some(pb::LiveRecord::default());
        let alone = [
            event(&pb::ActivityCreated { activity: activity(), version: "v".into() }),
            event(&pb::ActivityUpdated { activity: activity() }),
            event(&pb::ActivityCancelled { activity: activity() }),
        ];
        let (is, was, new) = (activity, previous, record);
        let compared = [
            event(&pb::ActivityDelayed { activity: is(), previous: was() }),
            event(&pb::ActivityMoved { activity: is(), previous: was() }),
            event(&pb::MatchKickedOff { activity: is(), previous: was(), record: new() }),
            event(&pb::MatchSuspended { activity: is(), previous: was(), record: new() }),
            event(&pb::MatchResumed { activity: is(), previous: was(), record: new() }),
            event(&pb::MatchExtended { activity: is(), previous: was(), record: new() }),
            event(&pb::MatchAbandoned { activity: is(), previous: was(), record: new() }),
            event(&pb::MatchFinished { activity: is(), previous: was(), record: new() }),
            event(&pb::MatchCorrected { activity: is(), previous: was(), record: new() }),
        ];
        assert_eq!(alone.len() + compared.len(), KINDS.len());
        for (events, before) in [(&alone[..], None), (&compared[..], previous())] {
            for event in events {
                let read = changed(event).unwrap().unwrap();
                assert_eq!(
                    (Some(read.activity), read.previous),
                    (activity(), before.clone()),
                    "{}",
                    event.r#type
                );
            }
        }
    }

    #[test]
    fn other_events_are_about_no_activity() {
        assert!(matches!(changed(&event(&pb::SessionCreated::default())), Ok(None)));
        assert!(matches!(changed(&event(&pb::PreconditionRecorded::default())), Ok(None)));
        assert!(changed(&event(&pb::MatchFinished::default())).is_err(), "it has no activity");
    }
}
