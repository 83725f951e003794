//! The steps of the live day: read, decided, kept, told.

use matchday_api::scheduling::v1::{self as pb, correct_match_request::Correction};
use matchday_kernel::{ActivityName, Common, Instant, PageSize, SignedDuration, Slug};
use matchday_rpc::parse::{self, to_duration, to_timestamp};
use matchday_store::{Record, Tx};

use super::{emit, results};
use crate::{
    Error,
    domain::{
        live::{Extension, LONGEST_EXTENSION, Live, Refusal},
        slot,
    },
    store::{
        activities::{self, ActivityRow},
        live,
    },
};

/// Most that others are recorded to have said to one decision.
const MOST_PRECONDITIONS: usize = 20;
/// Most records of one activity.
const MOST_RECORDS: i32 = 1_000;

/// What is recorded.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// It kicked off, or began.
    KickOff,
    /// It was interrupted.
    Suspend,
    /// It goes on.
    Resume,
    /// It lasts so much longer.
    Extend(Extension, SignedDuration),
    /// It was ended before its time.
    Abandon,
    /// It is over.
    Finish,
    /// It kicked off then.
    CorrectKickOff(Instant),
    /// It ended then.
    CorrectEnd(Instant),
    /// It was not over.
    Reopen,
}

/// A step, read and checked.
pub(super) struct Step {
    name: ActivityName,
    what: What,
    time: Option<Instant>,
    decided_by: String,
    reason: String,
    preconditions: Vec<pb::Precondition>,
    etag: String,
}

/// What came of a step.
pub(super) struct Done {
    /// The activity first, then each that was pushed, or has other sides.
    pub(super) activities: Vec<pb::Activity>,
    /// What was recorded.
    pub(super) record: Option<pb::LiveRecord>,
    /// How much later than planned it began.
    pub(super) late: Option<prost_types::Duration>,
}

impl Step {
    pub(super) fn parse(name: &str, what: What, recording: Option<pb::Recording>) -> Result<Self, Error> {
        let recording = recording.unwrap_or_default();
        let text = if what.needs_reason() { parse::required_text } else { parse::optional_text };
        let decided_by = recording.decided_by;
        if what.needs_decider() || !decided_by.is_empty() {
            parse::text_as::<Slug>("recording.decided_by", &decided_by)?;
        }
        Ok(Self {
            name: parse::text_as("name", name)?,
            what,
            time: parse::instant("recording.time", recording.time)?,
            decided_by,
            reason: text("recording.reason", &recording.reason)?,
            preconditions: preconditions(recording.preconditions)?,
            etag: recording.etag,
        })
    }

