//! What was measured changes: levels, alerts and their steps. It reads nothing and writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Instant, SignedDuration};
use matchday_store::{Conn, StoreError};

use super::{Condition, Rules};
use crate::{
    domain::alert::{
        Level,
        case::{Case, Step},
        duty::{Chain, Holder},
        forecast::HORIZON,
        latch::Track,
        measure::Measure,
        words::{Said, Told},
    },
    store::alerts::{
        self, AlertRow, rules,
        tracks::{self, Key},
    },
};

/// What an alert shows of its figure is measured anew so often while nothing happens to it.
const REFRESHED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What is known of the alerts of a venue.
pub(crate) struct Known {
    tracks: BTreeMap<Key, Track>,
    open: BTreeMap<Key, AlertRow>,
    chains: Vec<pb::DutyChain>,
}

impl Known {
    /// Reads it.
    pub(crate) async fn of(conn: &mut Conn, venue: &str) -> Result<Self, StoreError> {
        let tracks = tracks::tracks(conn, venue).await?;
        let open = alerts::open(conn, venue).await?.into_iter();
        let open = open.map(|row| Ok(((row.cause()?, row.subject.clone()), row)));
        let open = open.collect::<Result<_, StoreError>>()?;
        Ok(Self { tracks, open, chains: rules::chains(conn, venue).await? })
    }
}

/// Who is told of a subject: the holders of a zone, then those of the whole venue.
pub(crate) fn chain(chains: &[pb::DutyChain], subject: &str) -> Chain {
    let of_zone = chains.iter().filter(|chain| chain.zone == subject);
    let of_venue = chains.iter().filter(|chain| chain.zone.is_empty());
    let holders = of_zone.chain(of_venue).flat_map(|chain| &chain.holders);
    let holder = |holder: &pb::DutyHolder| Holder {
        title: match (holder.holder.as_str(), holder.unit.as_str()) {
            (title, "") => title.to_owned(),
            (title, unit) => format!("{title} ({unit})"),
        },
        escalate_after: holder.escalate_after.map(|it| SignedDuration::new(it.seconds, it.nanos)),
    };
    Chain(holders.map(holder).collect())
}

/// What changes of a cause at a subject.
pub(crate) struct Change {
    pub(crate) key: Key,
    /// The levels, where they have to be written.
    pub(crate) track: Option<Track>,
    /// The alert, where it has to be written.
    pub(crate) alert: Option<Alert>,
}

/// An alert that has to be written.
pub(crate) struct Alert {
    /// The row it was; `None` of one that is raised.
    pub(crate) before: Option<AlertRow>,
    pub(crate) case: Case,
    pub(crate) steps: Vec<Step>,
    pub(crate) holder: String,
    /// What was measured; `None` where nothing could be.
    pub(crate) evidence: Option<pb::Alert>,
}

/// Decides what conditions measured at a time change.
pub(crate) fn decide(
    known: &Known,
    conditions: &[Condition],
    rules: &Rules,
    at: Instant,
) -> Result<Vec<Change>, StoreError> {
    let conditions: BTreeMap<&Key, &Condition> = conditions.iter().map(|one| (&one.key, one)).collect();
    let keys: BTreeSet<&Key> =
        conditions.keys().copied().chain(known.tracks.keys()).chain(known.open.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let gone = Condition::gone(rules, key);
        let Some(condition) = conditions.get(key).copied().or(gone.as_ref()) else { continue };
        let before = known.tracks.get(key).copied().unwrap_or_default();
        let track = before.observe(at, condition.measure, &condition.rule);
        let alert = alert(known, condition, track.level(), at)?;
        let track = Some(track).filter(|track| track.is_news(&before));
        if track.is_some() || alert.is_some() {
            changes.push(Change { key: key.clone(), track, alert });
        }
    }
    Ok(changes)
}

