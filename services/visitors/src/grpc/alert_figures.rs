//! The figures of the alarms, from their steps.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant, SignedDuration, VenueName};
use matchday_rpc::parse::{self, to_duration, to_timestamp};
use matchday_store::{Conn, StoreError};

use crate::{
    Error,
    domain::alert::{
        Level,
        figures::{Figures, Frequent, Marked, figures},
    },
    store::alerts::{
        self as rows, cause_to_pb, level_to_pb,
        steps::{self, TransitionRow},
    },
};

/// Steps that figures are made from.
const MOST_MARKS: i64 = 200_000;
/// Longest time that figures are of.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Measures the alarms of a venue between two times.
pub(super) async fn measured(
    conn: &mut Conn,
    venue: &VenueName,
    from: Instant,
    until: Instant,
) -> Result<pb::AlarmFigures, StoreError> {
    let steps = steps::transitions_between(conn, venue.as_str(), from, until, MOST_MARKS).await?;
    let marks: Result<Vec<Option<Marked>>, StoreError> = steps.iter().map(TransitionRow::marked).collect();
    let marks: Vec<Marked> = marks?.into_iter().flatten().collect();
    let open = rows::open_at(conn, venue.as_str(), until).await?;
    Ok(shown(venue, from, until, figures(from, until, &marks, &open)))
}

/// The figures as the contract shows them.
fn shown(venue: &VenueName, from: Instant, until: Instant, found: Figures) -> pb::AlarmFigures {
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let subject = |one: Frequent| pb::AlarmSubject {
        cause: cause_to_pb(one.cause).into(),
        subject: one.subject,
        alarms: number(one.alarms),
    };
    #[expect(clippy::cast_precision_loss, reason = "alarms of a month")]
    let share = |alarms: usize| {
        if found.alarms == 0 { 0.0 } else { alarms as f64 / found.alarms as f64 }
    };
    let levels = Level::ALL.into_iter().zip(found.levels).zip([0.80, 0.15, 0.05]).rev();
    let levels = levels.map(|((level, alarms), recommended)| pb::AlarmLevelShare {
        level: level_to_pb(level).into(),
        alarms: number(alarms),
        share: share(alarms),
        recommended,
    });
    pb::AlarmFigures {
        venue: venue.to_string(),
        start_time: Some(to_timestamp(from)),
        end_time: Some(to_timestamp(until)),
        alarms: number(found.alarms),
        average_per_ten_minutes: found.average,
        peak_per_ten_minutes: number(found.peak),
        peak_time: found.peak_at.map(to_timestamp),
        flood_share: found.flood_share,
        floods: number(found.floods),
        stale: number(found.stale),
        levels: levels.collect(),
        chattering: found.chattering.into_iter().map(subject).collect(),
        most_frequent: found.most_frequent.into_iter().map(subject).collect(),
        acknowledged: number(found.acknowledged),
        median_acknowledgement: found.median.map(to_duration),
        ninth_decile_acknowledgement: found.ninth_decile.map(to_duration),
        escalations: number(found.escalations),
    }
}

/// A stretch of time that figures are asked of.
pub(super) fn stretch(
    request: &pb::GetAlarmFiguresRequest,
    now: Instant,
) -> Result<(Instant, Instant), Error> {
    let until = parse::instant("end_time", request.end_time)?.unwrap_or(now);
    let from = parse::instant("start_time", request.start_time)?;
    let from = from.unwrap_or_else(|| until.saturating_add(-SignedDuration::from_hours(24)));
    if from >= until || until.since(from) > LONGEST {
        return Err(
            Common::field("start_time", "is not before the end, or more than 31 days before it").into()
        );
    }
    Ok((from, until))
}
