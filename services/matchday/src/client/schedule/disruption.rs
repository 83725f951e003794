//! What has happened to a schedule, as staff write it: `jinjiang/stadium/pitch@2023-10-25T15:00-18:00`.

use std::str::FromStr;

use clap::Args;
use matchday_api::scheduling::v1::{
    Disruption,
    disruption::{
        CapacityChanged, MatchOverruns, PitchLost, PitchSwapped, TeamReplaced, TeamWithdrawn, Weather, What,
    },
};
use matchday_kernel::{
    ActivityName, Interval, NameError, TeamName, TournamentName, VenueName, Zone, ZoneName,
};
use matchday_rpc::parse::{to_duration, to_timestamp};

use super::super::{
    connection::Client,
    names::{self, Short},
    times::{self, Clocks},
};
use crate::failure::Failure;

/// What has happened.
#[derive(Args)]
#[command(next_help_heading = "What has happened")]
pub(super) struct Disruptions {
    /// A pitch cannot be used on a day, or for a time of it
    #[arg(long, value_name = "ZONE@DATE[THH:MM-HH:MM]")]
    pitch_lost: Vec<String>,
    /// Rain or lightning at a venue; without a venue, at all of them
    #[arg(long, value_name = "[VENUE]@DATE[THH:MM-HH:MM]")]
    rain: Vec<String>,
    /// A team plays no more
    #[arg(long, value_name = "TEAM")]
    withdrawn: Vec<String>,
    /// Another team, which is entered, takes the place of one
    #[arg(long, value_name = "TEAM=BY")]
    replaced: Vec<String>,
    /// A match ends later than planned
    #[arg(long, value_name = "MATCH+LENGTH")]
    overrun: Vec<String>,
    /// A pitch is given up for another
    #[arg(long, value_name = "ZONE=BY")]
    swap: Vec<String>,
    /// A pitch holds another number of spectators
    #[arg(long, value_name = "ZONE=NUMBER")]
    capacity: Vec<String>,
    /// Why pitches cannot be used, without naming a person: it stands in the reasons of moves
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Disruptions {
    /// As the contract has them, in the order of the flags' names.
    ///
    /// # Errors
    /// [`Failure`] that names the flag.
    pub(super) async fn read(
        self,
        client: &Client,
        tournament: &TournamentName,
    ) -> Result<Vec<Disruption>, Failure> {
        let has_times = !self.pitch_lost.is_empty() || !self.rain.is_empty();
        let zone = if has_times { Clocks::Tournament(tournament).zone(client).await? } else { times::utc() };
        self.on_clocks(tournament, &zone)
    }

    fn on_clocks(self, tournament: &TournamentName, zone: &Zone) -> Result<Vec<Disruption>, Failure> {
        let why = |usual: &str| self.reason.clone().unwrap_or_else(|| usual.to_owned());
        let mut all = Vec::new();
        for text in &self.pitch_lost {
            let (place, time) = at("--pitch-lost", text, zone)?;
            all.push(What::PitchLost(PitchLost {
                zone: names::read::<ZoneName>(place)?.into(),
                start_time: Some(to_timestamp(time.start())),
                end_time: Some(to_timestamp(time.end())),
                reason: why("the pitch cannot be used"),
            }));
        }
        for text in &self.rain {
            let (place, time) = at("--rain", text, zone)?;
            let venue = (!place.is_empty()).then(|| names::read::<VenueName>(place)).transpose()?;
            all.push(What::Weather(Weather {
                venues: venue.map(String::from).into_iter().collect(),
                start_time: Some(to_timestamp(time.start())),
                end_time: Some(to_timestamp(time.end())),
                reason: why("rain"),
            }));
        }
        for text in &self.withdrawn {
            all.push(What::TeamWithdrawn(TeamWithdrawn {
                team: within::<TeamName>(tournament, text)?.into(),
            }));
        }
        for text in &self.replaced {
            let (team, by) = two("--replaced", text, '=')?;
            all.push(What::TeamReplaced(TeamReplaced {
                team: within::<TeamName>(tournament, team)?.into(),
                by: within::<TeamName>(tournament, by)?.into(),
            }));
        }
        for text in &self.overrun {
            let (activity, by) = two("--overrun", text, '+')?;
            all.push(What::MatchOverruns(MatchOverruns {
                activity: within::<ActivityName>(tournament, activity)?.into(),
                by: Some(to_duration(times::length("--overrun", by)?)),
            }));
        }
        for text in &self.swap {
            let (zone, by) = two("--swap", text, '=')?;
            all.push(What::PitchSwapped(PitchSwapped {
                zone: names::read::<ZoneName>(zone)?.into(),
                by: names::read::<ZoneName>(by)?.into(),
            }));
        }
        for text in &self.capacity {
            let (zone, number) = two("--capacity", text, '=')?;
            let wrong = |_| Failure::input(format!("--capacity: {number:?} is no number of spectators"));
            all.push(What::CapacityChanged(CapacityChanged {
                zone: names::read::<ZoneName>(zone)?.into(),
                capacity: number.parse().map_err(wrong)?,
            }));
        }
        Ok(all.into_iter().map(|what| Disruption { what: Some(what) }).collect())
    }
}

fn within<N: Short + FromStr<Err = NameError>>(
    tournament: &TournamentName,
    text: &str,
) -> Result<N, Failure> {
    names::read_within(Some(tournament.as_str()), text)
}

fn two<'t>(flag: &str, text: &'t str, between: char) -> Result<(&'t str, &'t str), Failure> {
    text.split_once(between)
        .ok_or_else(|| Failure::input(format!("{flag}: {text:?} has no `{between}` between its two parts")))
}

