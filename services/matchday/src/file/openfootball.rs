//! A `worldcup.json` of openfootball: fixtures and results of one tournament, without anything about places
//! but the name of the ground.
//!
//! JSON is read as the YAML it is, because that reader knows on which line a value stands.

use std::collections::BTreeMap;

use matchday_api::common::v1::Provenance;
use matchday_api::scheduling::v1::{
    Activity, ActivityKind, ImportTournamentRequest, Match, Session, Team, Tournament,
};
use matchday_api::venues::v1::{ImportSiteRequest, Site, Venue, VenuePurpose, Zone as Area, ZoneKind};
use matchday_kernel::{
    ActivityName, Instant, SessionName, SignedDuration, SiteName, Slug, TeamName, TournamentName, VenueName,
    Zone, ZoneName,
};
use matchday_rpc::parse::{to_duration, to_timestamp};
use serde::Deserialize;

use super::FileError;
use super::fixture::{Fixture, Named, Played, Side};
use super::item::{Item, Text};

/// A match of a group, from kick-off to whistle.
const GROUP: SignedDuration = SignedDuration::from_mins(115);
/// A match of the knockout, with extra time and penalties.
const KNOCKOUT: SignedDuration = SignedDuration::from_mins(160);
/// The pitch before the kick-off: the warm-up.
const SET_UP: SignedDuration = SignedDuration::from_mins(45);
/// The pitch after the whistle.
const TURNAROUND: SignedDuration = SignedDuration::from_mins(30);

/// What the file does not say.
pub(crate) struct Openfootball {
    /// The tournament to create.
    pub(crate) tournament: TournamentName,
    /// The site to create.
    pub(crate) site: SiteName,
    /// The clocks of kick-offs without an offset, and of the calendar.
    pub(crate) zone: Zone,
}

/// The file as it is written; what is not read here is left alone.
#[derive(Deserialize)]
pub(super) struct Fixtures {
    name: Text,
    matches: Vec<Fixture>,
}

/// Turns the file into the requests that import its site and its tournament.
///
/// # Errors
/// [`FileError::Field`]
pub(super) fn read(
    name: &str,
    file: &Fixtures,
    frame: &Openfootball,
) -> Result<(ImportSiteRequest, ImportTournamentRequest), FileError> {
    let whole = Item::whole(name);
    let title = whole.text("name", &file.name)?;
    let mut teams = Named::new("team");
    let mut grounds = Named::new("ground");
    let mut groups = BTreeMap::new();
    let mut fixtures = Vec::new();
    for (index, fixture) in file.matches.iter().enumerate() {
        let item = whole.nth("matches", index);
        let played = fixture.read(&item, &title, &frame.zone, &mut teams, &mut grounds)?;
        if !played.group.is_empty() {
            let teams = played.sides.iter().filter_map(|side| match side {
                Side::Team(team) => Some(team.clone()),
                Side::Place(_) | Side::After { .. } => None,
            });
            groups.extend(teams.map(|team| (team, played.group.clone())));
        }
        fixtures.push(played);
    }
    // as they are played: openfootball lists them by group
    fixtures.sort_by_key(|fixture| fixture.start);
    let (Some(first), Some(last)) = (fixtures.first(), fixtures.last()) else {
        return Err(whole.wrong("matches", &file.name, "there are none"));
    };
    let digits = fixtures.len().to_string().len().max(2);
    let id = |number: usize| format!("m{number:0digits$}").parse::<Slug>();
    let numbers =
        fixtures.iter().zip(1..).filter_map(|(fixture, at)| Some((fixture.number.clone()?, id(at).ok()?)));
    let written = Written { title: &title, frame, numbers: numbers.collect() };
    let tournament = written.tournament(first.start, last.start);
    let mut request = ImportTournamentRequest {
        tournament: Some(tournament),
        teams: teams.all.iter().map(|(id, called)| written.team(id, called, groups.get(id))).collect(),
        ..ImportTournamentRequest::default()
    };
    for (index, fixture) in fixtures.into_iter().enumerate() {
        let id = id(index + 1).expect("a letter and digits are an id");
        request.sessions.push(written.session(id.clone(), &fixture));
        request.activities.push(written.activity(id, fixture));
    }
    Ok((written.site(&grounds.all), request))
}

/// What is written into the contract's messages.
struct Written<'a> {
    title: &'a str,
    frame: &'a Openfootball,
    /// The ids of fixtures that have a number, by it.
    numbers: BTreeMap<String, Slug>,
}

