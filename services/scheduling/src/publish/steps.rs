//! The steps of a publication that write: begun, claimed by an attempt, concluded.

use std::collections::BTreeMap;

use matchday_api::{scheduling::v1 as pb, venues::v1::ReserveBookingsResponse};
use matchday_kernel::{Common, Instant, ScheduleVersionName, Slug, TournamentName, Violation};
use matchday_store::{Conn, Record, Tx};

use super::{Subject, apply::apply};
use crate::{
    Error,
    domain::{
        draft::{outdated, takes_place},
        version::{Answer, State, decide},
    },
    grpc::{activities::check_planned, emit},
    store::{
        activities,
        tournaments::TournamentRow,
        versions::{self, Fixed, VersionRow},
    },
};

/// The name of a tournament's version of a number.
pub(crate) fn version_name(tournament: &TournamentName, number: i64) -> Result<ScheduleVersionName, Error> {
    let id: Slug = number.to_string().parse().map_err(Common::internal)?;
    Ok(ScheduleVersionName::new(tournament, id))
}

/// Why a version cannot be dealt with like a draft.
pub(crate) fn not_a_draft(version: &str, state: State) -> Error {
    let (state, next) = match state {
        State::Publishing => ("being published", "wait until that is decided"),
        State::Published => ("in force", "to go back to an earlier one, restore that"),
        State::Superseded => ("superseded", "restore it to make a draft of it"),
        State::Refused => {
            ("refused", "it is no draft: publish the schedule as it stands with a new request id")
        }
        State::Discarded => ("discarded", "propose it anew"),
        State::Draft => ("a draft", "publish or discard it"),
    };
    Error::VersionState { version: version.to_owned(), state, next }
}

/// The version that a publication is about: a draft as it stands, or one still to be made.
pub(super) async fn subject(conn: &mut Conn, subject: &Subject) -> Result<VersionRow, Error> {
    match subject {
        Subject::Current(tournament) => {
            TournamentRow::get(conn, tournament.as_str()).await?;
            let number = versions::highest(conn, tournament.as_str()).await?.0 + 1;
            Ok(VersionRow {
                name: version_name(tournament, number)?.to_string(),
                tournament: tournament.to_string(),
                number,
                origin: pb::VersionOrigin::Current.into(),
                ..VersionRow::default()
            })
        }
        Subject::Draft(name) => {
            let row = VersionRow::get(conn, name.as_str()).await?;
            row.check_is_draft()?;
            Ok(row)
        }
    }
}

/// What a version says once it is fixed: the activities that take place as they are now, with what a draft changes
/// in their place, what it cancels included.
pub(super) async fn content(conn: &mut Conn, row: &VersionRow, now: Instant) -> Result<Vec<Fixed>, Error> {
    let tournament = row.tournament()?;
    let in_force = TournamentRow::get(conn, tournament.as_str()).await?.published_version;
    let mut changes = BTreeMap::new();
    if row.is_draft() {
        let drafted = versions::fixed(conn, &row.name).await?.into_iter().filter(|one| one.is_changed);
        changes = drafted.map(|change| (change.activity.name.clone(), change)).collect();
    }
    let mut violations = Vec::new();
    if row.is_draft() && in_force != row.supersedes {
        let made_from = if row.supersedes.is_empty() { "none" } else { &row.supersedes };
        let description = format!("is in force; the draft was made when {made_from} was");
        violations.push(Violation { subject: in_force, description });
    }
    let mut fixed = Vec::new();
    for stands in activities::of_tournament(conn, tournament.as_str()).await? {
        let stands = pb::Activity::from(stands);
        match changes.remove(&stands.name) {
            Some(change) => {
                if let Some(description) = outdated(&change.activity, Some(&stands), now) {
                    violations.push(Violation { subject: stands.name, description });
                }
                fixed.push(change);
            }
            None if takes_place(&stands) => fixed.push(Fixed::unchanged(stands)),
            None => {}
        }
    }
    for new in changes.into_values() {
        if let Some(description) = outdated(&new.activity, None, now) {
            violations.push(Violation { subject: new.activity.name.clone(), description });
        }
        fixed.push(new);
    }
    if !violations.is_empty() {
        return Err(Error::DraftOutdated { version: row.name.clone(), violations });
    }
    for change in fixed.iter().filter(|one| one.is_changed) {
        check_planned(conn, &tournament, &change.activity).await?;
    }
    Ok(fixed)
}

