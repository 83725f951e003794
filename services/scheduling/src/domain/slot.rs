//! When and where an activity takes place, and how that changes.

use matchday_kernel::{Instant, Interval, IntervalError, SignedDuration, ZoneName};

/// Longest activity.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Longest set-up and turnaround.
pub const LONGEST_BUFFER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Longest delay at once; what is later is rescheduled.
pub const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(24);

/// Where an activity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// At its planned time.
    Scheduled,
    /// 推迟开球: starts later; the planned time is kept beside it.
    Delayed,
    /// 改期: planned for another time, which replaced the old one.
    Rescheduled,
    /// 取消: does not take place.
    Cancelled,
    /// 进行中: has begun.
    InPlay,
    /// 中断: has begun, and is interrupted.
    Suspended,
    /// 中止: was ended before its time.
    Abandoned,
    /// 完赛: is over.
    Finished,
}

/// When and where an activity takes place.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Name of the activity.
    pub activity: String,
    /// Where.
    pub zone: ZoneName,
    /// When, without buffers.
    pub time: Interval,
    /// Time the zone is needed before.
    pub set_up: SignedDuration,
    /// Time the zone is needed after.
    pub turnaround: SignedDuration,
    /// Start as planned.
    pub planned_start: Instant,
    /// End as planned.
    pub planned_end: Instant,
    /// Name of its session; empty when it is part of none.
    pub session: String,
    /// Where it stands.
    pub state: State,
}

/// Why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not take place any more.
    #[error("{activity} is cancelled: create a new activity instead")]
    Cancelled {
        /// The activity.
        activity: String,
    },
    /// It has begun: its time and place are facts.
    #[error("{activity} has begun: record what happens in place of moving it")]
    Begun {
        /// The activity.
        activity: String,
    },
    /// The delay is none, or too long.
    #[error("a delay is more than 0 and at most 24 hours; move the activity instead")]
    NoDelay,
    /// The change changes nothing.
    #[error("{activity} is there at that time already")]
    Unchanged {
        /// The activity.
        activity: String,
    },
    /// The activity would be empty or too long.
    #[error("an activity lasts more than 0 and at most 366 days")]
    Length,
    /// The time lies beyond the calendar.
    #[error(transparent)]
    Time(#[from] IntervalError),
}

impl Slot {
    fn check_is_to_come(&self) -> Result<(), Refusal> {
        match self.state {
            State::Cancelled => Err(Refusal::Cancelled { activity: self.activity.clone() }),
            State::InPlay | State::Suspended | State::Abandoned | State::Finished => {
                Err(Refusal::Begun { activity: self.activity.clone() })
            }
            State::Scheduled | State::Delayed | State::Rescheduled => Ok(()),
        }
    }

    /// Whether another activity waits for this one where it comes after it: in its zone, or in its session.
    fn concerns(&self, other: &Self) -> bool {
        other.zone == self.zone || (!self.session.is_empty() && other.session == self.session)
    }

    /// The earliest start of another activity that comes after this one; `None` beyond the calendar.
    fn free_for(&self, other: &Self) -> Option<Instant> {
        if other.zone != self.zone {
            return Some(self.time.end());
        }
        self.time.end().checked_add(self.turnaround)?.checked_add(other.set_up)
    }

    /// Starts later by `by`, keeping the planned start.
    fn later(self, by: SignedDuration) -> Result<Self, Refusal> {
        Self { time: self.time.shift(by)?, state: State::Delayed, ..self }.within_calendar()
    }

    /// Refuses what would need its zone beyond the calendar: nobody could book it, and followers never refuse.
    fn within_calendar(self) -> Result<Self, Refusal> {
        self.time.with_buffers(self.set_up, self.turnaround)?;
        Ok(self)
    }

