//! The matches of a competition, made and placed one after the other.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::{common::v1::Provenance, scheduling::v1 as pb};
use matchday_kernel::{
    ActivityName, Common, Interval, SignedDuration, TournamentName, Zone, ZoneName,
    civil::{Date, Time},
};
use matchday_rpc::parse::{self, MAX_TEXT, to_duration, to_timestamp};
use matchday_store::{Record, Tx};

use super::{
    activities,
    competitions::{self, check_known},
    season::Season,
};
use crate::{
    Error,
    domain::{
        contest::Presence,
        format::{self, Draw, Grid, KickOff, Length, Planned},
        place,
        refused::Refusal,
    },
    store::{
        activities::{self as stored, ActivityRow},
        competitions as described,
        tournaments::TournamentRow,
    },
};

/// A match of a group, from kick-off to whistle: 90 min, half-time, and what is added.
const GROUP: SignedDuration = SignedDuration::from_mins(115);
/// A match of the knockout, with extra time and penalties.
const KNOCKOUT: SignedDuration = SignedDuration::from_mins(160);
/// The pitch before the kick-off: the warm-up.
const SET_UP: SignedDuration = SignedDuration::from_mins(45);
/// The pitch after the whistle.
const TURNAROUND: SignedDuration = SignedDuration::from_mins(30);
/// Kick-offs of a day where none are named, in hours and minutes: far enough apart for one group match after the other
/// on a pitch.
const KICK_OFFS: [(i8, i8); 4] = [(9, 0), (12, 15), (15, 30), (18, 45)];
/// Most pitches, and most kick-offs of a day.
const MOST_PITCHES: usize = 100;
const MOST_KICK_OFFS: usize = 24;

/// Matches to make, read and checked as far as they can be alone.
pub(super) struct Making {
    tournament: TournamentName,
    competition: String,
    first: Option<Date>,
    pitches: Vec<ZoneName>,
    kick_offs: Vec<Time>,
    is_preview: bool,
}

impl Making {
    pub(super) fn parse(request: &pb::GenerateMatchesRequest) -> Result<Self, Error> {
        let grid = parse::required("grid", request.grid.clone())?;
        for (field, count, most) in [
            ("grid.zones", grid.zones.len(), MOST_PITCHES),
            ("grid.kick_offs", grid.kick_offs.len(), MOST_KICK_OFFS),
        ] {
            if count > most {
                return Err(Common::field(field, format!("are more than {most}")).into());
            }
        }
        if grid.zones.is_empty() {
            return Err(Common::field("grid.zones", "are required: matches are placed on them").into());
        }
        let pitches = each("grid.zones", &grid.zones, |field, text| Ok(parse::text_as(field, text)?))?;
        let mut kick_offs = each("grid.kick_offs", &grid.kick_offs, clock)?;
        if kick_offs.is_empty() {
            kick_offs = KICK_OFFS.map(|(hour, minute)| Time::constant(hour, minute, 0, 0)).to_vec();
        }
        kick_offs.sort_unstable();
        let first = (!grid.first_date.is_empty()).then_some(grid.first_date.as_str());
        Ok(Self {
            tournament: parse::text_as("parent", &request.parent)?,
            competition: parse::required_text("competition", &request.competition)?,
            first: first.map(|text| parse::text_as("grid.first_date", text)).transpose()?,
            pitches,
            kick_offs,
            is_preview: request.validate_only,
        })
    }

    pub(super) fn tournament(&self) -> &str {
        self.tournament.as_str()
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::GenerateMatchesResponse, Error> {
        let tournament = TournamentRow::get(tx, self.tournament.as_str()).await?;
        for pitch in &self.pitches {
            place::check_at_sites(pitch.as_str(), &tournament.sites)?;
        }
        let now = tx.now();
        let season = Season::read(tx, self.tournament.as_str(), now).await?;
        check_known(&season, self.tournament.as_str(), &self.competition)?;
        let planned = self.plan(tx, &season).await?;
        let all = stored::of_tournament(tx, self.tournament.as_str()).await?;
        let grid = self.grid(&tournament, &all)?;
        let lengths: Vec<Length> =
            planned.iter().map(|planned| Length { step: planned.step, play: play(planned) }).collect();
        let places = grid.place(&lengths, SET_UP, TURNAROUND)?;
        let mut made = Vec::new();
        for row in self.rows(&season, &planned, &places, &all)? {
            made.push(if self.is_preview {
                row.into()
            } else {
                activities::create(tx, self.tournament.clone(), row).await?.activity.unwrap_or_default()
            });
        }
        Ok(pb::GenerateMatchesResponse { activities: made })
    }

    /// What is to be played, by whom.
    async fn plan(&self, tx: &mut Tx, season: &Season) -> Result<Vec<Planned>, Error> {
        let competition = self.competition.clone();
        let own = season.contest.games.iter().filter(|game| game.competition == competition);
        let matches = own.filter(|game| !game.is_cancelled).count();
        if matches > 0 {
            return Err(Refusal::MatchesExist { competition, matches }.into());
        }
        let described = described::of_tournament(tx, self.tournament.as_str()).await?;
        let described = described.into_iter().find(|one| one.competition == competition);
        let Some(wanted) = described.and_then(|one| one.format) else {
            let problem = "nobody has said how it is played: describe it first".to_owned();
            return Err(Refusal::FormatUnfit { competition, problem }.into());
        };
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, team) in &season.contest.teams {
            if team.competition == competition && team.presence == Presence::Entered {
                groups.entry(team.group.clone()).or_default().push(name.clone());
            }
        }
        let draw = Draw { competition: &competition, groups: &groups };
        Ok(format::plan(&competitions::format(&self.tournament, &wanted)?, &draw)?)
    }