/// Fixes a version, from now on being published.
pub(super) async fn begin(tx: &mut Tx, wanted: Subject) -> Result<pb::PublishScheduleResponse, Error> {
    refuse_second(tx, wanted.tournament().as_str()).await?;
    let row = subject(tx, &wanted).await?;
    let row = VersionRow { author: tx.actor().to_owned(), change_id: tx.change().to_owned(), ..row };
    Ok(fix(tx, row).await?.reply())
}

/// Takes the next attempt for a version, from 1; 0 when it was decided since its caller saw it, so that there is
/// nothing to attempt. One that was refused is fixed anew where `is_repeat`: somebody repeats the call.
pub(super) async fn claim(tx: &mut Tx, name: String, is_repeat: bool) -> Result<i64, Error> {
    let mut row = VersionRow::get(tx, &name).await?;
    let state = row.state()?;
    if !(state == State::Publishing || state == State::Refused && is_repeat) {
        return Ok(0);
    }
    if state == State::Refused {
        refuse_second(tx, &row.tournament).await?;
        if !row.is_draft() && versions::is_overtaken(tx, &row).await? {
            return Err(Error::PublishOutdated { version: name });
        }
        row = fix(tx, row).await?;
    }
    row.attempt = versions::highest(tx, &row.tournament).await?.1 + 1;
    Ok(row.save(tx).await?.attempt)
}

/// One version of a tournament is published at a time.
async fn refuse_second(tx: &mut Tx, tournament: &str) -> Result<(), Error> {
    match versions::publishing(tx, tournament).await?.into_iter().next() {
        Some(open) => Err(Error::PublishInProgress { version: open.name }),
        None => Ok(()),
    }
}

async fn fix(tx: &mut Tx, row: VersionRow) -> Result<VersionRow, Error> {
    let now = tx.now();
    let fixed = content(tx, &row, now).await?;
    let row = VersionRow { activities: versions::count(&fixed), ..row }.in_state(State::Publishing);
    let row = if row.revision == 0 { row.create(tx).await? } else { row.save(tx).await? };
    versions::fix(tx, &row.name, &fixed).await?;
    let version = Some(pb::ScheduleVersion::from(row.clone()));
    emit(tx, &row.name, &row.tournament()?, &pb::PublicationStarted { version });
    Ok(row)
}

/// Brings a version into force, and what a draft changes with it; or marks it refused.
pub(super) async fn conclude(
    tx: &mut Tx,
    name: String,
    attempt: i64,
    answer: Answer,
    places: ReserveBookingsResponse,
) -> Result<pb::PublishScheduleResponse, Error> {
    let row = VersionRow::get(tx, &name).await?;
    let Some(state) = decide(row.state()?, row.attempt, attempt, answer) else {
        return Ok(row.reply());
    };
    let tournament = row.tournament()?;
    let mut row = row.with_places(&places).in_state(state);
    if state == State::Published {
        row.published = Some(tx.now().as_micros());
        row.kept = apply(tx, &row).await?.join(" ");
        let mut of = TournamentRow::get(tx, tournament.as_str()).await?;
        let previous = std::mem::replace(&mut of.published_version, name.clone());
        of.save(tx).await?;
        if !previous.is_empty() {
            VersionRow::get(tx, &previous).await?.in_state(State::Superseded).save(tx).await?;
        }
    }
    let row = row.save(tx).await?;
    let version = Some(pb::ScheduleVersion::from(row.clone()));
    match state {
        State::Published => emit(tx, &name, &tournament, &pb::SchedulePublished { version }),
        _ => emit(tx, &name, &tournament, &pb::PublicationRefused { version }),
    }
    Ok(row.reply())
}