    /// Takes place at another time, for another while, in another zone, or all of them; what is absent stays.
    /// A new start replaces the planned one.
    ///
    /// # Errors
    /// [`Refusal`]
    pub fn move_to(
        self,
        start: Option<Instant>,
        length: Option<SignedDuration>,
        zone: Option<ZoneName>,
    ) -> Result<Self, Refusal> {
        self.check_is_to_come()?;
        let length = length.unwrap_or(self.time.duration());
        if length <= SignedDuration::ZERO || length > LONGEST {
            return Err(Refusal::Length);
        }
        let from = start.unwrap_or(self.time.start());
        let time = Interval::new(from, from.checked_add(length).ok_or(IntervalError::OutOfRange)?)?;
        let zone = zone.unwrap_or_else(|| self.zone.clone());
        if time == self.time && zone == self.zone {
            return Err(Refusal::Unchanged { activity: self.activity });
        }
        let is_other_start = time.start() != self.time.start();
        let (planned_start, state) = if is_other_start {
            (time.start(), State::Rescheduled)
        } else {
            (self.planned_start, self.state)
        };
        let planned_end = planned_start.checked_add(length).ok_or(IntervalError::OutOfRange)?;
        Self { zone, time, planned_start, planned_end, state, ..self }.within_calendar()
    }

    /// Takes place there and then because a version says so; what was cancelled takes place again. A new start
    /// replaces the planned one.
    #[must_use]
    pub fn planned_for(self, zone: ZoneName, time: Interval) -> Self {
        let is_other_start = self.state == State::Cancelled || time.start() != self.time.start();
        let (planned_start, state) = if is_other_start {
            (time.start(), State::Rescheduled)
        } else {
            (self.planned_start, self.state)
        };
        let planned_end = planned_start.saturating_add(time.duration());
        Self { zone, time, planned_start, planned_end, state, ..self }
    }

    /// Does not take place.
    ///
    /// # Errors
    /// [`Refusal::Cancelled`] when that is so already.
    pub fn cancel(self) -> Result<Self, Refusal> {
        self.check_is_to_come()?;
        Ok(Self { state: State::Cancelled, ..self })
    }
}

/// Delays an activity, and what comes after it in its session only as far as it must: see [`push`]. Returns every
/// slot that changed, the delayed one first, the others by start.
///
/// # Errors
/// [`Refusal`]
pub fn delay(slot: Slot, by: SignedDuration, session: Vec<Slot>) -> Result<Vec<Slot>, Refusal> {
    slot.check_is_to_come()?;
    if by <= SignedDuration::ZERO || by > LONGEST_DELAY {
        return Err(Refusal::NoDelay);
    }
    let delayed = slot.clone().later(by)?;
    push(slot, delayed, session)
}

