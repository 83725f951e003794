//! Activities and sessions as a service plan sees them: a class, and key times.

use matchday_api::scheduling::v1::{self as pb, OnDelay};
use matchday_kernel::{Instant, Interval, KeyMoment, KeyTime, VenueName, ZoneName};
use matchday_rpc::parse;

/// An activity or a session, with what the service plan in force says of its class.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// Name of the activity or session.
    pub name: String,
    /// Name of the tournament.
    pub tournament: String,
    /// What people call it.
    pub title: String,
    /// Name of the zone of an activity, of the venue of a session.
    pub place: String,
    /// Name of the venue.
    pub venue: VenueName,
    /// Whether it is a session.
    pub is_session: bool,
    /// Whether it takes place: a schedule version with it is in force, and it is not cancelled.
    pub takes_place: bool,
    /// Spectators expected at a session; 0 when nobody said.
    pub expected_attendance: i32,
    /// Its class in the plan in force; `None` when it has none, or the plan does not know it.
    pub class: Option<pb::PlanClass>,
    /// Name of the plan in force; empty before one was applied.
    pub plan: String,
    /// The activity, when it is one.
    pub activity: Option<pb::Activity>,
    now: KeyTimes,
    planned: KeyTimes,
}

/// Why a moment of a plan is no time of an occasion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{occasion}: {problem}")]
pub struct Unresolved {
    /// Name of the occasion.
    pub occasion: String,
    /// Why.
    pub problem: String,
}

/// The key times of an occasion that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct KeyTimes {
    start: Option<Instant>,
    end: Option<Instant>,
    kick_off: Option<Instant>,
    gates: Option<Instant>,
    clear: Option<Instant>,
}

impl KeyTimes {
    fn at(&self, key: KeyTime) -> Option<Instant> {
        match key {
            KeyTime::KickOff => self.kick_off,
            KeyTime::Start => self.start,
            KeyTime::End => self.end,
            KeyTime::GatesOpen => self.gates,
            KeyTime::Clear => self.clear,
        }
    }

    fn moment(&self, text: &str) -> Result<Instant, String> {
        let moment: KeyMoment = text.parse().map_err(|error| format!("{error}"))?;
        moment.resolve(|key| self.at(key)).ok_or_else(|| match moment {
            KeyMoment::Relative { key, .. } if self.at(key).is_none() => format!("{key} is not known here"),
            _ => format!("{moment} lies beyond the calendar"),
        })
    }
}

impl Occasion {
    /// The moment a text stands for, after all delays.
    ///
    /// # Errors
    /// [`Unresolved`] when its key time is not known here.
    pub fn moment(&self, text: &str) -> Result<Instant, Unresolved> {
        self.now.moment(text).map_err(|problem| self.unresolved(problem))
    }

    /// When an item takes place that has not begun: what moves follows delays with both ends, what is extended
    /// with its end, what stays with none.
    ///
    /// # Errors
    /// [`Unresolved`] when a key time is not known here, or the item would end before it starts.
    pub fn interval(&self, start: &str, end: &str, on_delay: OnDelay) -> Result<Interval, Unresolved> {
        match on_delay {
            OnDelay::Move | OnDelay::Unspecified => self.between(&self.now, start, &self.now, end),
            OnDelay::Extend => self.between(&self.planned, start, &self.now, end),
            OnDelay::Stay => self.planned(start, end),
        }
    }

    /// When an item was planned to take place, before any delay.
    ///
    /// # Errors
    /// As [`Occasion::interval`].
    pub fn planned(&self, start: &str, end: &str) -> Result<Interval, Unresolved> {
        self.between(&self.planned, start, &self.planned, end)
    }

    /// The place of an item: the zone of that id at the venue, or the occasion's own place.
    #[must_use]
    pub fn item_place(&self, zone: &str) -> String {
        if zone.is_empty() { self.place.clone() } else { format!("{}/zones/{zone}", self.venue) }
    }

