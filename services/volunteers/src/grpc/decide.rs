//! Verbs that move several applications at once, all of them or none.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{ApplicationName, Common, TournamentName, Violation, VolunteerName, Zone};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::{interview, learning::taught, training};
use crate::{
    Error,
    domain::application::{Refusal, State, Verb},
    roster::emit,
    store::{
        applications::ApplicationRow,
        erasures,
        limits::zone,
        training::{self as courses, EnrolmentRow},
        volunteers::VolunteerRow,
        words,
    },
};

/// Most applications moved at once.
const MOST: usize = 500;
/// Names that are asked for in one statement.
const NAMES: usize = 64;

/// A verb for applications, read and checked.
pub(crate) struct Decide {
    tournament: TournamentName,
    names: Vec<String>,
    verb: Verb,
    reason: String,
}

impl Decide {
    /// Reads a verb and what it is for. A rejection needs a reason.
    pub(crate) fn parse(parent: &str, names: &[String], verb: Verb, reason: &str) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", parent)?;
        if names.is_empty() || names.len() > MOST {
            return Err(Common::field("names", format!("are {}; 1 to {MOST} are needed", names.len())).into());
        }
        let mut seen = BTreeSet::new();
        for (index, name) in names.iter().enumerate() {
            let field = format!("names[{index}]");
            let name: ApplicationName = parse::text_as(&field, name)?;
            if name.parent() != tournament {
                return Err(Common::field(field, format!("{name} is not of {tournament}")).into());
            }
            if !seen.insert(name.to_string()) {
                return Err(Common::field(field, format!("{name} stands twice")).into());
            }
        }
        let reason = if verb == Verb::Reject {
            parse::required_text("reason", reason)?
        } else {
            parse::optional_text("reason", reason)?
        };
        Ok(Self { tournament, names: names.to_vec(), verb, reason })
    }

    /// Reads that an applicant takes the application back.
    pub(crate) fn withdraw(name: &str, reason: &str) -> Result<Self, Error> {
        let name: ApplicationName = parse::text_as("name", name)?;
        let reason = parse::optional_text("reason", reason)?;
        let tournament = name.parent();
        Ok(Self { tournament, names: vec![name.into()], verb: Verb::Withdraw, reason })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<Vec<pb::Application>, Error> {
        let zone = zone(tx, self.tournament.as_str()).await?;
        let rows = self.rows(tx).await?;
        let next = self.next(&rows)?;
        if self.verb == Verb::Accredit {
            check_papers(tx, self.tournament.as_str(), &rows, &zone).await?;
        }
        let mut told = Vec::with_capacity(rows.len());
        for mut row in rows {
            match self.verb {
                Verb::Accredit => row.volunteer = accredit(tx, &row).await?,
                Verb::Reject | Verb::Withdraw => {
                    interview::give_back(tx, &mut row).await?;
                    training::give_back(tx, &row.name, &row.volunteer).await?;
                }
                Verb::Screen | Verb::PassInterview | Verb::PassTraining => {}
            }
            row.state = ApplicationRow::number(next);
            row.reason.clone_from(&self.reason);
            let row = row.save(tx).await?;
            let application = row.told(tx.now(), &zone)?;
            let tournament = self.tournament.as_str();
            emit(
                tx,
                tournament,
                &row.name,
                &pb::ApplicationChanged { application: Some(application.clone()) },
            );
            if self.verb == Verb::Accredit {
                let accredited = pb::VolunteerAccredited {
                    application: row.name.clone(),
                    volunteer: row.volunteer.clone(),
                    zones: words(&row.zones),
                };
                emit(tx, tournament, &row.volunteer, &accredited);
            }
            told.push(application);
        }
        Ok(told)
    }

    /// The applications, in the order of the request.
    async fn rows(&self, tx: &mut Tx) -> Result<Vec<ApplicationRow>, Error> {
        let mut read = BTreeMap::new();
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        for names in names.chunks(NAMES) {
            for row in ApplicationRow::find_all(tx, names).await? {
                read.insert(row.name.clone(), row);
            }
        }
        let row = |name: &String| read.remove(name).ok_or_else(|| Common::not_found(name).into());
        self.names.iter().map(row).collect()
    }

    /// Where all of them stand after the verb.
    fn next(&self, rows: &[ApplicationRow]) -> Result<State, Error> {
        let (mut refused, mut next) = (Vec::new(), State::Applied);
        for row in rows {
            if row.erased.is_some() {
                return Err(Refusal::erased(&row.name).into());
            }
            let state = row.at()?;
            match state.after(self.verb) {
                Some(after) => next = after,
                None => refused.push((row.name.clone(), state)),
            }
        }
        if refused.is_empty() { Ok(next) } else { Err(Refusal::State { refused }.into()) }
    }
}