    /// Name of the tournament: the lock of the step.
    pub(super) fn tournament(&self) -> String {
        self.name.parent().into()
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<Done, Error> {
        let row = ActivityRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        if matches!(self.what, What::Extend(..)) && row.kind != i32::from(pb::ActivityKind::Match) {
            return Err(Common::field("name", "is no match: extra time and kicks are of matches").into());
        }
        let before = row.live()?;
        let interrupted = match self.what {
            What::Reopen => self.interrupted(tx).await?,
            _ => None,
        };
        let at = self.time.unwrap_or(tx.now());
        let after = self.what.apply(before.clone(), at, tx.now(), interrupted)?;
        let pushed = self.push(tx, &before, &after).await?;

        let previous = pb::Activity::from(row.clone());
        let record = self.record(tx, &before).await?;
        let reason = if self.reason.is_empty() { row.reason.clone() } else { self.reason };
        let mut row = row.with_live(&after, reason);
        let mut undone = vec![];
        if matches!(self.what, What::Reopen) && after.actual_start.is_none() {
            // a result alone had ended it, and is taken back with what came of it
            undone = results::take_back(tx, &self.name).await?;
            row = row.without_result();
        }
        let activity = pb::Activity::from(row.save(tx).await?);
        let late = after.actual_start.map(|start| to_duration(start.since(after.slot.planned_start)));
        self.what.tell(tx, &self.name, activity.clone(), previous, record.clone());
        let activities = std::iter::once(activity).chain(pushed).chain(undone).collect();
        Ok(Done { activities, record: Some(record), late })
    }

    /// Since when it was interrupted at its last record, if it was.
    async fn interrupted(&self, tx: &mut Tx) -> Result<Option<Instant>, Error> {
        let records = live::page(tx, self.name.as_str(), None, PageSize::MAX).await?.items;
        let is_told = |record: &&pb::LiveRecord| {
            matches!(record.kind(), pb::LiveKind::Suspended | pb::LiveKind::Resumed)
        };
        let last = records.iter().rev().find(is_told);
        let suspended = last.filter(|record| record.kind() == pb::LiveKind::Suspended);
        Ok(parse::instant("time", suspended.and_then(|record| record.time))?)
    }

    /// Lets what comes after it start later, only as far as it must, and tells of it.
    async fn push(&self, tx: &mut Tx, before: &Live, after: &Live) -> Result<Vec<pb::Activity>, Error> {
        if after.slot.time.end() <= before.slot.time.end() {
            return Ok(vec![]);
        }
        let tournament = self.name.parent();
        let rows = activities::of_tournament(tx, tournament.as_str()).await?;
        let slots = rows.iter().map(ActivityRow::slot).collect::<Result<Vec<_>, _>>()?;
        let changed = slot::push(before.slot.clone(), after.slot.clone(), slots)?;
        let mut reason = format!("{} ends later", self.name.id());
        if !self.reason.is_empty() {
            reason = format!("{reason}: {}", self.reason);
        }
        let reason: String = reason.chars().take(parse::MAX_TEXT).collect();
        let mut pushed = Vec::new();
        // the last one first: followers apply one event after the other, and what comes later makes room
        for slot in changed.into_iter().skip(1).rev() {
            let Some(row) = rows.iter().find(|row| row.name == slot.activity).cloned() else { continue };
            let previous = pb::Activity::from(row.clone());
            let activity = pb::Activity::from(row.with_slot(&slot, reason.clone()).save(tx).await?);
            let event = pb::ActivityDelayed { activity: Some(activity.clone()), previous: Some(previous) };
            emit(tx, &activity.name, &tournament, &event);
            pushed.push(activity);
        }
        pushed.reverse();
        Ok(pushed)
    }

    /// Keeps the record.
    async fn record(&self, tx: &mut Tx, before: &Live) -> Result<pb::LiveRecord, Error> {
        let mut record = pb::LiveRecord {
            kind: self.what.kind().into(),
            decided_by: self.decided_by.clone(),
            reason: self.reason.clone(),
            preconditions: self.preconditions.clone(),
            ..pb::LiveRecord::default()
        };
        let mut time = self.time.unwrap_or(tx.now());
        match self.what {
            What::Extend(extension, lasts) => {
                let extension = match extension {
                    Extension::ExtraTime => pb::Extension::ExtraTime,
                    Extension::Penalties => pb::Extension::Penalties,
                };
                record.extension = extension.into();
                record.lasts = Some(to_duration(lasts));
            }
            What::CorrectKickOff(at) => {
                record.previous_time = before.actual_start.map(to_timestamp);
                time = at;
            }
            What::CorrectEnd(at) => {
                record.previous_time = before.actual_end.map(to_timestamp);
                time = at;
            }
            What::Reopen => {
                record.previous_time = before.actual_end.map(to_timestamp);
                time = tx.now();
            }
            What::KickOff | What::Suspend | What::Resume | What::Abandon | What::Finish => {}
        }
        append(tx, &self.name, time, record).await
    }
}

impl What {
    fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::Suspend | Self::Abandon | Self::CorrectKickOff(_) | Self::CorrectEnd(_) | Self::Reopen
        )
    }

    fn needs_decider(self) -> bool {
        matches!(self, Self::Suspend | Self::Resume | Self::Abandon)
    }

    fn apply(
        self,
        live: Live,
        at: Instant,
        now: Instant,
        interrupted: Option<Instant>,
    ) -> Result<Live, Refusal> {
        match self {
            Self::KickOff => live.kick_off(at, now),
            Self::Suspend => live.suspend(at, now),
            Self::Resume => live.resume(at, now),
            Self::Extend(_, lasts) => live.extend(at, lasts, now),
            Self::Abandon => live.abandon(at, now),
            Self::Finish => live.finish(at, now),
            Self::CorrectKickOff(at) => live.correct_kick_off(at, now),
            Self::CorrectEnd(at) => live.correct_end(at, now),
            Self::Reopen => live.reopen(interrupted),
        }
    }

    fn kind(self) -> pb::LiveKind {
        match self {
            Self::KickOff => pb::LiveKind::KickedOff,
            Self::Suspend => pb::LiveKind::Suspended,
            Self::Resume => pb::LiveKind::Resumed,
            Self::Extend(..) => pb::LiveKind::Extended,
            Self::Abandon => pb::LiveKind::Abandoned,
            Self::Finish => pb::LiveKind::Finished,
            Self::CorrectKickOff(_) | Self::CorrectEnd(_) | Self::Reopen => pb::LiveKind::Corrected,
        }
    }

    fn tell(
        self,
        tx: &mut Tx,
        name: &ActivityName,
        activity: pb::Activity,
        previous: pb::Activity,
        record: pb::LiveRecord,
    ) {
        let (activity, previous, record) = (Some(activity), Some(previous), Some(record));
        let (of, tournament) = (name.as_str(), name.parent());
        match self {
            Self::KickOff => emit(tx, of, &tournament, &pb::MatchKickedOff { activity, previous, record }),
            Self::Suspend => emit(tx, of, &tournament, &pb::MatchSuspended { activity, previous, record }),
            Self::Resume => emit(tx, of, &tournament, &pb::MatchResumed { activity, previous, record }),
            Self::Extend(..) => emit(tx, of, &tournament, &pb::MatchExtended { activity, previous, record }),
            Self::Abandon => emit(tx, of, &tournament, &pb::MatchAbandoned { activity, previous, record }),
            Self::Finish => emit(tx, of, &tournament, &pb::MatchFinished { activity, previous, record }),
            Self::CorrectKickOff(_) | Self::CorrectEnd(_) | Self::Reopen => {
                emit(tx, of, &tournament, &pb::MatchCorrected { activity, previous, record });
            }
        }
    }
}