impl Written<'_> {
    fn provenance(&self, generated: &[&str]) -> Provenance {
        let generated = generated.iter().map(ToString::to_string).collect();
        Provenance { source: format!("openfootball, {}", self.title), generated }
    }

    fn venue_name(&self, ground: &Slug) -> VenueName {
        VenueName::new(&self.frame.site, ground.clone())
    }

    fn pitch(&self, ground: &Slug) -> ZoneName {
        ZoneName::new(&self.venue_name(ground), "pitch".parse().expect("an id"))
    }

    fn site(&self, grounds: &[(Slug, String)]) -> ImportSiteRequest {
        let venue = |(id, called): &(Slug, String)| Venue {
            name: self.venue_name(id).into(),
            display_name: called.clone(),
            purpose: VenuePurpose::Match.into(),
            provenance: Some(self.provenance(&["purpose"])),
            ..Venue::default()
        };
        let pitch = |(id, _): &(Slug, String)| Area {
            name: self.pitch(id).into(),
            display_name: "Pitch".to_owned(),
            kind: ZoneKind::Pitch.into(),
            provenance: Some(self.provenance(&["*"])),
            ..Area::default()
        };
        ImportSiteRequest {
            site: Some(Site {
                name: self.frame.site.to_string(),
                display_name: format!("Grounds of {}", self.title),
                time_zone: self.frame.zone.name().to_owned(),
                provenance: Some(self.provenance(&["display_name", "time_zone"])),
                ..Site::default()
            }),
            venues: grounds.iter().map(venue).collect(),
            zones: grounds.iter().map(pitch).collect(),
            request_id: String::new(),
        }
    }

    fn tournament(&self, first: Instant, last: Instant) -> Tournament {
        let date = |moment| self.frame.zone.local_date(moment).to_string();
        Tournament {
            name: self.frame.tournament.to_string(),
            display_name: self.title.to_owned(),
            time_zone: self.frame.zone.name().to_owned(),
            start_date: date(first),
            end_date: date(last),
            sites: vec![self.frame.site.to_string()],
            provenance: Some(self.provenance(&["time_zone"])),
            ..Tournament::default()
        }
    }

    fn team_name(&self, id: &Slug) -> String {
        TeamName::new(&self.frame.tournament, id.clone()).into()
    }

    fn team(&self, id: &Slug, called: &str, group: Option<&String>) -> Team {
        Team {
            name: self.team_name(id),
            display_name: called.to_owned(),
            competition: self.title.to_owned(),
            group: group.cloned().unwrap_or_default(),
            provenance: Some(self.provenance(&[])),
            ..Team::default()
        }
    }

    fn session(&self, id: Slug, fixture: &Played) -> Session {
        Session {
            name: SessionName::new(&self.frame.tournament, id).into(),
            title: fixture.title.clone(),
            venue: self.venue_name(&fixture.ground).into(),
            provenance: Some(self.provenance(&["*"])),
            ..Session::default()
        }
    }

    /// A team's name, or a slot in words. A number that no fixture has names none: a check tells it.
    fn side(&self, side: Side) -> String {
        match side {
            Side::Team(team) => self.team_name(&team),
            Side::Place(slot) => slot,
            Side::After { who, number } => match self.numbers.get(&number) {
                Some(id) => format!("{who} of {id}"),
                None => format!("{who} of match {number}"),
            },
        }
    }

    fn activity(&self, id: Slug, fixture: Played) -> Activity {
        let length = if fixture.group.is_empty() { KNOCKOUT } else { GROUP };
        let [home, away] = fixture.sides.map(|side| self.side(side));
        Activity {
            name: ActivityName::new(&self.frame.tournament, id.clone()).into(),
            kind: ActivityKind::Match.into(),
            title: fixture.title,
            zone: self.pitch(&fixture.ground).into(),
            start_time: Some(to_timestamp(fixture.start)),
            end_time: Some(to_timestamp(fixture.start.saturating_add(length))),
            set_up: Some(to_duration(SET_UP)),
            turnaround: Some(to_duration(TURNAROUND)),
            session: SessionName::new(&self.frame.tournament, id).into(),
            r#match: Some(Match {
                competition: fixture.competition,
                stage: fixture.stage,
                group: fixture.group,
                home,
                away,
                result: fixture.score,
                ..Match::default()
            }),
            provenance: Some(self.provenance(&["end_time", "set_up", "turnaround", "session"])),
            ..Activity::default()
        }
    }
}
