//! Erasing somebody: who it is goes, what the person did stays under a bare name.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{ApplicationName, Common, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::{interview, messages::settle, training};
use crate::{
    Error,
    domain::{
        application::{Refusal, State},
        assignment,
    },
    roster::{Roster, emit},
    store::{
        applications::{self, ApplicationRow},
        assignments::AssignmentRow,
        erasures,
        messages::is_open,
        volunteers::VolunteerRow,
    },
};

/// Names that are asked for in one statement.
const NAMES: usize = 64;

/// Somebody to erase, read and checked.
pub(super) struct Erase {
    who: Who,
    reason: String,
}

enum Who {
    Application(ApplicationName),
    Volunteer(VolunteerName),
}

impl Erase {
    pub(super) fn parse(request: &pb::ErasePersonRequest) -> Result<Self, Error> {
        let reason = parse::required_text("reason", &request.reason)?;
        let who = match request.name.parse() {
            Ok(application) => Who::Application(application),
            Err(_) => Who::Volunteer(parse::text_as("name", &request.name)?),
        };
        Ok(Self { who, reason })
    }

    pub(super) fn tournament(&self) -> TournamentName {
        match &self.who {
            Who::Application(name) => name.parent(),
            Who::Volunteer(name) => name.parent(),
        }
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ErasePersonResponse, Error> {
        let tournament = self.tournament();
        let application = self.application(tx).await?;
        let volunteer = match (&self.who, &application) {
            (Who::Volunteer(name), _) => name.to_string(),
            (Who::Application(_), Some(row)) => row.volunteer.clone(),
            (Who::Application(_), None) => String::new(),
        };
        let is_there = !volunteer.is_empty() && VolunteerRow::find(tx, &volunteer).await?.is_some();
        let open = application.filter(|row| row.erased.is_none());
        if !is_there && open.is_none() {
            return Err(self.nobody(tx, &volunteer).await?);
        }
        let applicant = open.as_ref().map_or("", |row| row.name.as_str());
        training::give_back(tx, applicant, &volunteer).await?;
        let mut erased = pb::ErasePersonResponse::default();
        if is_there {
            erased.withdrawn = withdraw(tx, tournament.as_str(), &volunteer).await?;
            forget_messages(tx, tournament.as_str(), &volunteer).await?;
            erased.volunteer = volunteer;
        }
        if let Some(mut row) = open {
            interview::give_back(tx, &mut row).await?;
            erased.application = bare(row, tx.now().as_micros())?.save(tx).await?.name;
        }
        let event = pb::PersonalDataErased {
            application: erased.application.clone(),
            volunteer: erased.volunteer.clone(),
            reason: self.reason,
        };
        let resource = if erased.application.is_empty() { &erased.volunteer } else { &erased.application };
        emit(tx, tournament.as_str(), resource, &event);
        Ok(erased)
    }

    /// The application of the person.
    async fn application(&self, tx: &mut Tx) -> Result<Option<ApplicationRow>, Error> {
        let name = match &self.who {
            Who::Application(name) => Some(name.to_string()),
            Who::Volunteer(name) => {
                applications::of_volunteers(tx, &[name.as_str()]).await?.into_values().next()
            }
        };
        match name {
            Some(name) => Ok(ApplicationRow::find(tx, &name).await?),
            None => Ok(None),
        }
    }

    /// Why nobody of the name can be erased.
    async fn nobody(&self, tx: &mut Tx, volunteer: &str) -> Result<Error, Error> {
        let name = match &self.who {
            Who::Application(name) if ApplicationRow::find(tx, name.as_str()).await?.is_some() => {
                name.as_str()
            }
            Who::Volunteer(name) if erasures::any(tx, &[volunteer]).await?.is_some() => name.as_str(),
            Who::Application(name) => return Ok(Common::not_found(name).into()),
            Who::Volunteer(name) => return Ok(Common::not_found(name).into()),
        };
        Ok(Refusal::erased(name).into())
    }
}

/// Takes back what is still to come of a volunteer; returns how much. Who is signed in is signed out first.
async fn withdraw(tx: &mut Tx, tournament: &str, volunteer: &str) -> Result<i32, Error> {
    let names = erasures::assignments(tx, volunteer).await?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut roster, mut withdrawn) = (Roster::open(tx, tournament).await?, 0);
    for names in names.chunks(NAMES) {
        for row in AssignmentRow::find_all(tx, names).await? {
            let assignment = row.assignment()?;
            if assignment.state == assignment::State::SignedIn {
                let (volunteer, assignment) = (volunteer.to_owned(), row.name);
                return Err(Refusal::OnDuty { volunteer, assignment }.into());
            }
            if let Ok(back) = assignment.withdraw(String::new()) {
                roster.shift(tx, &row.shift).await?;
                roster.put(tx, back, Some(&row)).await?;
                withdrawn += 1;
            }
        }
    }
    roster.close(tx).await?;
    Ok(withdrawn)
}

/// Erases the volunteer's rows and what broadcasts said to the person alone; one of which nothing is left to send is told.
async fn forget_messages(tx: &mut Tx, tournament: &str, volunteer: &str) -> Result<(), Error> {
    let mut open = Vec::new();
    for broadcast in erasures::broadcasts(tx, volunteer).await? {
        if is_open(tx, &broadcast.name).await? {
            open.push(broadcast.name.clone());
        }
        broadcast.without(tx, volunteer).await?;
    }
    erasures::erase(tx, volunteer).await?;
    for broadcast in open {
        settle(tx, tournament, &broadcast).await?;
    }
    Ok(())
}

/// An application of which nothing says any more who it is of.
fn bare(row: ApplicationRow, now: i64) -> Result<ApplicationRow, Error> {
    let state = row.at()?;
    let state = if state.is_open() { State::Withdrawn } else { state };
    Ok(ApplicationRow {
        name: row.name,
        state: ApplicationRow::number(state),
        consent_version: row.consent_version,
        consented: row.consented,
        guardian_version: row.guardian_version,
        guardian_consented: row.guardian_consented,
        insurance: row.insurance,
        insured_until: row.insured_until,
        slot: row.slot,
        volunteer: row.volunteer,
        erased: Some(now),
        revision: row.revision,
        created: row.created,
        ..ApplicationRow::default()
    })
}