/// Refuses applicants of whom something is missing: papers, or a course that is required.
async fn check_papers(
    tx: &mut Tx,
    tournament: &str,
    rows: &[ApplicationRow],
    zone: &Zone,
) -> Result<(), Error> {
    let (now, required) = (tx.now(), courses::required(tx, tournament).await?);
    let mut missing = Vec::new();
    for row in rows {
        missing.extend(row.papers()?.missing(now, zone));
        if required.is_empty() {
            continue;
        }
        let attended = courses::attended(tx, &row.name, &row.volunteer).await?;
        for (course, title, skill) in &required {
            let lasts = |one: &EnrolmentRow| one.expires.is_none_or(|expires| expires > now.as_micros());
            let is_same =
                |one: &EnrolmentRow| one.course == *course || (!skill.is_empty() && one.skill == *skill);
            if !attended.iter().any(|one| is_same(one) && lasts(one)) {
                let description = format!(
                    "has attended neither {title} ({course}) nor another course that teaches the same and lasts: \
                     record the attendance"
                );
                missing.push(Violation { subject: row.name.clone(), description });
            }
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Refusal::Blocked { missing }.into()) }
}

/// Makes the volunteer of an application, or completes the one who applies; returns the name.
async fn accredit(tx: &mut Tx, row: &ApplicationRow) -> Result<String, Error> {
    let attended = courses::attended(tx, &row.name, &row.volunteer).await?;
    if !row.volunteer.is_empty() {
        let known = VolunteerRow::get(tx, &row.volunteer).await?;
        return Ok(taught(complete(known, row), &attended)?.save(tx).await?.name);
    }
    let application: ApplicationName = row.name.parse().map_err(Common::internal)?;
    let id = application.id().parse().map_err(Common::internal)?;
    let name = VolunteerName::new(&application.parent(), id).to_string();
    if erasures::any(tx, &[&name]).await?.is_some() {
        return Err(Refusal::erased(&name).into());
    }
    let volunteer = VolunteerRow {
        name,
        display_name: row.display_name.clone(),
        group_name: row.group_name.clone(),
        skills: row.skills.clone(),
        languages: row.languages.clone(),
        availability: row.availability.clone(),
        source: row.source.clone(),
        generated: row.generated.clone(),
        ..VolunteerRow::default()
    };
    Ok(taught(volunteer, &attended)?.create(tx).await?.name)
}

/// A volunteer with what the application says beyond what was known: a time is a newer one.
fn complete(known: VolunteerRow, row: &ApplicationRow) -> VolunteerRow {
    let both = |one: &str, other: &str| {
        let all: BTreeSet<&str> = one.split_whitespace().chain(other.split_whitespace()).collect();
        all.into_iter().collect::<Vec<_>>().join(" ")
    };
    let newer = |one: &str, other: &str| if other.is_empty() { one.to_owned() } else { other.to_owned() };
    VolunteerRow {
        skills: both(&known.skills, &row.skills),
        languages: both(&known.languages, &row.languages),
        availability: newer(&known.availability, &row.availability),
        group_name: if known.group_name.is_empty() {
            row.group_name.clone()
        } else {
            known.group_name.clone()
        },
        ..known
    }
}
