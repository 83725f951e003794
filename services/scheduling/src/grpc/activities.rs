//! Activities: read, checked, created, changed; delayed, moved and cancelled by verbs.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{
    ActivityName, Common, Instant, SessionName, SignedDuration, Slug, TeamName, TournamentName, ZoneName,
};
use matchday_rpc::parse::{self, Mask};
use matchday_store::{Conn, Record, Tx};

use super::{emit, optional_id, season};
use crate::{
    Error,
    domain::{
        place,
        slot::{self, LONGEST, LONGEST_BUFFER},
    },
    store::{
        activities::{self, ActivityRow},
        tournaments::{SessionRow, TeamRow, TournamentRow},
        versions,
    },
};

/// Most officials of one match.
const MOST_OFFICIALS: usize = 20;
/// Most rounds of a group or league.
const MOST_ROUNDS: i32 = 200;
/// Most goals or kicks of one side: no published result comes near.
const MOST_GOALS: i32 = 200;

/// Reads an activity as it is planned.
pub(crate) fn activity(name: &ActivityName, wanted: pb::Activity) -> Result<ActivityRow, Error> {
    let kind: pb::ActivityKind = parse::one_of("activity.kind", wanted.kind)?;
    let zone: ZoneName = parse::text_as("activity.zone", &wanted.zone)?;
    let time = parse::interval("activity.", wanted.start_time, wanted.end_time)?;
    if time.duration() > LONGEST {
        return Err(Common::field("activity.end_time", "is more than 366 days after the start").into());
    }
    if !wanted.session.is_empty() {
        let session: SessionName = parse::text_as("activity.session", &wanted.session)?;
        if session.parent() != name.parent() {
            return Err(
                Common::field("activity.session", format!("{session} is of another tournament")).into()
            );
        }
    }
    if (kind == pb::ActivityKind::Match) != wanted.r#match.is_some() {
        return Err(Common::field("activity.match", "is required for a match, and for nothing else").into());
    }
    let played = wanted.r#match.unwrap_or_default();
    let set_up = parse::duration("activity.set_up", wanted.set_up, LONGEST_BUFFER)?;
    let turnaround = parse::duration("activity.turnaround", wanted.turnaround, LONGEST_BUFFER)?;
    time.with_buffers(set_up, turnaround).map_err(|error| Common::field("activity.end_time", error))?;
    // at most seven days: it fits
    let micros = |length: SignedDuration| i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
    let provenance = parse::provenance("activity.provenance", wanted.provenance)?;
    let is_match = kind == pb::ActivityKind::Match;
    check_officials("activity.match.officials", &played.officials)?;
    let result = played.result.as_ref();
    Ok(ActivityRow {
        name: name.to_string(),
        kind: kind.into(),
        title: parse::required_text("activity.title", &wanted.title)?,
        zone: zone.to_string(),
        starts: time.start().as_micros(),
        ends: time.end().as_micros(),
        planned_start: time.start().as_micros(),
        planned_end: time.end().as_micros(),
        set_up: micros(set_up),
        turnaround: micros(turnaround),
        session: wanted.session,
        competition: in_match(is_match, "competition", &played.competition)?,
        stage: in_match(is_match, "stage", &played.stage)?,
        match_group: parse::optional_text("activity.match.group", &played.group)?,
        home: in_match(is_match, "home", &played.home)?,
        away: in_match(is_match, "away", &played.away)?,
        home_goals: result
            .map_or(Ok(None), |result| goals("activity.match.result.home_goals", result.home_goals))?,
        away_goals: result
            .map_or(Ok(None), |result| goals("activity.match.result.away_goals", result.away_goals))?,
        result_note: result
            .map(|result| parse::optional_text("activity.match.result.note", &result.note))
            .transpose()?,
        outcome: result.map_or(Ok(None), |result| outcome(result.outcome))?,
        home_penalties: result.map_or(Ok(None), |result| {
            goals("activity.match.result.home_penalties", result.home_penalties)
        })?,
        away_penalties: result.map_or(Ok(None), |result| {
            goals("activity.match.result.away_penalties", result.away_penalties)
        })?,
        awarded_to: result.map_or(Ok(String::new()), |result| awarded_to(name, result))?,
        state: pb::ActivityState::Scheduled.into(),
        service_class: optional_id("activity.service_class", wanted.service_class)?,
        officials: played.officials.join(" "),
        pinned: wanted.pinned.into(),
        round: round(played.round)?,
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..ActivityRow::default()
    })
}

