//! One fixture of openfootball: when, where, who, and how it ended.

use matchday_api::scheduling::v1::{Result as Score, ResultOutcome};
use matchday_kernel::civil::Date;
use matchday_kernel::{Instant, Slug, TimeError, Zone};
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::FileError;
use super::item::{Item, Text};
use super::slugs::Slugs;

/// A fixture as it is written.
#[derive(Deserialize)]
pub(super) struct Fixture {
    /// Its number, by which later fixtures name it.
    num: Option<Text>,
    round: Text,
    date: Text,
    time: Text,
    team1: Text,
    team2: Text,
    group: Option<Text>,
    ground: Text,
    score: Option<ScoreEntry>,
}

/// Goals after 90 minutes, at half-time, after extra time, and of the penalties.
#[derive(Deserialize)]
struct ScoreEntry {
    ft: Option<Goals>,
    ht: Option<Goals>,
    et: Option<Goals>,
    p: Option<Goals>,
}

type Goals = Spanned<Vec<i32>>;

/// A fixture that was read.
pub(super) struct Played {
    pub(super) start: Instant,
    pub(super) competition: String,
    pub(super) stage: String,
    pub(super) group: String,
    pub(super) title: String,
    pub(super) number: Option<String>,
    pub(super) sides: [Side; 2],
    pub(super) ground: Slug,
    pub(super) score: Option<Score>,
}

/// A side of a fixture.
pub(super) enum Side {
    /// A team, by its id.
    Team(Slug),
    /// Who takes a place in a group, in words: `first of group A`.
    Place(String),
    /// Who wins or loses the fixture of a number.
    After {
        /// `winner` or `loser`.
        who: &'static str,
        /// The number.
        number: String,
    },
}

impl Side {
    /// Reads a team, or what stands in its place until it is known: `1A`, `3A/B/C`, `W73`, `L101`.
    fn read(text: String, teams: &mut Named) -> Self {
        const PLACES: [&str; 4] = ["first", "second", "third", "fourth"];
        let number = |rest: &str| {
            let is_number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| rest.to_owned())
        };
        let after =
            |first: &str, who| Some(Self::After { who, number: text.strip_prefix(first).and_then(number)? });
        let one_of_thirds = || {
            let groups: Vec<&str> = text.strip_prefix('3')?.split('/').collect();
            let is_group = |group: &&str| matches!(group.as_bytes(), [b'A'..=b'Z']);
            let are_groups = groups.len() > 1 && groups.iter().all(is_group);
            are_groups.then(|| Self::Place(format!("best third of groups {}", groups.join(", "))))
        };
        let place = || match text.as_bytes() {
            [place @ b'1'..=b'4', group @ b'A'..=b'Z'] => {
                let place = PLACES[usize::from(place - b'1')];
                Some(Self::Place(format!("{place} of group {}", char::from(*group))))
            }
            _ => None,
        };
        let slot = after("W", "winner").or_else(|| after("L", "loser")).or_else(place).or_else(one_of_thirds);
        slot.unwrap_or_else(|| Self::Team(teams.id(text)))
    }
}

/// Things called something, with their ids, in the order in which they came.
pub(super) struct Named {
    slugs: Slugs,
    pub(super) all: Vec<(Slug, String)>,
}

impl Named {
    /// Nothing yet; `fallback` is an id for what has no letters.
    pub(super) fn new(fallback: &'static str) -> Self {
        Self { slugs: Slugs::new(fallback), all: Vec::new() }
    }

    /// The id of what is called so.
    pub(super) fn id(&mut self, called: String) -> Slug {
        let id = self.slugs.of(&called);
        if self.all.iter().all(|(known, _)| *known != id) {
            self.all.push((id.clone(), called));
        }
        id
    }
}

impl Fixture {
    /// Reads it; teams and grounds get their ids.
    ///
    /// # Errors
    /// [`FileError::Field`]
    pub(super) fn read(
        &self,
        item: &Item<'_>,
        competition: &str,
        zone: &Zone,
        teams: &mut Named,
        grounds: &mut Named,
    ) -> Result<Played, FileError> {
        let round = item.text("round", &self.round)?;
        let group = self.group.as_ref().map_or(Ok(String::new()), |group| item.text("group", group))?;
        let (home, away) = (item.text("team1", &self.team1)?, item.text("team2", &self.team2)?);
        let is_knockout = group.is_empty();
        let part = if is_knockout { &round } else { &group };
        Ok(Played {
            start: self.kick_off(item, zone)?,
            competition: competition.to_owned(),
            stage: if is_knockout { stage(&round) } else { "group".to_owned() },
            title: format!("{part}, {home} against {away}"),
            number: self.num.as_ref().map(|number| number.value.clone()),
            group: group.strip_prefix("Group ").unwrap_or(&group).to_owned(),
            sides: [home, away].map(|side| Side::read(side, teams)),
            ground: grounds.id(item.text("ground", &self.ground)?),
            score: self.score.as_ref().map(|score| score.read(&item.within("score"))).transpose()?,
        })
    }

