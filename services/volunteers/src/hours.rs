//! The ledger of hours while a write adds to it, under the lock of the tournament: service when somebody signs out or
//! leaves, counter-entries and what is written by hand.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Interval, Zone};
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::{
        assignment::Assignment,
        hours::{Refusal, Served, counted},
    },
    roster::emit,
    store::{
        certificates,
        hours::{HoursRow, night_rule, overlapping},
        limits::zone,
    },
};

/// Adds what somebody has served who has left a shift; nothing when none of it counts.
pub(crate) async fn serve(
    tx: &mut Tx,
    assignment: &Assignment,
    shift: &Interval,
    zone: &Zone,
) -> Result<Option<HoursRow>, Error> {
    let (Some(signed_in), Some(signed_out)) = (assignment.signed_in, assignment.signed_out) else {
        return Ok(None);
    };
    let Some(time) = counted(shift, signed_in, signed_out) else {
        return Ok(None);
    };
    let shift = assignment.name.parent();
    let (rule, _) = night_rule(tx, shift.parent().as_str()).await?;
    let served = Served::of(&time, rule, zone);
    if served.minutes == 0 {
        return Ok(None);
    }
    let row = HoursRow {
        kind: pb::HoursKind::Service.into(),
        shift: shift.into(),
        ..HoursRow::of(assignment.volunteer.as_str(), &time, served, rule.percent)
    };
    Ok(Some(row.add(tx).await?))
}

/// Adds service that was written by hand; refused where an entry counts for a part of the time already.
pub(crate) async fn write_by_hand(
    tx: &mut Tx,
    tournament: &str,
    row: HoursRow,
    time: &Interval,
) -> Result<HoursRow, Error> {
    if let Some(entry) = overlapping(tx, &row.volunteer, time).await? {
        let problem = "counts for a part of this time already: correct that one, or leave its time out";
        return Err(Refusal::EntryState { entry, problem }.into());
    }
    let (rule, _) = night_rule(tx, tournament).await?;
    let served = Served::of(time, rule, &zone(tx, tournament).await?);
    let measured = HoursRow::of(&row.volunteer, time, served, rule.percent);
    let HoursRow { shift, reason, confirmer, confirmed, .. } = row;
    let kind = pb::HoursKind::Manual.into();
    Ok(HoursRow { kind, shift, reason, confirmer, confirmed, ..measured }.add(tx).await?)
}

/// Takes an entry back by a counter-entry, which counts as confirmed where the entry was; a certificate that attests it
/// is revoked.
pub(crate) async fn take_back(tx: &mut Tx, entry: HoursRow, reason: &str) -> Result<HoursRow, Error> {
    let problem = if !entry.counters.is_empty() {
        Some("is a counter-entry, which stays: record the service anew (`matchday hours record`)")
    } else if entry.countered != 0 {
        Some("was taken back already: correct the entry that stands for it")
    } else {
        None
    };
    if let Some(problem) = problem {
        return Err(Refusal::EntryState { entry: entry.name, problem }.into());
    }
    let is_confirmed = entry.confirmed.is_some();
    let counter = HoursRow { reason: reason.to_owned(), ..entry.counter() };
    let counter = if is_confirmed { confirmed(counter, tx) } else { counter };
    let counter = counter.add(tx).await?;
    let entry = HoursRow { countered: 1, ..entry }.save(tx).await?;
    if is_confirmed && let Some(row) = certificates::valid_of(tx, &entry.volunteer).await? {
        let revoked = row.revoked("the hours it attests were corrected".to_owned()).save(tx).await?;
        tell_certificate(tx, revoked.into());
    }
    Ok(counter)
}

/// An entry that the caller has confirmed.
pub(crate) fn confirmed(row: HoursRow, tx: &Tx) -> HoursRow {
    HoursRow { confirmer: tx.actor().to_owned(), confirmed: Some(tx.now().as_micros()), ..row }
}

/// Says what was added.
pub(crate) fn tell(tx: &mut Tx, tournament: &str, rows: Vec<HoursRow>) {
    for row in rows {
        let name = row.name.clone();
        emit(tx, tournament, &name, &pb::HoursRecorded { entries: vec![row.into()] });
    }
}

/// Says what became of a certificate, without its code: who reads the log could print it otherwise.
pub(crate) fn tell_certificate(tx: &mut Tx, certificate: pb::Certificate) {
    let (name, certificate) =
        (certificate.name.clone(), pb::Certificate { code: String::new(), ..certificate });
    let tournament = name.split("/certificates/").next().unwrap_or_default().to_owned();
    emit(tx, &tournament, &name, &pb::CertificateChanged { certificate: Some(certificate) });
}