fn in_match(is_match: bool, field: &str, text: &str) -> Result<String, Error> {
    let field = format!("activity.match.{field}");
    Ok(if is_match { parse::required_text(&field, text)? } else { parse::optional_text(&field, text)? })
}

/// Refuses too many officials of a match, and ids that are none.
pub(super) fn check_officials(field: &str, ids: &[String]) -> Result<(), Error> {
    if ids.len() > MOST_OFFICIALS {
        return Err(Common::field(field, format!("are more than {MOST_OFFICIALS}")).into());
    }
    for (index, id) in ids.iter().enumerate() {
        parse::text_as::<Slug>(&format!("{field}[{index}]"), id)?;
    }
    Ok(())
}

fn round(round: i32) -> Result<i32, Error> {
    if (0..=MOST_ROUNDS).contains(&round) {
        return Ok(round);
    }
    let problem = format!("must lie between 0 and {MOST_ROUNDS}");
    Err(Common::field("activity.match.round", problem).into())
}

/// How a result came about, where somebody said so.
fn outcome(outcome: i32) -> Result<Option<i32>, Error> {
    match outcome {
        0 => Ok(None),
        known => Ok(Some(parse::one_of::<pb::ResultOutcome>("activity.match.result.outcome", known)?.into())),
    }
}

/// The team a match was awarded to; empty when there is none.
fn awarded_to(activity: &ActivityName, result: &pb::Result) -> Result<String, Error> {
    let field = "activity.match.result.awarded_to";
    if !result.awarded_to.is_empty() {
        let team: TeamName = parse::text_as(field, &result.awarded_to)?;
        if team.parent() != activity.parent() {
            return Err(Common::field(field, format!("{team} is of another tournament")).into());
        }
    }
    Ok(result.awarded_to.clone())
}

/// Goals or kicks of one side, where they are known.
pub(super) fn goals(field: &str, goals: Option<i32>) -> Result<Option<i32>, Error> {
    match goals {
        Some(number) if !(0..=MOST_GOALS).contains(&number) => {
            Err(Common::field(field, format!("must lie between 0 and {MOST_GOALS}")).into())
        }
        goals => Ok(goals),
    }
}

/// Refuses what an activity names and is not there: sites, sessions, teams.
async fn check_names(conn: &mut Conn, parent: &TournamentName, row: &ActivityRow) -> Result<(), Error> {
    let tournament = TournamentRow::get(conn, parent.as_str()).await?;
    place::check_at_sites(&row.zone, &tournament.sites)?;
    if !row.session.is_empty() {
        let session = SessionRow::get(conn, &row.session).await?;
        place::check_at_venue(&row.zone, &session.name, &session.venue)?;
    }
    for (field, side) in [("home", &row.home), ("away", &row.away)] {
        // another text is a slot that a team will take, such as `winner of m25`
        if side.starts_with("tournaments/") {
            let name: TeamName = parse::text_as(&format!("activity.match.{field}"), side)?;
            TeamRow::get(conn, name.as_str()).await?;
        }
    }
    Ok(())
}

/// Refuses an activity of a draft that could not be planned by hand.
pub(crate) async fn check_planned(
    conn: &mut Conn,
    parent: &TournamentName,
    wanted: &pb::Activity,
) -> Result<(), Error> {
    let name: ActivityName = parse::text_as("activity.name", &wanted.name)?;
    parse::optional_text("activity.reason", &wanted.reason)?;
    check_names(conn, parent, &activity(&name, wanted.clone())?).await
}

