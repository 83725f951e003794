//! What may be wrong at the gates of a venue: too many inside, and devices nobody hears of.

use matchday_kernel::{Instant, SignedDuration, VenueName};
use matchday_store::{Conn, StoreError};

use super::{
    Condition, Rules, figure,
    zones::{highest, lowest_end},
};
use crate::{
    Error,
    domain::{
        alert::{
            Cause,
            forecast::{self, Rates},
            measure::Measure,
        },
        course::Phase,
        opening::Opening,
    },
    store::{control, gates, offline, scans},
};

/// Rates are those of so long.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// A device that scanned within this time is in use.
const IN_USE: SignedDuration = SignedDuration::from_mins(30);
/// One that has not scanned for so long is silent.
const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Measures the openings of a venue that are under way, and its quotas.
pub(super) async fn measured(
    conn: &mut Conn,
    venue: &VenueName,
    rules: &Rules,
    openings: &[Opening],
    now: Instant,
) -> Result<Vec<Condition>, Error> {
    let mut conditions = Vec::new();
    for opening in openings {
        let phase = opening.course.phase(now);
        // in free egress nobody is let in, and nobody is scanned out: the count is none any more
        if matches!(phase, Phase::Open | Phase::ExitOnly) {
            conditions.extend(full(conn, rules, opening, now).await?);
        }
        if phase == Phase::Open {
            conditions.extend(silent(conn, rules, &opening.name, now).await?);
        }
        conditions.extend(conflicting(conn, rules, &opening.name).await?);
    }
    conditions.extend(overdue(conn, venue, rules, now).await?);
    Ok(conditions)
}

/// How full an opening is; `None` without a limit.
#[expect(clippy::cast_precision_loss, reason = "people of a venue")]
async fn full(
    conn: &mut Conn,
    rules: &Rules,
    opening: &Opening,
    now: Instant,
) -> Result<Option<Condition>, StoreError> {
    let filling = control::count(conn, &opening.name).await?.map(|count| count.filling());
    let Some((limit, people)) = filling.and_then(crate::domain::capacity::Filling::nearer) else {
        return Ok(None);
    };
    let (limit, people) = (limit as f64, people as f64);
    let share = if limit > 0.0 { people * 100.0 / limit } else { 100.0 };
    let measure = Some(Measure::exact(share));
    let Some(condition) = Condition::new(rules, Cause::Capacity, &opening.name, measure) else {
        return Ok(None);
    };
    let (came, went) = scans::passed_since(conn, &opening.name, now.saturating_add(-WINDOW)).await?;
    let rates = Rates { came: came as f64, went: went as f64, minutes: WINDOW.as_secs_f64() / 60.0 };
    let limits = highest(&condition.rule).zip(lowest_end(&condition.rule));
    let forecast = limits.map(|(most, end)| {
        forecast::forecast(Measure::exact(people), most * limit / 100.0, end * limit / 100.0, rates)
    });
    let mut gates: Vec<String> =
        gates::leading_to(conn, &opening.venue).await?.into_iter().map(|(gate, _)| gate).collect();
    gates.retain(|gate| opening.is_gate(gate));
    Ok(Some(Condition { gates, forecast, ..condition }))
}

/// The devices of an open gate that have fallen silent.
async fn silent(
    conn: &mut Conn,
    rules: &Rules,
    opening: &str,
    now: Instant,
) -> Result<Option<Condition>, StoreError> {
    let (used, silent) = (now.saturating_add(-IN_USE), now.saturating_add(-SILENT_AFTER));
    let mut devices = scans::last_of_devices(conn, opening, used).await?;
    devices.retain(|(_, last)| *last < silent.as_micros());
    let count = devices.len();
    let condition = Condition::new(rules, Cause::DeviceSilent, opening, Some(Measure::exact(figure(count))));
    Ok(condition.map(|it| it.of(devices.into_iter().map(|(device, _)| short(&device)).collect(), count)))
}

/// The conflicts found at an opening.
async fn conflicting(conn: &mut Conn, rules: &Rules, opening: &str) -> Result<Option<Condition>, StoreError> {
    let (count, devices) = offline::last_conflicts(conn, opening).await?;
    let count = usize::try_from(count).unwrap_or_default();
    let condition = Condition::new(rules, Cause::Conflict, opening, Some(Measure::exact(figure(count))));
    let devices: Vec<String> = devices.iter().map(|device| short(device)).collect();
    Ok(condition.map(|it| it.of(devices, count)))
}

/// The quotas of a venue's devices whose time is over.
#[expect(clippy::cast_precision_loss, reason = "minutes")]
async fn overdue(
    conn: &mut Conn,
    venue: &VenueName,
    rules: &Rules,
    now: Instant,
) -> Result<Vec<Condition>, StoreError> {
    let mut conditions: Vec<Condition> = Vec::new();
    // by opening, the longest overdue first
    for (opening, device, ends) in offline::overdue(conn, venue.as_str(), now).await? {
        if let Some(known) = conditions.iter_mut().find(|one| one.key.1 == opening) {
            known.children.push(short(&device));
            known.count += 1;
            continue;
        }
        let measure = Measure::exact((now.as_micros() - ends) as f64 / 60_000_000.0);
        let condition = Condition::new(rules, Cause::QuotaOverdue, &opening, Some(measure));
        conditions.extend(condition.map(|it| it.of(vec![short(&device)], 1)));
    }
    for condition in &mut conditions {
        condition.children.truncate(super::MOST_CHILDREN);
    }
    Ok(conditions)
}

/// A device as the gates call it: `north/north-1`.
fn short(device: &str) -> String {
    let mut parts = device.rsplit('/');
    let (id, gate) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    format!("{gate}/{id}")
}
