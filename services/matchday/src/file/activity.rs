//! The activities in the file of a tournament.

use matchday_api::scheduling::v1::{Activity, ActivityKind, Match, Result as MatchResult};
use matchday_kernel::{ActivityName, Instant, Slug, TimeError, ZoneName};
use matchday_rpc::parse::{to_duration, to_timestamp};
use serde::Deserialize;

use super::FileError;
use super::item::{Item, Text};
use super::tournament::Frame;

/// The fields that can be generated, as the contract names them.
const FIELDS: [&str; 18] = [
    "kind",
    "title",
    "zone",
    "start_time",
    "end_time",
    "set_up",
    "turnaround",
    "session",
    "match.competition",
    "match.stage",
    "match.group",
    "match.home",
    "match.away",
    "match.round",
    "match.result",
    "match.officials",
    "service_class",
    "pinned",
];

/// An activity as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActivityEntry {
    pub(super) id: Text,
    kind: Text,
    title: Text,
    zone: Text,
    start: Text,
    duration: Text,
    set_up: Option<Text>,
    turnaround: Option<Text>,
    session: Option<Text>,
    class: Option<Text>,
    #[serde(default)]
    pinned: bool,
    #[serde(rename = "match")]
    played: Option<MatchEntry>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchEntry {
    competition: Text,
    stage: Text,
    group: Option<String>,
    round: Option<Text>,
    home: Text,
    away: Text,
    result: Option<ResultEntry>,
    #[serde(default)]
    officials: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultEntry {
    home_goals: Option<Text>,
    away_goals: Option<Text>,
    note: Option<String>,
}

/// Turns an entry into an activity of the contract.
///
/// # Errors
/// [`FileError::Field`]
pub(super) fn read(item: &Item<'_>, frame: &Frame, entry: ActivityEntry) -> Result<Activity, FileError> {
    let id: Slug = item.parse("id", &entry.id)?;
    let kind: ActivityKind = item.word("kind", &entry.kind)?;
    if (kind == ActivityKind::Match) != entry.played.is_some() {
        let problem = "an activity of the kind match, and no other, has a `match`";
        return Err(item.wrong("kind", &entry.kind, problem));
    }
    let zone: ZoneName = item.place("zone", &entry.zone, &["sites", "venues", "zones"])?;
    frame.check_site(item, "zone", &entry.zone, &zone.parent().parent())?;
    let (start, end) = read_times(item, frame, &entry)?;
    let played = entry.played.map(|played| read_match(&item.within("match"), frame, played)).transpose()?;
    Ok(Activity {
        name: ActivityName::new(&frame.tournament, id).into(),
        kind: kind.into(),
        title: item.text("title", &entry.title)?,
        zone: zone.into(),
        start_time: Some(to_timestamp(start)),
        end_time: Some(to_timestamp(end)),
        set_up: Some(to_duration(item.duration("set_up", entry.set_up.as_ref())?)),
        turnaround: Some(to_duration(item.duration("turnaround", entry.turnaround.as_ref())?)),
        session: read_session(item, frame, entry.session.as_ref())?,
        service_class: item.optional_id("class", entry.class.as_ref())?,
        pinned: entry.pinned,
        r#match: played,
        provenance: item.provenance(entry.source, entry.generated, &FIELDS)?,
        ..Activity::default()
    })
}

fn read_times(
    item: &Item<'_>,
    frame: &Frame,
    entry: &ActivityEntry,
) -> Result<(Instant, Instant), FileError> {
    let start = frame
        .zone
        .parse_local_or_offset(&entry.start.value)
        .map_err(|error: TimeError| item.wrong("start", &entry.start, error))?;
    let wrong = |problem: &str| item.wrong("duration", &entry.duration, problem);
    let duration = item.duration("duration", Some(&entry.duration))?;
    let end =
        start.checked_add(duration).ok_or_else(|| wrong("the activity would end beyond the calendar"))?;
    if end <= start {
        return Err(wrong("is shorter than a microsecond"));
    }
    Ok((start, end))
}

fn read_session(item: &Item<'_>, frame: &Frame, session: Option<&Text>) -> Result<String, FileError> {
    let Some(session) = session else {
        return Ok(String::new());
    };
    match frame.sessions.get(&session.value) {
        Some(name) => Ok(name.to_string()),
        None => {
            Err(item.wrong("session", session, format!("{:?} is no session of this file", session.value)))
        }
    }
}

fn read_match(item: &Item<'_>, frame: &Frame, entry: MatchEntry) -> Result<Match, FileError> {
    let result = entry.result.map(|result| read_result(&item.within("result"), result)).transpose()?;
    let officials = entry.officials.iter().map(|id| item.parse::<Slug>("officials", id));
    Ok(Match {
        competition: item.text("competition", &entry.competition)?,
        stage: item.text("stage", &entry.stage)?,
        group: entry.group.unwrap_or_default(),
        round: item.count("round", entry.round.as_ref())?.unwrap_or_default(),
        home: read_side(item, frame, "home", &entry.home)?,
        away: read_side(item, frame, "away", &entry.away)?,
        result,
        officials: officials.map(|id| id.map(|id| id.to_string())).collect::<Result<_, _>>()?,
        ..Match::default()
    })
}

/// Reads a side of a match: the id of a team, or a slot in words. A lone id that is no team's is taken
/// for a slip of the pen, not for a slot.
fn read_side(item: &Item<'_>, frame: &Frame, field: &str, side: &Text) -> Result<String, FileError> {
    if let Some(team) = frame.teams.get(&side.value) {
        return Ok(team.to_string());
    }
    if side.value.parse::<Slug>().is_ok() {
        let problem = format!(
            "{:?} is no team of this file; a slot is written in words, like `winner of m25`",
            side.value
        );
        return Err(item.wrong(field, side, problem));
    }
    item.text(field, side)
}

fn read_result(item: &Item<'_>, entry: ResultEntry) -> Result<MatchResult, FileError> {
    Ok(MatchResult {
        home_goals: item.count("home_goals", entry.home_goals.as_ref())?,
        away_goals: item.count("away_goals", entry.away_goals.as_ref())?,
        note: entry.note.unwrap_or_default(),
        ..MatchResult::default()
    })
}
