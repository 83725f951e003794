//! Officials: read, checked, imported, changed, appointed; and `OfficialService`.

use std::collections::BTreeSet;

use matchday_api::scheduling::v1::{self as pb, official_service_server::OfficialService};
use matchday_kernel::{ActivityName, Common, Interval, OfficialName, TeamName, TournamentName};
use matchday_rpc::parse::{self, Mask};
use matchday_store::{Conn, Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::{activities, emit, optional_id, rules, tournament_in};
use crate::{
    Error, Scheduling,
    domain::{
        check::{
            rule::{Rule, Severity},
            timetable::{Activity, Timetable},
        },
        officials::{self, Candidate, Objection, Official},
    },
    frame,
    store::{
        activities::ActivityRow,
        officials::{self as stored, OfficialRow, away_to_text},
        rules as applied,
        tournaments::{TeamRow, TournamentRow},
    },
};

/// Most officials of one import.
const MOST: usize = 2_000;
/// Most conflicts and times away of one official, each.
const MOST_WORDS: usize = 50;

fn official(at: &str, name: &OfficialName, wanted: pb::Official) -> Result<OfficialRow, Error> {
    let field = |name: &str| format!("{at}{name}");
    let provenance = parse::provenance(&field("provenance"), wanted.provenance)?;
    Ok(OfficialRow {
        name: name.to_string(),
        country: parse::optional_text(&field("country"), &wanted.country)?,
        category: optional_id(&field("category"), wanted.category)?,
        conflicts: conflicts(&field("conflicts"), &name.parent(), &wanted.conflicts)?,
        away: away_to_text(&absences(&field("away"), wanted.away)?),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..OfficialRow::default()
    })
}

fn at_most(field: &str, count: usize) -> Result<(), Error> {
    if count <= MOST_WORDS {
        return Ok(());
    }
    Err(Common::field(field, format!("are {count}; at most {MOST_WORDS}")).into())
}

fn conflicts(field: &str, tournament: &TournamentName, teams: &[String]) -> Result<String, Error> {
    at_most(field, teams.len())?;
    for (index, team) in teams.iter().enumerate() {
        let field = format!("{field}[{index}]");
        let name: TeamName = parse::text_as(&field, team)?;
        if name.parent() != *tournament {
            return Err(Common::field(field, format!("{name} is of another tournament")).into());
        }
    }
    Ok(teams.join(" "))
}

fn absences(field: &str, away: Vec<pb::Absence>) -> Result<Vec<Interval>, Error> {
    at_most(field, away.len())?;
    let read = |(index, absence): (usize, pb::Absence)| {
        Ok(parse::interval(&format!("{field}[{index}]."), absence.start_time, absence.end_time)?)
    };
    away.into_iter().enumerate().map(read).collect()
}

/// Refuses teams in conflict that nobody entered.
async fn check_teams(conn: &mut Conn, rows: &[OfficialRow]) -> Result<(), Error> {
    let teams: BTreeSet<&str> = rows.iter().flat_map(|row| row.conflicts.split_whitespace()).collect();
    for team in teams {
        TeamRow::get(conn, team).await?;
    }
    Ok(())
}

/// Officials to create, read and checked as far as they can be alone.
struct Import {
    tournament: TournamentName,
    rows: Vec<OfficialRow>,
    validate_only: bool,
}

impl Import {
    fn parse(request: pb::ImportOfficialsRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        if request.officials.len() > MOST {
            let problem = format!("are {}; at most {MOST} in one import", request.officials.len());
            return Err(Common::field("officials", problem).into());
        }
        let mut names = BTreeSet::new();
        let mut rows = Vec::with_capacity(request.officials.len());
        for (index, one) in request.officials.into_iter().enumerate() {
            let field = format!("officials[{index}].name");
            let name: OfficialName = parse::text_as(&field, &one.name)?;
            if name.parent() != tournament {
                return Err(Common::field(field, format!("{name} is not of {tournament}")).into());
            }
            if !names.insert(name.clone()) {
                return Err(Common::field(field, format!("{name} stands twice")).into());
            }
            rows.push(official(&format!("officials[{index}]."), &name, one)?);
        }
        Ok(Self { tournament, rows, validate_only: request.validate_only })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::ImportOfficialsResponse, Error> {
        TournamentRow::get(tx, self.tournament.as_str()).await?;
        let officials = i32::try_from(self.rows.len()).unwrap_or(i32::MAX);
        check_teams(tx, &self.rows).await?;
        for row in self.rows {
            if !self.validate_only {
                row.create(tx).await?;
            } else if OfficialRow::find(tx, &row.name).await?.is_some() {
                return Err(Common::already_exists(row.name).into());
            }
        }
        if !self.validate_only {
            let event = pb::OfficialsImported { officials };
            emit(tx, self.tournament.as_str(), &self.tournament, &event);
        }
        Ok(pb::ImportOfficialsResponse { officials })
    }
}

async fn update(
    tx: &mut Tx,
    request: pb::UpdateOfficialRequest,
) -> Result<pb::UpdateOfficialResponse, Error> {
    let mask = Mask::new(request.update_mask, &["country", "category", "conflicts", "provenance"])?;
    let wanted = parse::required("official", request.official)?;
    let name: OfficialName = parse::text_as("official.name", &wanted.name)?;
    let row = OfficialRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Official::try_from(current.clone())?;
        mask.apply("country", &mut merged.country, wanted.country);
        mask.apply("category", &mut merged.category, wanted.category);
        mask.apply("conflicts", &mut merged.conflicts, wanted.conflicts);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        official("official.", &name, merged)
    })
    .await?;
    check_teams(tx, std::slice::from_ref(&row)).await?;
    emit(tx, name.as_str(), &name.parent(), &pb::OfficialUpdated { official: name.to_string() });
    Ok(pb::UpdateOfficialResponse { official: Some(row.try_into()?) })
}