    fn between(
        &self,
        from: &KeyTimes,
        start: &str,
        until: &KeyTimes,
        end: &str,
    ) -> Result<Interval, Unresolved> {
        let interval = from.moment(start).and_then(|from| {
            let until = until.moment(end)?;
            Interval::new(from, until).map_err(|_| format!("{start} to {end} ends before it starts"))
        });
        interval.map_err(|problem| self.unresolved(problem))
    }

    fn unresolved(&self, problem: String) -> Unresolved {
        Unresolved { occasion: self.name.clone(), problem }
    }
}

/// An activity as scheduling last told it, and whether a version with it is in force.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) activity: pb::Activity,
    pub(crate) is_published: bool,
}

/// A session in the same way. One that has lost its last activity is still an occasion: it does not take place.
#[derive(Clone, Debug)]
pub(crate) struct KnownSession {
    pub(crate) session: pb::Session,
    pub(crate) is_published: bool,
}

impl Known {
    fn takes_place(&self) -> bool {
        self.is_published && self.activity.state() != pb::ActivityState::Cancelled
    }

    /// The key times now and as planned. What was never delayed has the same. What is over before its planned end
    /// counts as if it ended then: nobody is sent home, and no gate is given up, before that.
    fn key_times(&self) -> (KeyTimes, KeyTimes) {
        let read = |time| parse::instant("", time).ok().flatten();
        let (start, end) = (read(self.activity.start_time), read(self.activity.end_time));
        let planned_start = read(self.activity.planned_start_time).or(start);
        let length = start.zip(end).map(|(start, end)| end.since(start));
        let as_long = || planned_start.zip(length).and_then(|(from, length)| from.checked_add(length));
        let planned_end = read(self.activity.planned_end_time).or_else(as_long);
        let is_over =
            matches!(self.activity.state(), pb::ActivityState::Abandoned | pb::ActivityState::Finished);
        let end = if is_over { end.max(planned_end) } else { end };
        let is_match = self.activity.r#match.is_some();
        let times = |start: Option<Instant>, end| KeyTimes {
            start,
            end,
            kick_off: start.filter(|_| is_match),
            ..KeyTimes::default()
        };
        (times(start, end), times(planned_start, planned_end))
    }
}

/// The occasions of a session and its activities, or of one activity without a session. Those that no version
/// in force ever held are left out: nothing was derived from them.
pub(crate) fn group(
    tournament: &str,
    session: Option<&KnownSession>,
    activities: &[Known],
    plan: Option<&pb::ServicePlan>,
) -> Vec<Occasion> {
    let class_of = |id: &str, subject: pb::PlanSubject| {
        let classes = plan.map(|plan| plan.classes.as_slice()).unwrap_or_default();
        classes.iter().find(|class| class.id == id && class.subject() == subject).cloned()
    };
    let plan_name = plan.map(|plan| plan.name.clone()).unwrap_or_default();
    let mut occasions = Vec::new();
    let (mut gates, mut clear) = ((None, None), (None, None));
    if let Some(KnownSession { session, is_published }) = session
        && let Ok(venue) = session.venue.parse::<VenueName>()
        && (*is_published || activities.iter().any(|known| known.is_published))
    {
        let class = class_of(&session.service_class, pb::PlanSubject::Session);
        let (mut now, mut planned) = of_session(activities);
        if let Some(gate_plan) = class.as_ref().and_then(|class| class.gates.as_ref()) {
            gates = (now.moment(&gate_plan.opens).ok(), planned.moment(&gate_plan.opens).ok());
            clear = (now.moment(&gate_plan.clears).ok(), planned.moment(&gate_plan.clears).ok());
        }
        (now.gates, planned.gates) = gates;
        (now.clear, planned.clear) = clear;
        occasions.push(Occasion {
            name: session.name.clone(),
            tournament: tournament.to_owned(),
            title: session.title.clone(),
            place: session.venue.clone(),
            venue,
            is_session: true,
            takes_place: activities.iter().any(Known::takes_place),
            expected_attendance: session.expected_attendance,
            class,
            plan: plan_name.clone(),
            activity: None,
            now,
            planned,
        });
    }
    for known in activities.iter().filter(|known| known.is_published) {
        let activity = &known.activity;
        // scheduling has checked it
        let Ok(zone) = activity.zone.parse::<ZoneName>() else { continue };
        let (mut now, mut planned) = known.key_times();
        (now.gates, planned.gates) = gates;
        (now.clear, planned.clear) = clear;
        occasions.push(Occasion {
            name: activity.name.clone(),
            tournament: tournament.to_owned(),
            title: activity.title.clone(),
            place: activity.zone.clone(),
            venue: zone.parent(),
            is_session: false,
            takes_place: known.takes_place(),
            expected_attendance: 0,
            class: class_of(&activity.service_class, pb::PlanSubject::Activity),
            plan: plan_name.clone(),
            activity: Some(activity.clone()),
            now,
            planned,
        });
    }
    occasions
}