/// Reads a place and when: a day, or a time of it; one that ends before it starts ends on the next day.
fn at<'t>(flag: &str, text: &'t str, zone: &Zone) -> Result<(&'t str, Interval), Failure> {
    let (place, when) = two(flag, text, '@')?;
    let (day, span) = when.split_once('T').map_or((when, None), |(day, span)| (day, Some(span)));
    let date = times::date(flag, day)?;
    let Some(span) = span else { return Ok((place, zone.day(date))) };
    let (from, until) = two(flag, span, '-')?;
    let moment = |date: &dyn std::fmt::Display, time: &str| {
        zone.parse_local_or_offset(&format!("{date} {time}"))
            .map_err(|error| Failure::input(format!("{flag}: {error}")))
    };
    let start = moment(&date, from)?;
    let mut end = moment(&date, until)?;
    if end <= start {
        let next = date.tomorrow().map_err(|error| Failure::input(format!("{flag}: {error}")))?;
        end = moment(&next, until)?;
    }
    let time = Interval::new(start, end).map_err(|error| Failure::input(format!("{flag}: {error}")))?;
    Ok((place, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: impl FnOnce(&mut Disruptions)) -> Result<Vec<What>, String> {
        let mut disruptions = Disruptions {
            pitch_lost: vec![],
            rain: vec![],
            withdrawn: vec![],
            replaced: vec![],
            overrun: vec![],
            swap: vec![],
            capacity: vec![],
            reason: None,
        };
        set(&mut disruptions);
        let tournament = "tournaments/cup".parse().unwrap();
        let zone = "Asia/Shanghai".parse().unwrap();
        let read = disruptions.on_clocks(&tournament, &zone).map_err(|failure| failure.to_string())?;
        Ok(read.into_iter().filter_map(|one| one.what).collect())
    }

    fn hours(what: &What) -> (i64, i64) {
        let seconds = |time: Option<prost_types::Timestamp>| time.unwrap().seconds;
        let first = 1_698_163_200; // 2023-10-25 in Shanghai
        let (start, end) = match what {
            What::PitchLost(lost) => (lost.start_time, lost.end_time),
            What::Weather(weather) => (weather.start_time, weather.end_time),
            other => panic!("{other:?}"),
        };
        ((seconds(start) - first) / 3600, (seconds(end) - first) / 3600)
    }

    #[test]
    fn a_day_and_a_time_of_it_are_read_on_the_tournaments_clocks() {
        for (text, expected) in [
            ("jinjiang/stadium/pitch@2023-10-25", (0, 24)),
            ("jinjiang/stadium/pitch@2023-10-25T15:00-18:00", (15, 18)),
            ("jinjiang/stadium/pitch@2023-10-25T22:00-02:00", (22, 26)),
        ] {
            let lost = read(|it| it.pitch_lost = vec![text.to_owned()]).unwrap();
            assert_eq!(hours(&lost[0]), expected, "{text}");
        }
        let rain = read(|it| it.rain = vec!["@2023-10-25T15:00-18:00".into()]).unwrap();
        assert_eq!(hours(&rain[0]), (15, 18));
    }

    #[test]
    fn what_happens_to_teams_matches_and_pitches_is_read() {
        let read = read(|it| {
            it.withdrawn = vec!["uru".into()];
            it.replaced = vec!["a=b".into()];
            it.overrun = vec!["m17+25m".into()];
            it.swap = vec!["s/v/p1=s/v/p2".into()];
            it.capacity = vec!["s/v/p1=500".into()];
        });
        let team = |id: &str| format!("tournaments/cup/teams/{id}");
        let zone = |id: &str| format!("sites/s/venues/v/zones/{id}");
        let by = Some(prost_types::Duration { seconds: 1500, nanos: 0 });
        let expected = vec![
            What::TeamWithdrawn(TeamWithdrawn { team: team("uru") }),
            What::TeamReplaced(TeamReplaced { team: team("a"), by: team("b") }),
            What::MatchOverruns(MatchOverruns { activity: "tournaments/cup/activities/m17".into(), by }),
            What::PitchSwapped(PitchSwapped { zone: zone("p1"), by: zone("p2") }),
            What::CapacityChanged(CapacityChanged { zone: zone("p1"), capacity: 500 }),
        ];
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn what_cannot_be_read_names_its_flag() {
        let refused = |set: fn(&mut Disruptions), said: &str| {
            let problem = read(set).unwrap_err();
            assert!(problem.contains(said), "{problem}");
        };
        refused(|it| it.pitch_lost = vec!["s/v/p".into()], "--pitch-lost: \"s/v/p\" has no `@`");
        refused(|it| it.rain = vec!["@25 October".into()], "--rain: ");
        refused(|it| it.rain = vec!["@2023-10-25T15:00".into()], "has no `-`");
        refused(|it| it.overrun = vec!["m17".into()], "--overrun: \"m17\" has no `+`");
        refused(|it| it.capacity = vec!["s/v/p=many".into()], "--capacity: \"many\"");
    }
}
