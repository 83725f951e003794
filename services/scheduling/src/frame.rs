//! The schedule of a tournament with all that a timetable of it is checked against and made of: as it is stored, and as
//! the venues know it.

mod warm_ups;

use std::collections::BTreeMap;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, Interval, Violation, Zone, civil::Date};
use matchday_rpc::parse::{to_duration, to_timestamp};
use matchday_runtime::Desk;
use matchday_store::{Conn, Record, StoreError};
use matchday_timetable::{
    model,
    validate::{Code, Fault},
};
use tonic::Status;

use crate::{
    Error,
    domain::{
        check::timetable::{Activity, Played, Session, Side, Team, Timetable},
        frame::completed,
        instance::{Material, Placement, Stated, WarmUp, state},
        slot::State,
    },
    grpc::{frame_value, rules as read_rules},
    inquiry::Inquiry,
    store::{
        activities::{self, ActivityRow},
        frames::{self, FrameRow},
        officials::{self, OfficialRow},
        rules,
        tournaments::{SessionRow, TeamRow, TournamentRow},
    },
};

/// What was read of a tournament.
pub(crate) struct Basis {
    /// What a timetable is stated of.
    pub(crate) material: Material,
    /// The rules in force, in the order of the material's.
    pub(crate) rules: Vec<pb::Rule>,
    /// Where they come from.
    pub(crate) origin: pb::RuleOrigin,
    /// The whole schedule, cancelled activities included, by start.
    pub(crate) activities: Vec<pb::Activity>,
}

/// Reads everything that a timetable of a tournament is checked against and made of. The venues are asked what others
/// hold; where they do not answer, the schedule says why.
///
/// # Errors
/// There is no such tournament, or the store cannot be read.
pub(crate) async fn read(desk: &Desk, inquiry: &Inquiry, tournament: &str) -> Result<Basis, Status> {
    let mut conn = desk.read().await?;
    let row = TournamentRow::get(&mut conn, tournament).await.map_err(Error::from)?;
    let applied_rules = rules::of_tournament(&mut conn, tournament).await.map_err(Error::from)?;
    let officials = officials::of_tournament(&mut conn, tournament).await.map_err(Error::from)?;
    let frame_row = FrameRow::find(&mut conn, &frames::name(tournament)).await.map_err(Error::from)?;
    let Stored { mut timetable, activities } = stored(&mut conn, &row).await?;
    // the venues may take their time: nobody waits for this connection meanwhile
    drop(conn);
    let sites: Vec<String> = row.sites.split_whitespace().map(str::to_owned).collect();
    let date = |text: &str| text.parse().map_err(|error| Error::from(Common::internal(error)));
    let dates: [Date; 2] = [date(&row.start_date)?, date(&row.end_date)?];
    timetable.venues = inquiry.ask(tournament, &sites, whole(&timetable, dates)).await;
    let frame = applied(frame_row.as_ref(), tournament).map_err(Error::from)?;
    let frame = frame_value::frame("frame.", &completed(frame, &timetable))?;
    let (rules, origin) = read_rules::in_force(applied_rules);
    let material = Material {
        tournament: tournament.trim_start_matches("tournaments/").to_owned(),
        dates,
        timetable,
        rules: rules.iter().map(|rule| read_rules::read("", rule)).collect::<Result<_, _>>()?,
        frame,
        officials: officials
            .iter()
            .map(OfficialRow::official)
            .collect::<Result<_, _>>()
            .map_err(Error::from)?,
        now: desk.now(),
    };
    Ok(Basis { material, rules, origin, activities })
}

/// The frame that was applied to a tournament; an empty one when nobody applied any.
pub(crate) fn applied(row: Option<&FrameRow>, tournament: &str) -> Result<pb::TimetableFrame, StoreError> {
    let empty = || pb::TimetableFrame { name: frames::name(tournament), ..pb::TimetableFrame::default() };
    row.map_or_else(|| Ok(empty()), FrameRow::frame)
}

/// A schedule as it is stored.
pub(crate) struct Stored {
    /// As it is checked, without what the venues know.
    pub(crate) timetable: Timetable,
    /// The whole of it, cancelled activities included, by start.
    pub(crate) activities: Vec<pb::Activity>,
}

/// Reads the schedule of a tournament.
pub(crate) async fn stored(conn: &mut Conn, tournament: &TournamentRow) -> Result<Stored, Error> {
    let zone: Zone = tournament.time_zone.parse().map_err(Common::internal)?;
    let rows = activities::of_tournament(conn, &tournament.name).await?;
    let activities = rows.iter().cloned().map(pb::Activity::from).collect();
    let read = rows.into_iter().map(activity).collect::<Result<_, Error>>()?;
    let mut timetable = Timetable::new(zone, read);
    let (first, until) = (format!("{}/", tournament.name), format!("{}0", tournament.name));
    let teams = TeamRow::between(conn, &first, &until, i64::MAX).await?;
    timetable.teams = teams.into_iter().map(team).collect();
    let sessions = SessionRow::between(conn, &first, &until, i64::MAX).await?;
    timetable.sessions = sessions.into_iter().map(session).collect();
    Ok(Stored { timetable, activities })
}