pub(super) fn to_create(request: &pb::CreateActivityRequest) -> Result<(TournamentName, ActivityRow), Error> {
    let parent: TournamentName = parse::text_as("parent", &request.parent)?;
    let id: Slug = parse::text_as("activity_id", &request.activity_id)?;
    let wanted = parse::required("activity", request.activity.clone())?;
    Ok((parent.clone(), activity(&ActivityName::new(&parent, id), wanted)?))
}

pub(super) async fn create(
    tx: &mut Tx,
    parent: TournamentName,
    row: ActivityRow,
) -> Result<pb::CreateActivityResponse, Error> {
    check_names(tx, &parent, &row).await?;
    if let Some(version) = versions::that_brings(tx, &row.name).await? {
        return Err(Error::PublishInProgress { version });
    }
    let activity = pb::Activity::from(row.create(tx).await?);
    let event = pb::ActivityCreated { activity: Some(activity.clone()), version: String::new() };
    emit(tx, &activity.name, &parent, &event);
    Ok(pb::CreateActivityResponse { activity: Some(activity) })
}

pub(super) async fn update(
    tx: &mut Tx,
    request: pb::UpdateActivityRequest,
) -> Result<pb::UpdateActivityResponse, Error> {
    let allowed = [
        "kind",
        "title",
        "session",
        "match",
        "set_up",
        "turnaround",
        "service_class",
        "pinned",
        "provenance",
    ];
    let mask = Mask::new(request.update_mask, &allowed)?;
    let wanted = parse::required("activity", request.activity)?;
    let name: ActivityName = parse::text_as("activity.name", &wanted.name)?;
    let row = ActivityRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Activity::from(current.clone());
        mask.apply("kind", &mut merged.kind, wanted.kind);
        mask.apply("title", &mut merged.title, wanted.title);
        mask.apply("session", &mut merged.session, wanted.session);
        let before = merged.r#match.clone().unwrap_or_default();
        mask.apply("match", &mut merged.r#match, wanted.r#match);
        let played = merged.r#match.clone().unwrap_or_default();
        if played.result != before.result {
            return Err(Common::field("activity.match.result", "is changed by RecordResult alone").into());
        }
        if played.officials != before.officials {
            let problem = "are changed by AppointOfficials alone, which looks whether they may lead it";
            return Err(Common::field("activity.match.officials", problem).into());
        }
        mask.apply("set_up", &mut merged.set_up, wanted.set_up);
        mask.apply("turnaround", &mut merged.turnaround, wanted.turnaround);
        mask.apply("service_class", &mut merged.service_class, wanted.service_class);
        mask.apply("pinned", &mut merged.pinned, wanted.pinned);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        let changed = activity(&name, merged)?;
        // what only verbs change stays
        let [home_slot, away_slot] = current.slots_beside(&changed.home, &changed.away);
        let changed = ActivityRow { home_slot, away_slot, ..changed };
        Ok(changed.with_live(&current.live()?, current.reason.clone()))
    })
    .await?;
    check_names(tx, &name.parent(), &row).await?;
    let activity = Some(pb::Activity::from(row));
    emit(tx, name.as_str(), &name.parent(), &pb::ActivityUpdated { activity: activity.clone() });
    Ok(pb::UpdateActivityResponse { activity })
}

/// A delay, read and checked.
pub(super) struct Delay {
    name: ActivityName,
    by: SignedDuration,
    reason: String,
    etag: String,
    validate_only: bool,
}