    /// The kick-off: `18:00 UTC+3`, or `18:00` on the clocks of the tournament.
    fn kick_off(&self, item: &Item<'_>, zone: &Zone) -> Result<Instant, FileError> {
        let (date, time) = (self.date.value.trim(), self.time.value.trim());
        let is_date = date.len() == "2018-06-14".len() && date.parse::<Date>().is_ok();
        if !is_date {
            return Err(item.wrong("date", &self.date, format!("{date:?} is not a day like 2018-06-14")));
        }
        let wrong = || {
            let problem = format!("{time:?} is not a kick-off like 18:00 or 18:00 UTC+3");
            item.wrong("time", &self.time, problem)
        };
        let (clock, offset) = match time.split_once(' ') {
            Some((clock, offset)) => (clock, Some(offset_of(offset).ok_or_else(wrong)?)),
            None => (time, None),
        };
        // the reader of local times would take the rest for an offset
        if !clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
            return Err(wrong());
        }
        let written = format!("{date} {clock} {}", offset.unwrap_or_default());
        zone.parse_local_or_offset(&written).map_err(|error| match error {
            TimeError::Local(error) => item.wrong("time", &self.time, error),
            _ => wrong(),
        })
    }
}

/// `+03:00` of `UTC+3`, `-05:30` of `UTC-5:30`, `+00:00` of `UTC`.
fn offset_of(text: &str) -> Option<String> {
    let offset = text.trim().strip_prefix("UTC")?;
    if offset.is_empty() {
        return Some("+00:00".to_owned());
    }
    let (sign, rest) = offset.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    let is_offset = ["+", "-"].contains(&sign) && hours <= 14 && minutes < 60;
    is_offset.then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

/// `quarter-final` of `Quarter-finals`; other rounds as they are called, in lower case.
fn stage(round: &str) -> String {
    let round = round.to_lowercase();
    if round.ends_with("finals") { round.trim_end_matches('s').to_owned() } else { round }
}

impl ScoreEntry {
    fn read(&self, item: &Item<'_>) -> Result<Score, FileError> {
        let of = |field: &str, goals: Option<&Goals>| goals.map(|goals| two(item, field, goals)).transpose();
        let (full, half) = (of("ft", self.ft.as_ref())?, of("ht", self.ht.as_ref())?);
        let (extra, penalties) = (of("et", self.et.as_ref())?, of("p", self.p.as_ref())?);
        let mut notes = Vec::new();
        if let Some([home, away]) = penalties {
            notes.push(format!("after penalties {home}-{away}"));
        } else if extra.is_some() {
            notes.push("after extra time".to_owned());
        }
        if let Some([home, away]) = half {
            notes.push(format!("half-time {home}-{away}"));
        }
        let goals = extra.or(full);
        let outcome = match (penalties, extra, full) {
            (Some(_), _, _) => ResultOutcome::Penalties,
            (None, Some(_), _) => ResultOutcome::ExtraTime,
            (None, None, Some(_)) => ResultOutcome::NormalTime,
            (None, None, None) => ResultOutcome::Unspecified,
        };
        Ok(Score {
            outcome: outcome.into(),
            home_penalties: penalties.map(|[home, _]| home),
            away_penalties: penalties.map(|[_, away]| away),
            home_goals: goals.map(|[home, _]| home),
            away_goals: goals.map(|[_, away]| away),
            note: notes.join(", "),
            ..Score::default()
        })
    }
}

/// The goals of both sides.
fn two(item: &Item<'_>, field: &str, goals: &Goals) -> Result<[i32; 2], FileError> {
    match goals.value[..] {
        [home, away] if home >= 0 && away >= 0 => Ok([home, away]),
        _ => Err(item.wrong(field, goals, "is not the goals of two sides, such as [2, 1]")),
    }
}
