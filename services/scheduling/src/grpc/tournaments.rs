//! Tournaments: read, checked, created, changed.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, SiteName, Slug, TournamentName, Zone, civil::Date};
use matchday_rpc::parse::{self, Mask};
use matchday_store::{Record, Tx};

use super::emit;
use crate::{
    Error,
    domain::place,
    store::{activities, tournaments::TournamentRow},
};

/// Most sites one tournament is played at.
const MOST_SITES: usize = 50;

pub(super) fn tournament(name: &TournamentName, wanted: pb::Tournament) -> Result<TournamentRow, Error> {
    let zone: Zone = parse::text_as("tournament.time_zone", &wanted.time_zone)?;
    let start: Date = parse::text_as("tournament.start_date", &wanted.start_date)?;
    let end: Date = parse::text_as("tournament.end_date", &wanted.end_date)?;
    if end < start {
        return Err(Common::field("tournament.end_date", "lies before the first day").into());
    }
    if wanted.sites.is_empty() || wanted.sites.len() > MOST_SITES {
        let problem = format!("must name 1 to {MOST_SITES} sites");
        return Err(Common::field("tournament.sites", problem).into());
    }
    for site in &wanted.sites {
        parse::text_as::<SiteName>("tournament.sites", site)?;
    }
    let provenance = parse::provenance("tournament.provenance", wanted.provenance)?;
    Ok(TournamentRow {
        name: name.to_string(),
        display_name: parse::required_text("tournament.display_name", &wanted.display_name)?,
        time_zone: zone.name().to_owned(),
        start_date: start.to_string(),
        end_date: end.to_string(),
        sites: wanted.sites.join(" "),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..TournamentRow::default()
    })
}

pub(super) fn to_create(request: &pb::CreateTournamentRequest) -> Result<TournamentRow, Error> {
    let id: Slug = parse::text_as("tournament_id", &request.tournament_id)?;
    tournament(&TournamentName::new(id), parse::required("tournament", request.tournament.clone())?)
}

pub(super) async fn create(tx: &mut Tx, row: TournamentRow) -> Result<pb::CreateTournamentResponse, Error> {
    let name: TournamentName = row.name.parse().map_err(Common::internal)?;
    let tournament = Some(pb::Tournament::from(row.create(tx).await?));
    emit(tx, name.as_str(), &name, &pb::TournamentCreated { tournament: tournament.clone() });
    Ok(pb::CreateTournamentResponse { tournament })
}

pub(super) async fn update(
    tx: &mut Tx,
    request: pb::UpdateTournamentRequest,
) -> Result<pb::UpdateTournamentResponse, Error> {
    let allowed = ["display_name", "time_zone", "start_date", "end_date", "sites", "provenance"];
    let mask = Mask::new(request.update_mask, &allowed)?;
    let wanted = parse::required("tournament", request.tournament)?;
    let name: TournamentName = parse::text_as("tournament.name", &wanted.name)?;
    let row = TournamentRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Tournament::from(current.clone());
        mask.apply("display_name", &mut merged.display_name, wanted.display_name);
        mask.apply("time_zone", &mut merged.time_zone, wanted.time_zone);
        mask.apply("start_date", &mut merged.start_date, wanted.start_date);
        mask.apply("end_date", &mut merged.end_date, wanted.end_date);
        mask.apply("sites", &mut merged.sites, wanted.sites);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        let published_version = current.published_version.clone();
        Ok(TournamentRow { published_version, ..tournament(&name, merged)? })
    })
    .await?;
    for activity in activities::of_tournament(tx, name.as_str()).await? {
        if activity.takes_place() {
            place::check_at_sites(&activity.zone, &row.sites)?;
        }
    }
    let tournament = Some(pb::Tournament::from(row));
    emit(tx, name.as_str(), &name, &pb::TournamentUpdated { tournament: tournament.clone() });
    Ok(pb::UpdateTournamentResponse { tournament })
}
