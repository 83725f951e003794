//! `ExportService`: the schedule as files.

use std::collections::BTreeMap;

use matchday_api::scheduling::v1::{self as pb, export_service_server::ExportService};
use matchday_kernel::{
    Common, Instant, ScheduleVersionName, Slug, TeamName, TournamentName, VenueName, Zone, civil::Date,
};
use matchday_rpc::parse;
use matchday_store::{Conn, Record};
use tonic::{Request, Response, Status};

use crate::{
    Error, Scheduling,
    domain::{
        check::timetable::Side,
        export::{Entry, Game, Language, Party, Sheet, Words, calendar, chart, csv, json, page, words},
    },
    store::{
        activities,
        tournaments::{SessionRow, TeamRow, TournamentRow},
        versions::{self, VersionRow},
    },
};

/// Largest file, in bytes: a client takes 4 MiB.
const MOST_BYTES: usize = 7 << 19;

/// What is to be written.
struct Export {
    tournament: TournamentName,
    format: pb::ExportFormat,
    words: &'static Words,
    version: Option<ScheduleVersionName>,
    filter: Filter,
}

/// Which activities are written; what is absent limits nothing.
struct Filter {
    team: Option<TeamName>,
    venue: Option<VenueName>,
    official: Option<Slug>,
    date: Option<Date>,
}

impl Export {
    fn parse(request: &pb::ExportScheduleRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let language = Language::read(&request.language).ok_or_else(|| {
            Common::field("language", format!("{:?} is neither en nor zh-CN", request.language))
        })?;
        let version: Option<ScheduleVersionName> = optional("version", &request.version)?;
        if version.as_ref().is_some_and(|version| version.parent() != tournament) {
            return Err(Common::field("version", "is of another tournament").into());
        }
        Ok(Self {
            format: parse::one_of("format", request.format)?,
            words: words::of(language),
            version,
            filter: Filter {
                team: optional("team", &request.team)?,
                venue: optional("venue", &request.venue)?,
                official: optional("official", &request.official)?,
                date: optional("date", &request.date)?,
            },
            tournament,
        })
    }

    async fn activities(&self, conn: &mut Conn) -> Result<Vec<pb::Activity>, Error> {
        let Some(version) = &self.version else {
            let rows = activities::of_tournament(conn, self.tournament.as_str()).await?;
            return Ok(rows.into_iter().map(pb::Activity::from).collect());
        };
        VersionRow::get(conn, version.as_str()).await?;
        Ok(versions::content(conn, version.as_str()).await?)
    }

    /// Writes a sheet.
    fn write(&self, sheet: &Sheet) -> Result<pb::ExportScheduleResponse, Error> {
        use pb::ExportFormat as F;
        let words = self.words;
        let (content, content_type, ending) = match self.format {
            F::Csv => (csv(sheet, words).map_err(Common::internal)?, "text/csv; charset=utf-8", "csv"),
            F::Json => (json(sheet, words).map_err(Common::internal)?, "application/json", "json"),
            F::Html => (page(sheet, words).into_bytes(), "text/html; charset=utf-8", "html"),
            F::Svg => (chart(sheet, words).into_bytes(), "image/svg+xml; charset=utf-8", "svg"),
            F::Icalendar | F::Unspecified => {
                (calendar(sheet, words).into_bytes(), "text/calendar; charset=utf-8", "ics")
            }
        };
        if content.len() > MOST_BYTES {
            return Err(Error::ExportTooLarge { bytes: content.len(), most: MOST_BYTES });
        }
        Ok(pb::ExportScheduleResponse {
            content,
            content_type: content_type.to_owned(),
            file_name: format!("{}.{ending}", sheet.tournament),
            activities: i32::try_from(sheet.entries.len()).unwrap_or(i32::MAX),
        })
    }
}

impl Filter {
    fn covers(&self, activity: &pb::Activity, zone: &Zone) -> bool {
        let played = activity.r#match.as_ref();
        let of_team = |team: &TeamName| {
            played.is_some_and(|played| played.home == team.as_str() || played.away == team.as_str())
        };
        let of_official = |official: &Slug| {
            played.is_some_and(|played| played.officials.iter().any(|id| id == official.as_str()))
        };
        let at_venue = |venue: &VenueName| {
            activity.zone.strip_prefix(venue.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        let start = parse::instant("start_time", activity.start_time).ok().flatten();
        let on_date = |date: &Date| start.is_some_and(|start| zone.local_date(start) == *date);
        self.team.as_ref().is_none_or(of_team)
            && self.official.as_ref().is_none_or(of_official)
            && self.venue.as_ref().is_none_or(at_venue)
            && self.date.as_ref().is_none_or(on_date)
    }
}

fn optional<T>(field: &str, text: &str) -> Result<Option<T>, Error>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    Ok((!text.is_empty()).then(|| parse::text_as(field, text)).transpose()?)
}

/// What people call things, by their names.
struct Titles {
    teams: BTreeMap<String, String>,
    sessions: BTreeMap<String, String>,
    zones: BTreeMap<String, [String; 2]>,
}

impl Titles {
    async fn stored(conn: &mut Conn, tournament: &str) -> Result<Self, Error> {
        let (first, until) = (format!("{tournament}/"), format!("{tournament}0"));
        let teams = TeamRow::between(conn, &first, &until, i64::MAX).await?;
        let sessions = SessionRow::between(conn, &first, &until, i64::MAX).await?;
        Ok(Self {
            teams: teams.into_iter().map(|row| (row.name, row.display_name)).collect(),
            sessions: sessions.into_iter().map(|row| (row.name, row.title)).collect(),
            zones: BTreeMap::new(),
        })
    }