fn activity(row: ActivityRow) -> Result<(State, Activity), Error> {
    let slot = row.slot()?;
    let stored = pb::Activity::from(row);
    let played = stored.r#match.map(|played| Played {
        sides: [&played.home, &played.away].map(|side| Side::read(side, &played.competition)),
        competition: played.competition,
        stage: played.stage,
        group: played.group,
        officials: played.officials,
        round: u32::try_from(played.round).unwrap_or_default(),
    });
    let activity = Activity::new(&slot, stored.title, stored.session, stored.pinned, played)
        .map_err(Common::internal)?;
    Ok((slot.state, activity))
}

fn team(row: TeamRow) -> (String, Team) {
    let TeamRow { display_name, competition, drawn_group: group, country, .. } = row;
    (row.name, Team { display_name, competition, group, country })
}

fn session(row: SessionRow) -> (String, Session) {
    let expected = u32::try_from(row.expected_attendance).unwrap_or_default();
    (row.name, Session { title: row.title, venue: row.venue, expected })
}

/// From the first moment that a zone is needed to the last, and all days of the tournament.
fn whole(timetable: &Timetable, dates: [Date; 2]) -> Option<Interval> {
    let [first, last] = dates.map(|date| timetable.zone.day(date));
    let needed = timetable.activities.iter().map(|activity| activity.occupation);
    let (start, end) = needed.fold((first.start(), last.end()), |(start, end), time| {
        (start.min(time.start()), end.max(time.end()))
    });
    Interval::new(start, end).ok()
}

impl Basis {
    /// States the schedule as an instance of the timetable engine.
    ///
    /// # Errors
    /// [`Error::TimetableInvalid`] with everything that is wrong with it.
    pub(crate) fn state(&self) -> Result<Stated, Error> {
        state(&self.material).map_err(|faults| self.invalid(faults))
    }

    /// The refusal of a schedule with these faults.
    pub(crate) fn invalid(&self, faults: Vec<Fault>) -> Error {
        let violation =
            |fault: Fault| Violation { subject: subject(fault.code).to_owned(), description: fault.what };
        Error::TimetableInvalid {
            tournament: format!("tournaments/{}", self.material.tournament),
            faults: faults.into_iter().map(violation).collect(),
        }
    }

    /// The whole schedule as a timetable would have it: matches where it puts them, with the warm-up areas they need
    /// there, everything else as it is. A match that kicks off at another time is rescheduled; those that are called
    /// off, by name, need no warm-up area.
    pub(crate) fn propose(
        &self,
        stated: &Stated,
        timetable: &model::Timetable,
        called_off: &[String],
    ) -> Vec<pb::Activity> {
        let placed: BTreeMap<String, Placement> = stated
            .placements(timetable)
            .into_iter()
            .map(|placement| (placement.activity.clone(), placement))
            .collect();
        let mut activities = self.activities.clone();
        for activity in &mut activities {
            if let Some(placement) = placed.get(&activity.name) {
                put(activity, placement);
            }
        }
        let mut warm_ups = stated.warm_ups(timetable);
        warm_ups.retain(|warm_up| !called_off.contains(&warm_up.game));
        warm_ups.extend(called_off.iter().map(|game| WarmUp { game: game.clone(), area: None }));
        warm_ups::book(&mut activities, warm_ups, self.material.now);
        activities
    }
}

/// What a fault is about.
fn subject(code: Code) -> &'static str {
    match code {
        Code::Size => "size",
        Code::Days => "days",
        Code::Duplicate => "duplicate",
        Code::Unknown => "unknown",
        Code::Time => "time",
        Code::NeverOpen => "never-open",
        Code::Cycle => "cycle",
        Code::Group => "group",
        Code::Pins => "pins",
        Code::Places => "places",
        Code::Rule => "rule",
        Code::Disruption => "disruption",
    }
}

/// Puts a match where a timetable has it.
fn put(activity: &mut pb::Activity, placement: &Placement) {
    let start = Some(to_timestamp(placement.time.start()));
    if activity.start_time != start {
        activity.start_time = start;
        activity.planned_start_time = start;
        activity.state = pb::ActivityState::Rescheduled.into();
    }
    activity.zone.clone_from(&placement.zone);
    activity.end_time = Some(to_timestamp(placement.time.end()));
    activity.set_up = Some(to_duration(placement.set_up));
    activity.turnaround = Some(to_duration(placement.turnaround));
    activity.session.clone_from(&placement.session);
    if let Some(played) = &mut activity.r#match {
        played.officials.clone_from(&placement.officials);
    }
}