/// Times away, read and checked.
struct Availability {
    name: OfficialName,
    away: Vec<Interval>,
    etag: String,
}

impl Availability {
    fn parse(request: pb::SetAvailabilityRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            away: absences("away", request.away)?,
            etag: request.etag,
        })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetAvailabilityResponse, Error> {
        let away = away_to_text(&self.away);
        let row = OfficialRow::update::<Error>(tx, self.name.as_str(), &self.etag, |current| {
            Ok(OfficialRow { away, ..current.clone() })
        })
        .await?;
        let tournament = TournamentRow::get(tx, self.name.parent().as_str()).await?;
        let timetable = frame::stored(tx, &tournament).await?.timetable;
        let missed = officials::missed(&row.official()?, tx.now(), &timetable);
        let activities = missed.into_iter().map(|game| game.name.clone()).collect();
        let event = pb::OfficialUpdated { official: self.name.to_string() };
        emit(tx, self.name.as_str(), &self.name.parent(), &event);
        Ok(pb::SetAvailabilityResponse { official: Some(row.try_into()?), activities })
    }
}

/// What an appointment is decided over.
struct Bench {
    game: Activity,
    officials: Vec<Official>,
    timetable: Timetable,
    rules: Vec<Rule>,
}

impl Bench {
    /// Reads it for a match that takes place.
    async fn read(conn: &mut Conn, row: &ActivityRow, tournament: &TournamentName) -> Result<Self, Error> {
        let tournament = TournamentRow::get(conn, tournament.as_str()).await?;
        let timetable = frame::stored(conn, &tournament).await?.timetable;
        let Some((game, _)) = timetable.matches().find(|(game, _)| game.name == row.name) else {
            let problem = "is no match that takes place: officials are appointed to matches";
            return Err(Common::field("activity", problem).into());
        };
        let officials = stored::of_tournament(conn, &tournament.name).await?;
        let applied = applied::of_tournament(conn, &tournament.name).await?;
        Ok(Self {
            game: game.clone(),
            officials: officials.iter().map(OfficialRow::official).collect::<Result<_, _>>()?,
            rules: rules::in_force(applied)
                .0
                .iter()
                .map(|rule| rules::read("", rule))
                .collect::<Result<_, _>>()?,
            timetable,
        })
    }
}

/// An appointment, read and checked.
struct Appointment {
    activity: ActivityName,
    ids: Vec<String>,
    reason: String,
    sets_aside_soft: bool,
    etag: String,
    validate_only: bool,
}

impl Appointment {
    fn parse(request: &pb::AppointOfficialsRequest) -> Result<Self, Error> {
        let ids = request.officials.clone();
        activities::check_officials("officials", &ids)?;
        if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
            return Err(Common::field("officials", "name one twice").into());
        }
        let reason = if request.set_aside_soft { parse::required_text } else { parse::optional_text };
        Ok(Self {
            activity: parse::text_as("activity", &request.activity)?,
            ids,
            reason: reason("reason", &request.reason)?,
            sets_aside_soft: request.set_aside_soft,
            etag: request.etag.clone(),
            validate_only: request.validate_only,
        })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::AppointOfficialsResponse, Error> {
        let row = ActivityRow::get(tx, self.activity.as_str()).await?;
        row.check_etag(&self.etag)?;
        let tournament = self.activity.parent();
        let bench = Bench::read(tx, &row, &tournament).await?;
        let mut wanted = Vec::with_capacity(self.ids.len());
        for id in &self.ids {
            let official = bench.officials.iter().find(|official| official.id() == id);
            let missing = || Common::not_found(format!("{tournament}/officials/{id}"));
            wanted.push(official.cloned().ok_or_else(missing)?);
        }
        let Bench { game, officials, timetable, rules } = &bench;
        let aside = officials::appoint(game, &wanted, officials, self.sets_aside_soft, timetable, rules)?;
        let previous = row.officials.split_whitespace().map(str::to_owned).collect();
        let row = ActivityRow { officials: self.ids.join(" "), ..row };
        let row = if self.validate_only { row } else { row.save(tx).await? };
        let activity = Some(pb::Activity::from(row));
        if !self.validate_only {
            let event = pb::OfficialsAppointed {
                activity: self.activity.to_string(),
                officials: self.ids,
                previous,
                reason: self.reason,
                set_aside: aside.iter().map(|objection| objection.rule.clone()).collect(),
            };
            emit(tx, self.activity.as_str(), &tournament, &event);
            let event = pb::ActivityUpdated { activity: activity.clone() };
            emit(tx, self.activity.as_str(), &tournament, &event);
        }
        Ok(pb::AppointOfficialsResponse { activity, set_aside: aside.into_iter().map(objection).collect() })
    }
}