    fn of<'t>(titles: &'t BTreeMap<String, String>, name: &'t str) -> &'t str {
        titles.get(name).map_or_else(|| id(name), String::as_str)
    }

    /// A zone and its venue as people call them; without the venues' help the ids in its name.
    fn place(&self, zone: &str) -> [String; 2] {
        let venue = zone.split("/zones/").next().unwrap_or_default();
        let ids = || [id(venue), id(zone)].map(str::to_owned);
        self.zones.get(zone).cloned().unwrap_or_else(ids)
    }

    fn entry(&self, activity: pb::Activity) -> Result<Entry, Error> {
        let time = parse::interval("", activity.start_time, activity.end_time)?;
        let buffer = |length| parse::duration("buffer", length, matchday_kernel::SignedDuration::MAX);
        let occupation = time
            .with_buffers(buffer(activity.set_up)?, buffer(activity.turnaround)?)
            .map_err(Common::internal)?;
        let moment = |field, time| -> Result<Option<Instant>, Error> { Ok(parse::instant(field, time)?) };
        let (kind, state) = (activity.kind(), activity.state());
        Ok(Entry {
            id: id(&activity.name).to_owned(),
            revision: activity.revision,
            updated: moment("update_time", activity.update_time)?.unwrap_or(time.start()),
            kind,
            state,
            title: activity.title,
            planned_start: moment("planned_start_time", activity.planned_start_time)?.unwrap_or(time.start()),
            place: self.place(&activity.zone),
            session: if activity.session.is_empty() {
                String::new()
            } else {
                Self::of(&self.sessions, &activity.session).to_owned()
            },
            reason: activity.reason,
            game: activity.r#match.map(|played| self.game(played)),
            time,
            occupation,
        })
    }

    fn game(&self, played: pb::Match) -> Game {
        let sides = [&played.home, &played.away].map(|side| match Side::read(side, &played.competition) {
            Side::Team(name) => Party::Team(Self::of(&self.teams, &name).to_owned()),
            Side::Slot(slot) => Party::Slot(slot),
        });
        let result = played.result.unwrap_or_default();
        Game {
            competition: played.competition,
            stage: played.stage,
            group: played.group,
            sides,
            goals: result.home_goals.zip(result.away_goals).map(<[i32; 2]>::from),
            penalties: result.home_penalties.zip(result.away_penalties).map(<[i32; 2]>::from),
            officials: played.officials,
        }
    }
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What the file is a schedule of.
fn title(tournament: &str, titles: &Titles, filter: &Filter) -> String {
    let team = filter.team.as_ref().map(|team| Titles::of(&titles.teams, team.as_str()).to_owned());
    let venue = filter.venue.as_ref().map(|venue| id(venue.as_str()).to_owned());
    let official = filter.official.as_ref().map(|official| official.as_str().to_owned());
    let date = filter.date.map(|date| date.to_string());
    let parts = [Some(tournament.to_owned()), team, venue, official, date];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[tonic::async_trait]
impl ExportService for Scheduling {
    async fn export_schedule(
        &self,
        request: Request<pb::ExportScheduleRequest>,
    ) -> Result<Response<pb::ExportScheduleResponse>, Status> {
        let export = Export::parse(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        let row = TournamentRow::get(&mut conn, export.tournament.as_str()).await.map_err(Error::from)?;
        if let Some(team) = &export.filter.team {
            TeamRow::get(&mut conn, team.as_str()).await.map_err(Error::from)?;
        }
        let zone: Zone = row.time_zone.parse().map_err(|error| Error::from(Common::internal(error)))?;
        let mut titles = Titles::stored(&mut conn, &row.name).await?;
        let mut wanted = export.activities(&mut conn).await?;
        // the venues may take their time: nobody waits for this connection meanwhile
        drop(conn);
        wanted.retain(|activity| export.filter.covers(activity, &zone));
        let sites: Vec<String> = row.sites.split_whitespace().map(str::to_owned).collect();
        titles.zones = self.inquiry.titles(&sites).await;
        let entries =
            wanted.into_iter().map(|activity| titles.entry(activity)).collect::<Result<Vec<_>, Error>>()?;
        let sheet = Sheet {
            tournament: id(&row.name).to_owned(),
            title: title(&row.display_name, &titles, &export.filter),
            zone,
            as_of: entries.iter().map(|entry| entry.updated).max(),
            entries,
        };
        Ok(Response::new(export.write(&sheet)?))
    }
}