/// The key times of a session, of the activities in it that take place; of all when none does.
fn of_session(activities: &[Known]) -> (KeyTimes, KeyTimes) {
    let is_any = activities.iter().any(Known::takes_place);
    let counted = activities.iter().filter(|known| !is_any || known.takes_place());
    let (mut now, mut planned) = (KeyTimes::default(), KeyTimes::default());
    for known in counted {
        let (its_now, its_planned) = known.key_times();
        for (whole, its) in [(&mut now, its_now), (&mut planned, its_planned)] {
            whole.start = earlier(whole.start, its.start);
            whole.kick_off = earlier(whole.kick_off, its.kick_off);
            whole.end = whole.end.max(its.end);
        }
    }
    (now, planned)
}

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use matchday_kernel::SignedDuration;
    use matchday_rpc::parse::to_timestamp;

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    fn activity(id: &str, planned: i64, start: i64, length: i64, is_match: bool) -> Known {
        let activity = pb::Activity {
            name: format!("tournaments/t/activities/{id}"),
            zone: "sites/s/venues/v/zones/pitch".into(),
            start_time: Some(to_timestamp(at(start))),
            end_time: Some(to_timestamp(at(start + length))),
            planned_start_time: Some(to_timestamp(at(planned))),
            r#match: is_match.then(pb::Match::default),
            session: "tournaments/t/sessions/opening".into(),
            service_class: "group-match".into(),
            ..pb::Activity::default()
        };
        Known { activity, is_published: true }
    }

    fn session() -> KnownSession {
        let session = pb::Session {
            name: "tournaments/t/sessions/opening".into(),
            venue: "sites/s/venues/v".into(),
            service_class: "opening".into(),
            ..pb::Session::default()
        };
        KnownSession { session, is_published: false }
    }

    fn plan() -> pb::ServicePlan {
        let gates =
            pb::GatePlan { opens: "KO-120".into(), clears: "END+45".into(), ..pb::GatePlan::default() };
        let class = |id: &str, subject: pb::PlanSubject, gates| pb::PlanClass {
            id: id.into(),
            subject: subject.into(),
            gates,
            ..pb::PlanClass::default()
        };
        pb::ServicePlan {
            name: "tournaments/t/plans/1".into(),
            classes: vec![
                class("opening", pb::PlanSubject::Session, Some(gates)),
                class("group-match", pb::PlanSubject::Activity, None),
            ],
            ..pb::ServicePlan::default()
        }
    }

    /// A ceremony at minute 900, a match planned at 1000 and delayed to 1045.
    fn delayed() -> Vec<Occasion> {
        let activities = [
            activity("ceremony", 900, 900, 60, false),
            Known { is_published: true, ..activity("m01", 1000, 1045, 115, true) },
        ];
        group("tournaments/t", Some(&session()), &activities, Some(&plan()))
    }

    fn mins(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_session_counts_from_its_first_match_and_its_last_end() {
        let occasions = delayed();
        let session = &occasions[0];
        assert!(session.is_session && session.takes_place);
        assert_eq!(session.moment("KO-120"), Ok(at(925)));
        assert_eq!(session.moment("GATES"), Ok(at(925)));
        assert_eq!(session.moment("CLEAR"), Ok(at(1045 + 115 + 45)));
        assert_eq!(session.moment("START"), Ok(at(900)));
    }

    #[test]
    fn an_item_moves_is_extended_or_stays() {
        let occasions = delayed();
        let m01 = &occasions[2];
        let whole = m01.interval("KO-300", "END+60", OnDelay::Extend).unwrap();
        assert_eq!(whole, Interval::new(at(700), at(1220)).unwrap());
        assert_eq!(whole.duration(), mins(520), "eight hours forty");
        assert_eq!(m01.planned("KO-300", "END+60").unwrap().duration(), mins(475));
        let moved = m01.interval("KO-10", "KO", OnDelay::Move).unwrap();
        assert_eq!(moved, Interval::new(at(1035), at(1045)).unwrap());
        let stays = m01.interval("KO-10", "KO", OnDelay::Stay).unwrap();
        assert_eq!(stays, Interval::new(at(990), at(1000)).unwrap());
        assert_eq!(m01.moment("GATES-15"), Ok(at(910)), "the gates are those of its session");
    }

    #[test]
    fn extra_time_moves_the_end_and_not_the_plan() {
        let mut known = activity("m01", 1000, 1007, 115 + 38, true);
        known.activity.planned_end_time = Some(to_timestamp(at(1115)));
        known.activity.state = pb::ActivityState::InPlay.into();
        let occasions = group("tournaments/t", None, &[known], Some(&plan()));
        let m01 = &occasions[0];
        assert_eq!((m01.moment("KO"), m01.moment("END")), (Ok(at(1007)), Ok(at(1160))));
        assert_eq!(m01.planned("KO", "END").unwrap(), Interval::new(at(1000), at(1115)).unwrap());
    }

    #[test]
    fn what_is_over_early_ends_as_planned_for_those_who_work() {
        let mut known = activity("m01", 1000, 1000, 30, true);
        known.activity.planned_end_time = Some(to_timestamp(at(1115)));
        known.activity.state = pb::ActivityState::Abandoned.into();
        let occasions = group("tournaments/t", None, &[known.clone()], Some(&plan()));
        assert_eq!(occasions[0].moment("END"), Ok(at(1115)));
        known.activity.end_time = Some(to_timestamp(at(1140)));
        let occasions = group("tournaments/t", None, &[known], Some(&plan()));
        assert_eq!(occasions[0].moment("END"), Ok(at(1140)));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let alone = [activity("market", 0, 0, 60, false)];
        let occasions = group("tournaments/t", None, &alone, Some(&plan()));
        let problem = occasions[0].moment("KO-5").unwrap_err().to_string();
        assert_eq!(problem, "tournaments/t/activities/market: KO is not known here");
        assert!(occasions[0].interval("END", "START", OnDelay::Move).is_err());
        assert!(occasions[0].moment("soon").is_err());
    }

    #[test]
    fn what_was_never_published_is_no_occasion_and_what_is_cancelled_does_not_take_place() {
        let mut one = activity("m01", 0, 0, 60, true);
        one.is_published = false;
        assert!(group("tournaments/t", Some(&session()), &[one.clone()], None).is_empty());
        one.is_published = true;
        one.activity.state = pb::ActivityState::Cancelled.into();
        let occasions = group("tournaments/t", Some(&session()), &[one], None);
        assert_eq!(occasions.len(), 2);
        assert!(occasions.iter().all(|occasion| !occasion.takes_place && occasion.class.is_none()));
    }

    #[test]
    fn a_session_without_activities_does_not_take_place() {
        let emptied = KnownSession { is_published: true, ..session() };
        let occasions = group("tournaments/t", Some(&emptied), &[], Some(&plan()));
        assert_eq!(occasions.len(), 1);
        assert!(!occasions[0].takes_place && occasions[0].moment("GATES").is_err());
        assert!(group("tournaments/t", Some(&session()), &[], None).is_empty(), "it never was in force");
    }

    #[test]
    fn items_stand_at_their_zone_or_at_the_occasion() {
        let occasions = delayed();
        assert_eq!(occasions[0].item_place(""), "sites/s/venues/v");
        assert_eq!(occasions[2].item_place(""), "sites/s/venues/v/zones/pitch");
        assert_eq!(occasions[2].item_place("stands"), "sites/s/venues/v/zones/stands");
    }
}