fn alert(
    known: &Known,
    condition: &Condition,
    level: Option<Level>,
    at: Instant,
) -> Result<Option<Alert>, StoreError> {
    let chain = chain(&known.chains, &condition.key.1);
    let holder = |case: &Case| chain.holder(case.escalations).map(|it| it.title.clone()).unwrap_or_default();
    let evidence = |level| condition.measure.is_some().then(|| evidence(condition, level));
    let Some(row) = known.open.get(&condition.key) else {
        let Some(level) = level else { return Ok(None) };
        let case = Case::raised(level, at);
        let (holder, evidence) = (holder(&case), evidence(level));
        return Ok(Some(Alert { before: None, case, steps: vec![Step::Raised], holder, evidence }));
    };
    let case = row.case()?;
    // whoever is named after the alert was raised is told now, and has the whole time
    let is_first = row.holder.is_empty() && !chain.0.is_empty();
    let case = if is_first { Case { told_since: at, escalations: 0, ..case } } else { case };
    let (case, steps) = case.follow(level, at, &chain, condition.rule.escalate_after);
    let told = if row.holder.is_empty() || steps.contains(&Step::Escalated) {
        holder(&case)
    } else {
        row.holder.clone()
    };
    // an alert that is over keeps what was measured when it was not
    let fresh = if case.cleared.is_none() { evidence(case.level) } else { None };
    let shown = row.evidence()?;
    // while it is about to end it names those it was raised for, not nobody
    let fresh = fresh.filter(|fresh| fresh.child_count > 0 || shown.child_count == 0);
    let is_stale = is_stale(&shown, fresh.as_ref(), at);
    if steps.is_empty() && told == row.holder && !is_stale {
        return Ok(None);
    }
    Ok(Some(Alert { before: Some(row.clone()), case, steps, holder: told, evidence: fresh }))
}

/// Whether what an alert shows was measured a while ago, and is different now.
fn is_stale(shown: &pb::Alert, fresh: Option<&pb::Alert>, at: Instant) -> bool {
    let Some(fresh) = fresh else { return false };
    let measured = shown.measure_time.map_or(i64::MIN, |time| time.seconds.saturating_mul(1_000_000));
    let is_old = i128::from(at.as_micros().saturating_sub(measured)) >= REFRESHED_EVERY.as_micros();
    is_old && pb::Alert { measure_time: None, ..shown.clone() } != *fresh
}

/// What the contract shows of a condition at a level.
fn evidence(condition: &Condition, level: Level) -> pb::Alert {
    let measure = condition.measure.unwrap_or(Measure::exact(0.0));
    let threshold = condition.rule.threshold(level).unwrap_or_default();
    let place = condition.key.1.rsplit('/').next().unwrap_or_default();
    let gates: Vec<String> =
        condition.gates.iter().map(|gate| gate.rsplit('/').next().unwrap_or_default().to_owned()).collect();
    let told = Told {
        cause: condition.key.0,
        level,
        place,
        figure: measure.middle,
        threshold,
        between: condition.between,
        children: &condition.children,
        count: condition.count,
        gates: &gates,
        forecast: condition.forecast,
    };
    let text = |said: Said| pb::AlertText {
        language: said.language.tag().to_owned(),
        what: said.what,
        action: said.action,
        prediction: said.prediction,
    };
    let forecast = condition.forecast.map(|it| pb::AlertForecast {
        inflow_per_minute: it.inflow,
        outflow_per_minute: it.outflow,
        window_minutes: it.window,
        minutes_to_limit: it.to_limit,
        earliest_minutes_to_limit: it.earliest,
        latest_minutes_to_limit: it.latest,
        minutes_to_clear_when_paused: it.to_end_when_paused,
        horizon_minutes: HORIZON,
        gates: condition.gates.clone(),
    });
    pb::Alert {
        children: condition.children.clone(),
        child_count: i32::try_from(condition.count).unwrap_or(i32::MAX),
        figure: measure.middle,
        threshold,
        probability: measure.probability_above(threshold),
        forecast,
        texts: told.say().into_iter().map(text).collect(),
        ..pb::Alert::default()
    }
}