/// Lets what comes after an activity that ends later start later, only as far as it must. In another zone of its
/// session it comes after when it began at or after the end, and must not begin before it now. In the same zone the
/// turnaround of the one and the set-up of the other lie between the two. Returns every slot that changed, the
/// activity itself first, the others by start.
///
/// # Errors
/// [`Refusal`] when one would need its zone beyond the calendar.
pub fn push(was: Slot, is: Slot, others: Vec<Slot>) -> Result<Vec<Slot>, Refusal> {
    let mut others: Vec<Slot> = others
        .into_iter()
        .filter(|other| other.activity != was.activity && other.check_is_to_come().is_ok())
        .collect();
    others.sort_by_key(|other| other.time.start());
    // each slot that changes: as it was, as it is
    let mut changed = vec![(was, is)];
    for other in others {
        let start = other.time.start();
        let pushes = changed.iter().filter(|(was, _)| was.concerns(&other)).flat_map(|(was, is)| {
            let with_buffers = was.free_for(&other).zip(is.free_for(&other));
            let bare = Some((was.time.end(), is.time.end()));
            [with_buffers, bare].into_iter().flatten()
        });
        let pushes =
            pushes.filter(|(free, needed)| *free <= start && start < *needed).map(|(_, needed)| needed);
        if let Some(needed) = pushes.max() {
            let later = other.clone().later(needed.since(start))?;
            changed.push((other, later));
        }
    }
    Ok(changed.into_iter().map(|(_, is)| is).collect())
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::domain) fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    pub(in crate::domain) fn mins(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    /// An activity between two minutes on the pitch, in the opening session.
    pub(in crate::domain) fn slot(activity: &str, start: i64, end: i64) -> Slot {
        Slot {
            activity: activity.into(),
            zone: "sites/s/venues/v/zones/pitch".parse().unwrap(),
            time: Interval::new(at(start), at(end)).unwrap(),
            set_up: mins(0),
            turnaround: mins(0),
            planned_start: at(start),
            planned_end: at(end),
            session: "tournaments/t/sessions/opening".into(),
            state: State::Scheduled,
        }
    }

    fn with_buffers(slot: Slot, set_up: i64, turnaround: i64) -> Slot {
        Slot { set_up: mins(set_up), turnaround: mins(turnaround), ..slot }
    }

    #[test]
    fn a_delay_keeps_the_planned_start_and_the_length() {
        let delayed = delay(slot("m1", 100, 215), mins(45), vec![]).unwrap().remove(0);
        assert_eq!(delayed.time, Interval::new(at(145), at(260)).unwrap());
        assert_eq!((delayed.planned_start, delayed.planned_end), (at(100), at(215)));
        assert_eq!(delayed.state, State::Delayed);
        let twice = delay(delayed, mins(15), vec![]).unwrap().remove(0);
        assert_eq!((twice.time.start(), twice.planned_start), (at(160), at(100)));
    }

    #[test]
    fn what_follows_is_pushed_only_as_far_as_it_must() {
        let session = vec![
            slot("ceremony", 0, 60),
            slot("m1", 100, 215),
            slot("market", 240, 300),
            slot("late", 400, 500),
        ];
        let changed = delay(session[1].clone(), mins(45), session).unwrap();
        let names: Vec<&str> = changed.iter().map(|slot| slot.activity.as_str()).collect();
        assert_eq!(names, ["m1", "market"]);
        assert_eq!(changed[1].time, Interval::new(at(260), at(320)).unwrap());
    }

    #[test]
    fn a_push_goes_on_to_the_next() {
        let session = vec![slot("m1", 100, 200), slot("awards", 200, 220), slot("closing", 220, 300)];
        let changed = delay(session[0].clone(), mins(10), session).unwrap();
        assert_eq!(changed.len(), 3);
        assert_eq!(changed[2].time.start(), at(230));
    }

    #[test]
    fn in_one_zone_the_buffers_are_kept_between_the_two() {
        // both hold the pitch until 230, and from then on
        let session = vec![
            with_buffers(slot("m14", 100, 200), 10, 30),
            with_buffers(slot("m15", 240, 340), 10, 30),
            with_buffers(slot("m16", 400, 500), 10, 30),
        ];
        let changed = delay(session[0].clone(), mins(5), session.clone()).unwrap();
        assert_eq!(changed.len(), 2);
        assert_eq!(changed[1].time.start(), at(245));
        let changed = delay(session[0].clone(), mins(45), session).unwrap();
        assert_eq!(changed[2].time.start(), at(425));
    }

    #[test]
    fn what_stood_too_near_before_is_only_kept_apart() {
        let session =
            vec![with_buffers(slot("m14", 100, 200), 10, 30), with_buffers(slot("market", 210, 340), 10, 30)];
        assert_eq!(delay(session[0].clone(), mins(5), session.clone()).unwrap().len(), 1);
        let changed = delay(session[0].clone(), mins(60), session).unwrap();
        assert_eq!(changed[1].time.start(), at(260), "but it never begins before the other ends");
    }

    #[test]
    fn only_what_waits_for_it_is_pushed() {
        let elsewhere = |session: &str, zone: &str| Slot {
            session: session.into(),
            zone: format!("sites/s/venues/v/zones/{zone}").parse().unwrap(),
            ..slot("m2", 200, 300)
        };
        let pushed = |other: Slot| delay(slot("m1", 100, 200), mins(5), vec![other]).unwrap().len() == 2;
        assert!(pushed(elsewhere("", "pitch")), "it waits for the pitch");
        assert!(pushed(elsewhere("tournaments/t/sessions/opening", "pitch-2")), "it waits for the session");
        assert!(!pushed(elsewhere("", "pitch-2")));
    }

    #[test]
    fn what_runs_beside_it_stays() {
        let session = vec![slot("m1", 100, 200), slot("market", 150, 400)];
        assert_eq!(delay(session[0].clone(), mins(60), session).unwrap().len(), 1);
    }

    #[test]
    fn a_cancelled_activity_is_neither_delayed_nor_moved_nor_pushed() {
        let cancelled = slot("m1", 100, 200).cancel().unwrap();
        assert!(matches!(delay(cancelled.clone(), mins(5), vec![]), Err(Refusal::Cancelled { .. })));
        assert!(matches!(cancelled.clone().move_to(Some(at(0)), None, None), Err(Refusal::Cancelled { .. })));
        assert!(matches!(cancelled.clone().cancel(), Err(Refusal::Cancelled { .. })));
        let first = slot("m0", 0, 100);
        assert_eq!(delay(first.clone(), mins(5), vec![first, cancelled]).unwrap().len(), 1);
    }

    #[test]
    fn a_delay_has_limits() {
        for by in [mins(0), mins(-5), mins(24 * 60 + 1)] {
            assert_eq!(delay(slot("m1", 0, 1), by, vec![]), Err(Refusal::NoDelay));
        }
        assert!(delay(slot("m1", 0, 1), mins(24 * 60), vec![]).is_ok());
    }

    #[test]
    fn buffers_do_not_reach_beyond_the_calendar() {
        let last = |before: i64| Instant::MAX.checked_add(mins(-before)).unwrap();
        let slot = with_buffers(slot("m1", 0, 10), 0, 30);
        assert!(slot.clone().move_to(Some(last(60)), None, None).is_ok());
        let beyond = slot.clone().move_to(Some(last(20)), None, None);
        assert!(matches!(beyond, Err(Refusal::Time(_))), "{beyond:?}");
        let late = slot.move_to(Some(last(60)), None, None).unwrap();
        assert!(matches!(delay(late, mins(30), vec![]), Err(Refusal::Time(_))));
    }

    #[test]
    fn a_move_replaces_the_plan() {
        let delayed = delay(slot("m1", 100, 200), mins(5), vec![]).unwrap().remove(0);
        let moved = delayed.clone().move_to(Some(at(500)), None, None).unwrap();
        assert_eq!((moved.planned_start, moved.state), (at(500), State::Rescheduled));
        assert_eq!(moved.time.duration(), mins(100));
        let elsewhere = "sites/s/venues/v/zones/pitch-2".parse().unwrap();
        let swapped = delayed.clone().move_to(None, None, Some(elsewhere)).unwrap();
        assert_eq!((swapped.planned_start, swapped.state), (at(100), State::Delayed));
        assert!(matches!(delayed.move_to(None, None, None), Err(Refusal::Unchanged { .. })));
        assert_eq!(slot("m1", 0, 9).move_to(None, Some(mins(0)), None), Err(Refusal::Length));
    }

    #[test]
    fn a_version_says_where_and_when() {
        let pitch_2: ZoneName = "sites/s/venues/v/zones/pitch-2".parse().unwrap();
        let delayed = delay(slot("m1", 100, 200), mins(5), vec![]).unwrap().remove(0);
        let elsewhere = delayed.clone().planned_for(pitch_2.clone(), delayed.time);
        assert_eq!((elsewhere.planned_start, elsewhere.state), (at(100), State::Delayed));
        let again = slot("m1", 100, 200).cancel().unwrap().planned_for(pitch_2, delayed.time);
        assert_eq!((again.planned_start, again.state), (at(105), State::Rescheduled));
        assert_eq!(again.planned_end, at(205));
    }

    proptest! {
        /// Activities of a session that followed one another still do after a delay, in the same order.
        #[test]
        fn order_is_kept(lengths in prop::collection::vec((1i64..120, 0i64..60), 1..12), which in 0usize..12, by in 1i64..300) {
            let mut start = 0;
            let session: Vec<Slot> = lengths.iter().enumerate().map(|(index, (length, gap))| {
                let slot = slot(&format!("a{index}"), start, start + length);
                start += length + gap;
                slot
            }).collect();
            let which = which % session.len();
            let changed = delay(session[which].clone(), mins(by), session.clone()).unwrap();
            let after: Vec<Slot> = session.iter().map(|before| {
                changed.iter().find(|slot| slot.activity == before.activity).unwrap_or(before).clone()
            }).collect();
            for pair in after.windows(2) {
                prop_assert!(pair[0].time.end() <= pair[1].time.start());
            }
            for (before, after) in session.iter().zip(&after) {
                prop_assert_eq!(before.time.duration(), after.time.duration());
                prop_assert!(after.time.start().since(before.time.start()) <= mins(by));
            }
        }
    }
}
