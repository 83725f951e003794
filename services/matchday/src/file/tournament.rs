//! The file of a tournament: its teams, its sessions and its activities.

use std::collections::{HashMap, HashSet};

use matchday_api::scheduling::v1::{ImportTournamentRequest, Session, Team, Tournament};
use matchday_kernel::civil::Date;
use matchday_kernel::{SessionName, SiteName, TeamName, TournamentName, VenueName, Zone};
use serde::Deserialize;

use super::FileError;
use super::activity::{self, ActivityEntry};
use super::item::{Item, Text};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TournamentFile {
    tournament: Text,
    display_name: Text,
    time_zone: Text,
    start_date: Text,
    end_date: Text,
    sites: Vec<Text>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
    #[serde(default)]
    teams: Vec<TeamEntry>,
    #[serde(default)]
    sessions: Vec<SessionEntry>,
    #[serde(default)]
    activities: Vec<ActivityEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamEntry {
    id: Text,
    display_name: Text,
    competition: Text,
    group: Option<String>,
    country: Option<String>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionEntry {
    id: Text,
    title: Text,
    venue: Text,
    expected_attendance: Option<Text>,
    class: Option<Text>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

/// What the entries of a file refer to.
pub(super) struct Frame {
    pub(super) tournament: TournamentName,
    pub(super) zone: Zone,
    pub(super) teams: HashMap<String, TeamName>,
    pub(super) sessions: HashMap<String, SessionName>,
    sites: HashSet<SiteName>,
}

impl Frame {
    /// Refuses a place at a site where the tournament does not take place.
    pub(super) fn check_site(
        &self,
        item: &Item<'_>,
        field: &str,
        value: &Text,
        site: &SiteName,
    ) -> Result<(), FileError> {
        if self.sites.contains(site) {
            return Ok(());
        }
        let problem = format!("{:?} is not among the sites of this tournament", site.id());
        Err(item.wrong(field, value, problem))
    }
}

/// Turns the file into the request that imports it.
///
/// # Errors
/// [`FileError::Field`]
pub(super) fn read(name: &str, file: TournamentFile) -> Result<ImportTournamentRequest, FileError> {
    let whole = Item::whole(name);
    let mut frame = Frame {
        tournament: TournamentName::new(whole.parse("tournament", &file.tournament)?),
        zone: whole.parse("time_zone", &file.time_zone)?,
        teams: HashMap::new(),
        sessions: HashMap::new(),
        sites: HashSet::new(),
    };
    let mut request = ImportTournamentRequest {
        tournament: Some(read_tournament(&whole, &file, &mut frame)?),
        ..ImportTournamentRequest::default()
    };
    let mut seen = HashMap::new();
    for (index, entry) in file.teams.into_iter().enumerate() {
        let item = whole.nth("teams", index);
        item.unique(&mut seen, &entry.id)?;
        request.teams.push(read_team(&item, &mut frame, entry)?);
    }
    seen.clear();
    for (index, entry) in file.sessions.into_iter().enumerate() {
        let item = whole.nth("sessions", index);
        item.unique(&mut seen, &entry.id)?;
        request.sessions.push(read_session(&item, &mut frame, entry)?);
    }
    seen.clear();
    for (index, entry) in file.activities.into_iter().enumerate() {
        let item = whole.nth("activities", index);
        item.unique(&mut seen, &entry.id)?;
        request.activities.push(activity::read(&item, &frame, entry)?);
    }
    Ok(request)
}

fn read_tournament(
    whole: &Item<'_>,
    file: &TournamentFile,
    frame: &mut Frame,
) -> Result<Tournament, FileError> {
    const FIELDS: [&str; 5] = ["display_name", "time_zone", "start_date", "end_date", "sites"];
    let start: Date = whole.parse("start_date", &file.start_date)?;
    let end: Date = whole.parse("end_date", &file.end_date)?;
    if end < start {
        return Err(whole.wrong("end_date", &file.end_date, "is before the start_date"));
    }
    let mut sites = Vec::new();
    for (index, site) in file.sites.iter().enumerate() {
        let field = format!("sites[{index}]");
        let name = SiteName::new(whole.parse(&field, site)?);
        sites.push(name.to_string());
        if !frame.sites.insert(name) {
            return Err(whole.wrong(&field, site, "is named twice"));
        }
    }
    Ok(Tournament {
        name: frame.tournament.to_string(),
        display_name: whole.text("display_name", &file.display_name)?,
        time_zone: frame.zone.name().to_owned(),
        start_date: start.to_string(),
        end_date: end.to_string(),
        sites,
        provenance: whole.provenance(file.source.clone(), file.generated.clone(), &FIELDS)?,
        ..Tournament::default()
    })
}

fn read_team(item: &Item<'_>, frame: &mut Frame, entry: TeamEntry) -> Result<Team, FileError> {
    let name = TeamName::new(&frame.tournament, item.parse("id", &entry.id)?);
    frame.teams.insert(entry.id.value, name.clone());
    Ok(Team {
        name: name.into(),
        display_name: item.text("display_name", &entry.display_name)?,
        competition: item.text("competition", &entry.competition)?,
        group: entry.group.unwrap_or_default(),
        country: entry.country.unwrap_or_default(),
        provenance: item.provenance(
            entry.source,
            entry.generated,
            &["display_name", "competition", "group", "country"],
        )?,
        ..Team::default()
    })
}

fn read_session(item: &Item<'_>, frame: &mut Frame, entry: SessionEntry) -> Result<Session, FileError> {
    let name = SessionName::new(&frame.tournament, item.parse("id", &entry.id)?);
    let venue: VenueName = item.place("venue", &entry.venue, &["sites", "venues"])?;
    frame.check_site(item, "venue", &entry.venue, &venue.parent())?;
    let expected = item.count("expected_attendance", entry.expected_attendance.as_ref())?;
    frame.sessions.insert(entry.id.value, name.clone());
    Ok(Session {
        name: name.into(),
        title: item.text("title", &entry.title)?,
        venue: venue.into(),
        expected_attendance: expected.unwrap_or_default(),
        service_class: item.optional_id("class", entry.class.as_ref())?,
        provenance: item.provenance(
            entry.source,
            entry.generated,
            &["title", "venue", "expected_attendance", "service_class"],
        )?,
        ..Session::default()
    })
}