    fn grid(&self, tournament: &TournamentRow, all: &[ActivityRow]) -> Result<Grid, Error> {
        let zone: Zone = tournament.time_zone.parse().map_err(Common::internal)?;
        let date = |text: &str| text.parse::<Date>().map_err(Common::internal);
        let mut held: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
        for row in all.iter().filter(|row| row.takes_place()) {
            let slot = row.slot()?;
            let time = slot.time.with_buffers(slot.set_up, slot.turnaround).map_err(Common::internal)?;
            held.entry(row.zone.clone()).or_default().push(time);
        }
        let start = date(&tournament.start_date)?;
        let first = self.first.unwrap_or(start);
        if first < start {
            return Err(Common::field(
                "grid.first_date",
                format!("lies before {start}, the tournament's first"),
            )
            .into());
        }
        Ok(Grid {
            zone,
            first,
            last: date(&tournament.end_date)?,
            kick_offs: self.kick_offs.clone(),
            pitches: self.pitches.iter().map(ToString::to_string).collect(),
            held,
        })
    }

    fn rows(
        &self,
        season: &Season,
        planned: &[Planned],
        places: &[KickOff],
        all: &[ActivityRow],
    ) -> Result<Vec<ActivityRow>, Error> {
        let ids = free_ids(all, planned.len());
        let mut rows = Vec::new();
        for ((planned, kick_off), id) in planned.iter().zip(places).zip(&ids) {
            let [home, away] =
                planned.sides.each_ref().map(|side| format::written(side, &self.competition, &ids));
            let called = [&home, &away].map(|side| season.contest.called(side));
            let name = ActivityName::new(&self.tournament, id.parse().map_err(Common::internal)?);
            let wanted = pb::Activity {
                kind: pb::ActivityKind::Match.into(),
                title: title(&self.competition, planned, called),
                zone: kick_off.pitch.clone(),
                start_time: Some(to_timestamp(kick_off.at)),
                end_time: Some(to_timestamp(kick_off.at.saturating_add(play(planned)))),
                set_up: Some(to_duration(SET_UP)),
                turnaround: Some(to_duration(TURNAROUND)),
                r#match: Some(pb::Match {
                    competition: self.competition.clone(),
                    stage: planned.stage.clone(),
                    group: planned.group.clone(),
                    home,
                    away,
                    round: i32::try_from(planned.round).unwrap_or(i32::MAX),
                    ..pb::Match::default()
                }),
                provenance: Some(Provenance { source: String::new(), generated: vec!["*".to_owned()] }),
                ..pb::Activity::default()
            };
            rows.push(activities::activity(&name, wanted)?);
        }
        Ok(rows)
    }
}

fn each<T>(
    field: &str,
    texts: &[String],
    read: impl Fn(&str, &str) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    texts.iter().enumerate().map(|(index, text)| read(&format!("{field}[{index}]"), text)).collect()
}

/// A kick-off on the clocks: `15:30`.
fn clock(field: &str, text: &str) -> Result<Time, Error> {
    let time = Time::strptime("%H:%M", text);
    Ok(time.map_err(|_| Common::field(field, format!("{text:?} is not a time like 15:30")))?)
}

fn play(planned: &Planned) -> SignedDuration {
    if planned.group.is_empty() { KNOCKOUT } else { GROUP }
}

/// What people call the match; where names are too long for that, it goes without them.
fn title(competition: &str, planned: &Planned, [home, away]: [&str; 2]) -> String {
    let is_group = planned.stage == "group";
    let part = if is_group { format!("group {}", planned.group) } else { planned.stage.clone() };
    let title = format!("{competition}, {part}: {home} – {away}");
    if title.chars().count() <= MAX_TEXT { title } else { part }
}

/// The next ids of matches that nothing has: `m47`.
fn free_ids(all: &[ActivityRow], count: usize) -> Vec<String> {
    let used: BTreeSet<&str> = all.iter().filter_map(|row| row.name.rsplit('/').next()).collect();
    let number = |id: &&str| id.strip_prefix('m').and_then(|digits| digits.parse::<usize>().ok());
    let last = used.iter().filter_map(number).filter(|number| *number < 1_000_000).max().unwrap_or_default();
    (last + 1..)
        .map(|number| format!("m{number:02}"))
        .filter(|id| !used.contains(id.as_str()))
        .take(count)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kick_offs_nobody_named_leave_room_for_a_group_match_and_its_buffers() {
        let needed = SET_UP.as_mins() + GROUP.as_mins() + TURNAROUND.as_mins();
        let minutes = KICK_OFFS.map(|(hour, minute)| i64::from(hour) * 60 + i64::from(minute));
        assert!(minutes.windows(2).all(|pair| pair[1] - pair[0] >= needed), "{minutes:?}, {needed} needed");
    }
}