fn objection(objection: Objection) -> pb::Objection {
    let severity = match objection.severity {
        Severity::Hard => pb::RuleSeverity::Hard,
        Severity::Soft { .. } => pb::RuleSeverity::Soft,
        Severity::Off => pb::RuleSeverity::Off,
    };
    pb::Objection {
        weight: i32::try_from(objection.weight()).unwrap_or(i32::MAX),
        severity: severity.into(),
        rule: objection.rule,
        sentence: objection.sentence,
    }
}

fn candidate(candidate: Candidate<'_>) -> pb::Candidate {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    pb::Candidate {
        official: candidate.official.name.clone(),
        category: candidate.official.category.clone(),
        appointed: candidate.is_appointed,
        objections: candidate.objections.into_iter().map(objection).collect(),
        matches_of_day: count(candidate.matches_of_day),
        matches: count(candidate.matches),
    }
}

#[tonic::async_trait]
impl OfficialService for Scheduling {
    async fn import_officials(
        &self,
        request: Request<pb::ImportOfficialsRequest>,
    ) -> Result<Response<pb::ImportOfficialsResponse>, Status> {
        let import = Import::parse(request.get_ref().clone())?;
        let locks = Locks::of([import.tournament.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(import.carry_out(tx))).await
    }

    async fn get_official(
        &self,
        request: Request<pb::GetOfficialRequest>,
    ) -> Result<Response<pb::GetOfficialResponse>, Status> {
        let row: OfficialRow = self.desk.get::<OfficialName, _>(&request.get_ref().name).await?;
        let official = Some(row.try_into().map_err(Error::from)?);
        Ok(Response::new(pb::GetOfficialResponse { official }))
    }

    async fn list_officials(
        &self,
        request: Request<pb::ListOfficialsRequest>,
    ) -> Result<Response<pb::ListOfficialsResponse>, Status> {
        let parent = &request.get_ref().parent;
        let (rows, next_page_token) =
            self.desk.list_of::<TournamentName, TournamentRow, OfficialRow>(&request, parent).await?;
        let officials =
            rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>().map_err(Error::from)?;
        Ok(Response::new(pb::ListOfficialsResponse { officials, next_page_token }))
    }

    async fn update_official(
        &self,
        request: Request<pb::UpdateOfficialRequest>,
    ) -> Result<Response<pb::UpdateOfficialResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.official.as_ref().and_then(|official| tournament_in(&official.name)));
        self.desk.write(&request, locks, move |tx| Box::pin(update(tx, body))).await
    }

    async fn set_availability(
        &self,
        request: Request<pb::SetAvailabilityRequest>,
    ) -> Result<Response<pb::SetAvailabilityResponse>, Status> {
        let availability = Availability::parse(request.get_ref().clone())?;
        let locks = Locks::of([availability.name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(availability.carry_out(tx))).await
    }

    async fn list_candidates(
        &self,
        request: Request<pb::ListCandidatesRequest>,
    ) -> Result<Response<pb::ListCandidatesResponse>, Status> {
        let name: ActivityName =
            parse::text_as("activity", &request.get_ref().activity).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let row = ActivityRow::get(&mut conn, name.as_str()).await.map_err(Error::from)?;
        let bench = Bench::read(&mut conn, &row, &name.parent()).await?;
        let ranked = officials::candidates(&bench.game, &bench.officials, &bench.timetable, &bench.rules);
        Ok(Response::new(pb::ListCandidatesResponse {
            candidates: ranked.into_iter().map(candidate).collect(),
        }))
    }

    async fn appoint_officials(
        &self,
        request: Request<pb::AppointOfficialsRequest>,
    ) -> Result<Response<pb::AppointOfficialsResponse>, Status> {
        let appointment = Appointment::parse(request.get_ref())?;
        let locks = Locks::of([appointment.activity.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(appointment.carry_out(tx))).await
    }
}
