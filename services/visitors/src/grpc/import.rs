//! Credentials by the hundred thousand, all or nothing.

use std::collections::HashSet;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{
    Common, CredentialName, Fault, SessionName, TournamentName, VenueName, Violation, ZoneName,
};
use matchday_rpc::parse;
use matchday_store::Tx;

use super::emit;
use crate::{
    Error,
    store::credentials::{self, CredentialRow},
};

/// Most credentials in one import.
const MOST: usize = 250_000;
/// Most sessions, and most zones, of one credential.
const MOST_NAMES: usize = 100;
/// Most entries that a credential can be good for, where they are counted.
const MOST_ENTRIES: i32 = 10_000;
/// Most faults that are collected, and most names of credentials that exist already.
const MOST_FAULTS: usize = 1000;

/// Credentials of a tournament, read and checked.
#[derive(Debug)]
pub(super) struct Import {
    tournament: TournamentName,
    /// By name.
    rows: Vec<CredentialRow>,
    validate_only: bool,
}

impl Import {
    /// Reads an import, and collects what is wrong with it. `sessions` are those that scheduling has told of.
    pub(super) fn parse(
        tournament: TournamentName,
        request: pb::ImportCredentialsRequest,
        sessions: &[String],
    ) -> Result<Self, Error> {
        if request.credentials.len() > MOST {
            let problem = format!("an import holds at most {MOST} credentials: send it in parts");
            return Err(Common::field("credentials", problem).into());
        }
        let sessions: HashSet<&str> = sessions.iter().map(String::as_str).collect();
        let mut faults = Faults(Vec::new());
        let mut rows = Vec::with_capacity(request.credentials.len());
        let mut places = Vec::with_capacity(request.credentials.len());
        for (index, one) in request.credentials.into_iter().enumerate() {
            if let Some(row) = credential(index, one, &tournament, &sessions, &mut faults) {
                places.push((row.name.clone(), index));
                rows.push(row);
            }
            if faults.is_full() {
                break;
            }
        }
        places.sort_unstable();
        for pair in places.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let (first, second) = (pair[0].1, pair[1].1);
            faults.add(&Common::field(
                format!("credentials[{second}].name"),
                format!("is that of credentials[{first}]"),
            ));
        }
        if !faults.0.is_empty() {
            return Err(Error::Faults { faults: faults.0 });
        }
        rows.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(Self { tournament, rows, validate_only: request.validate_only })
    }

    pub(super) async fn carry_out(mut self, tx: &mut Tx) -> Result<pb::ImportCredentialsResponse, Error> {
        let names = credentials::existing(tx, &self.rows, MOST_FAULTS).await?;
        if !names.is_empty() {
            return Err(Error::CredentialsExist { names });
        }
        let count = i32::try_from(self.rows.len()).map_err(Common::internal)?;
        if !self.validate_only {
            credentials::insert(tx, &mut self.rows).await?;
            emit(tx, self.tournament.as_str(), &pb::CredentialsImported { credentials: count });
        }
        Ok(pb::ImportCredentialsResponse { credentials: count })
    }
}

/// What is wrong with an import, up to a limit.
struct Faults(Vec<Violation>);

impl Faults {
    fn add(&mut self, refusal: &Common) {
        if !self.is_full() {
            self.0.extend(refusal.violations());
        }
    }

    fn is_full(&self) -> bool {
        self.0.len() >= MOST_FAULTS
    }

    /// The value read, or a fault.
    fn take<T>(&mut self, read: Result<T, Common>) -> Option<T> {
        read.map_err(|refusal| self.add(&refusal)).ok()
    }
}

/// Reads a credential; `None` when something is wrong with it.
fn credential(
    index: usize,
    credential: pb::Credential,
    tournament: &TournamentName,
    sessions: &HashSet<&str>,
    faults: &mut Faults,
) -> Option<CredentialRow> {
    let before = faults.0.len();
    let of = |field: &str| format!("credentials[{index}].{field}");
    let name = faults.take(name(&of("name"), &credential.name, tournament));
    let kind = faults.take(parse::one_of::<pb::CredentialKind>(&of("kind"), credential.kind));
    if matches!(credential.state(), pb::CredentialState::Revoked | pb::CredentialState::Blocked) {
        faults.add(&Common::field(of("state"), "is not imported: import it, then revoke or block it"));
    }
    if !(0..=MOST_ENTRIES).contains(&credential.entries) {
        let problem = format!("is {}; 0 for any number, or 1 to {MOST_ENTRIES}", credential.entries);
        faults.add(&Common::field(of("entries"), problem));
    }
    for (field, names) in [("sessions", &credential.sessions), ("zones", &credential.zones)] {
        if names.len() > MOST_NAMES {
            faults.add(&Common::field(of(field), format!("are more than {MOST_NAMES}")));
            return None;
        }
    }
    for (at, session) in credential.sessions.iter().enumerate() {
        if !sessions.contains(session.as_str()) {
            faults.add(&unknown_session(&of(&format!("sessions[{at}]")), session, tournament));
        }
    }
    for (at, zone) in credential.zones.iter().enumerate() {
        if zone.parse::<VenueName>().is_err() {
            faults.take(parse::text_as::<ZoneName>(&of(&format!("zones[{at}]")), zone));
        }
    }
    let provenance = faults.take(parse::provenance(&of("provenance"), credential.provenance))?;
    if faults.0.len() > before {
        return None;
    }
    Some(CredentialRow {
        name: name?,
        kind: kind?.into(),
        sessions: credential.sessions.join(" "),
        zones: credential.zones.join(" "),
        state: pb::CredentialState::Valid.into(),
        entries: credential.entries,
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..CredentialRow::default()
    })
}

fn name(field: &str, text: &str, tournament: &TournamentName) -> Result<String, Common> {
    let name: CredentialName = parse::text_as(field, text)?;
    if name.parent() != *tournament {
        return Err(Common::field(field, format!("{name} is not of {tournament}")));
    }
    Ok(name.into())
}

/// Why a session cannot stand with a credential: it is no name, another tournament's, or not known yet.
fn unknown_session(field: &str, text: &str, tournament: &TournamentName) -> Common {
    match parse::text_as::<SessionName>(field, text) {
        Err(refusal) => refusal,
        Ok(session) if session.parent() != *tournament => {
            Common::field(field, format!("{session} is not of {tournament}"))
        }
        Ok(session) => Common::field(
            field,
            format!("{session} is not known here: create it in the schedule, or wait until that is heard of"),
        ),
    }
}