/// What an extension is, and how long it lasts.
pub(super) fn extension(request: &pb::ExtendMatchRequest) -> Result<What, Error> {
    let extension = match parse::one_of("extension", request.extension)? {
        pb::Extension::Penalties => Extension::Penalties,
        _ => Extension::ExtraTime,
    };
    let Some(lasts) = request.lasts else {
        return Ok(What::Extend(extension, extension.lasts()));
    };
    let lasts = parse::duration("lasts", Some(lasts), LONGEST_EXTENSION)?;
    if lasts.is_zero() {
        return Err(Common::field("lasts", "must be more than 0").into());
    }
    Ok(What::Extend(extension, lasts))
}

/// What a correction corrects.
pub(super) fn correction(correction: Option<Correction>) -> Result<What, Error> {
    let moment = |field, time| parse::required(field, parse::instant(field, Some(time))?);
    match parse::required("correction", correction)? {
        Correction::KickOffTime(time) => Ok(What::CorrectKickOff(moment("kick_off_time", time)?)),
        Correction::EndTime(time) => Ok(What::CorrectEnd(moment("end_time", time)?)),
        Correction::Reopen(true) => Ok(What::Reopen),
        Correction::Reopen(false) => Err(Common::field("reopen", "must be true").into()),
    }
}

/// What somebody beside the referee said, read and checked.
pub(super) struct Said {
    name: ActivityName,
    precondition: pb::Precondition,
    time: Option<Instant>,
}

impl Said {
    pub(super) fn parse(request: &pb::RecordPreconditionRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            precondition: precondition(
                "precondition.",
                parse::required("precondition", request.precondition.clone())?,
            )?,
            time: parse::instant("time", request.time)?,
        })
    }

    /// Name of the tournament: the lock of the record.
    pub(super) fn tournament(&self) -> String {
        self.name.parent().into()
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RecordPreconditionResponse, Error> {
        ActivityRow::get(tx, self.name.as_str()).await?;
        let time = self.time.unwrap_or(tx.now());
        if time > tx.now() {
            return Err(Common::field("time", "lies in the future: record what was said").into());
        }
        let record = pb::LiveRecord {
            kind: pb::LiveKind::Precondition.into(),
            preconditions: vec![self.precondition],
            ..pb::LiveRecord::default()
        };
        let record = Some(append(tx, &self.name, time, record).await?);
        let event = pb::PreconditionRecorded { record: record.clone() };
        emit(tx, self.name.as_str(), &self.name.parent(), &event);
        Ok(pb::RecordPreconditionResponse { record })
    }
}

fn preconditions(said: Vec<pb::Precondition>) -> Result<Vec<pb::Precondition>, Error> {
    if said.len() > MOST_PRECONDITIONS {
        let problem = format!("are {}; at most {MOST_PRECONDITIONS}", said.len());
        return Err(Common::field("recording.preconditions", problem).into());
    }
    let read = |(index, one)| precondition(&format!("recording.preconditions[{index}]."), one);
    said.into_iter().enumerate().map(read).collect()
}

fn precondition(at: &str, said: pb::Precondition) -> Result<pb::Precondition, Error> {
    parse::text_as::<Slug>(&format!("{at}party"), &said.party)?;
    parse::one_of::<pb::Answer>(&format!("{at}answer"), said.answer)?;
    let note = parse::optional_text(&format!("{at}note"), &said.note)?;
    Ok(pb::Precondition { note, ..said })
}

/// Keeps a record under the next number.
async fn append(
    tx: &mut Tx,
    name: &ActivityName,
    time: Instant,
    record: pb::LiveRecord,
) -> Result<pb::LiveRecord, Error> {
    let number = live::last(tx, name.as_str()).await? + 1;
    if number > MOST_RECORDS {
        return Err(Refusal::Full { activity: name.to_string(), most: MOST_RECORDS }.into());
    }
    let record = pb::LiveRecord {
        activity: name.to_string(),
        number,
        time: Some(to_timestamp(time)),
        record_time: Some(to_timestamp(tx.now())),
        recorder: tx.actor().to_owned(),
        ..record
    };
    live::append(tx, &record).await?;
    Ok(record)
}