impl Delay {
    pub(super) fn parse(request: &pb::DelayActivityRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            by: parse::duration("delay", request.delay, slot::LONGEST_DELAY)?,
            reason: parse::required_text("reason", &request.reason)?,
            etag: request.etag.clone(),
            validate_only: request.validate_only,
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::DelayActivityResponse, Error> {
        let row = ActivityRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let mut rows = vec![row];
        if !rows[0].session.is_empty() {
            let session = activities::of_session(tx, &rows[0].session.clone()).await?;
            rows.extend(session.into_iter().filter(|other| other.name != self.name.as_str()));
        }
        let slots = rows.iter().map(ActivityRow::slot).collect::<Result<Vec<_>, _>>()?;
        let delayed = slot::delay(slots[0].clone(), self.by, slots)?;
        let mut changed = Vec::new();
        // the last one first: followers apply one event after the other, and what comes later makes room
        for slot in delayed.into_iter().rev() {
            let Some(row) = rows.iter().find(|row| row.name == slot.activity).cloned() else { continue };
            let previous = pb::Activity::from(row.clone());
            let row = row.with_slot(&slot, self.reason.clone());
            if self.validate_only {
                changed.push(pb::Activity::from(row));
                continue;
            }
            let activity = pb::Activity::from(row.save(tx).await?);
            let event = pb::ActivityDelayed { activity: Some(activity.clone()), previous: Some(previous) };
            emit(tx, &activity.name, &self.name.parent(), &event);
            changed.push(activity);
        }
        changed.reverse();
        let change = if self.validate_only { String::new() } else { tx.change().to_owned() };
        Ok(pb::DelayActivityResponse { activities: changed, change })
    }
}

/// A move, read and checked.
pub(super) struct Move {
    name: ActivityName,
    start: Option<Instant>,
    length: Option<SignedDuration>,
    zone: Option<ZoneName>,
    reason: String,
    etag: String,
}

impl Move {
    pub(super) fn parse(request: &pb::MoveActivityRequest) -> Result<Self, Error> {
        let is_absent = request.zone.is_empty();
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            start: parse::instant("start_time", request.start_time)?,
            length: request
                .duration
                .map(|duration| parse::duration("duration", Some(duration), LONGEST))
                .transpose()?,
            zone: (!is_absent).then(|| parse::text_as("zone", &request.zone)).transpose()?,
            reason: parse::required_text("reason", &request.reason)?,
            etag: request.etag.clone(),
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::MoveActivityResponse, Error> {
        let row = ActivityRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let previous = pb::Activity::from(row.clone());
        let slot = row.slot()?.move_to(self.start, self.length, self.zone)?;
        let row = row.with_slot(&slot, self.reason);
        check_names(tx, &self.name.parent(), &row).await?;
        let activity = pb::Activity::from(row.save(tx).await?);
        let event = pb::ActivityMoved { activity: Some(activity.clone()), previous: Some(previous) };
        emit(tx, &activity.name, &self.name.parent(), &event);
        Ok(pb::MoveActivityResponse { activity: Some(activity), change: tx.change().to_owned() })
    }
}

/// A cancellation, read and checked.
pub(super) struct Cancel {
    name: ActivityName,
    reason: String,
    etag: String,
}

impl Cancel {
    pub(super) fn parse(request: &pb::CancelActivityRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            reason: parse::required_text("reason", &request.reason)?,
            etag: request.etag.clone(),
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CancelActivityResponse, Error> {
        let row = ActivityRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let slot = row.slot()?.cancel()?;
        let activity = pb::Activity::from(row.with_slot(&slot, self.reason).save(tx).await?);
        let event = pb::ActivityCancelled { activity: Some(activity.clone()) };
        emit(tx, &activity.name, &self.name.parent(), &event);
        let is_of_a_group = activity.r#match.as_ref().is_some_and(|game| !game.group.is_empty());
        if is_of_a_group {
            // it may have been the last that its table waited for
            season::catch_up(tx, &self.name.parent()).await?;
        }
        Ok(pb::CancelActivityResponse { activity: Some(activity), change: tx.change().to_owned() })
    }
}
