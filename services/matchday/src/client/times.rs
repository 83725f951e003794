//! Times as staff write and read them: on the clocks of the site or the tournament.

use std::time::Duration;

use jiff::{SpanRelativeTo, civil::Date};
use matchday_api::{scheduling::v1::GetTournamentRequest, venues::v1::GetSiteRequest};
use matchday_kernel::{Instant, Interval, SignedDuration, SiteName, TournamentName, Zone};
use matchday_rpc::parse::to_timestamp;
use prost_types::Timestamp;
use tokio::time::timeout;
use tonic::{Code, Status};

use super::connection::Client;
use crate::failure::{Failure, say};

/// How long the time zone is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose clocks are meant.
#[derive(Clone, Copy)]
pub(crate) enum Clocks<'a> {
    /// Those of a site.
    Site(&'a SiteName),
    /// Those of a tournament.
    Tournament(&'a TournamentName),
}

impl Clocks<'_> {
    /// The time zone to read times in.
    ///
    /// # Errors
    /// [`Failure`] when the server does not tell it.
    pub(crate) async fn zone(self, client: &Client) -> Result<Zone, Failure> {
        let name = self.ask(client).await?;
        name.parse().map_err(|error| Failure::of(matchday_runtime::Exit::Failed, &error))
    }

    /// The time zone to show times in: UTC where nobody tells it, and why is said. What was asked or done
    /// before is not in doubt for it, so this never fails.
    pub(crate) async fn zone_to_show(self, client: &Client) -> Zone {
        self.zone_or_utc(self.ask(client).await)
    }

    /// As [`Clocks::zone_to_show`], before anything else is asked for: a site or tournament that nobody knows
    /// is refused.
    ///
    /// # Errors
    /// [`Failure`] when the service that knows them all does not know it.
    pub(crate) async fn zone_of_known(self, client: &Client) -> Result<Zone, Failure> {
        match self.ask(client).await {
            Err(status) if status.code() == Code::NotFound => Err(status.into()),
            answer => Ok(self.zone_or_utc(answer)),
        }
    }

    fn zone_or_utc(self, answer: Result<String, Status>) -> Zone {
        let service = match self {
            Self::Site(_) => "venues",
            Self::Tournament(_) => "scheduling",
        };
        let why = match answer {
            Ok(name) => match name.parse() {
                Ok(zone) => return zone,
                Err(error) => error.to_string(),
            },
            // a token for one venue does not reach the site
            Err(status) if status.code() == Code::PermissionDenied => {
                "the token does not allow to read the time zone".to_owned()
            }
            Err(status) if status.code() == Code::Unimplemented => {
                format!("this server does not host {service}, which knows the time zone")
            }
            Err(status) => {
                format!("{service}, which knows the time zone, does not tell it: {}", status.message())
            }
        };
        say(format_args!("times are shown in UTC: {why}"));
        utc()
    }

    /// Reads a moment: on these clocks, or with its offset.
    ///
    /// # Errors
    /// [`Failure`] when it is no time, or one that the clocks show twice or never.
    pub(crate) async fn moment(self, client: &Client, flag: &str, text: &str) -> Result<Instant, Failure> {
        // with its offset it needs no clocks, which the token may not allow to ask for
        if let Ok(moment) = text.replace(" +", "+").replace(" -", "-").parse::<Instant>() {
            return Ok(moment);
        }
        let zone = self.zone(client).await?;
        zone.parse_local_or_offset(text).map_err(|error| Failure::input(format!("{flag}: {error}")))
    }

    /// Reads a day of these clocks, midnight to midnight.
    ///
    /// # Errors
    /// [`Failure`] when it is no date.
    pub(crate) async fn day(self, client: &Client, flag: &str, text: &str) -> Result<Interval, Failure> {
        let date = date(flag, text)?;
        Ok(self.zone(client).await?.day(date))
    }

    /// The first moment of a day and the first after it, to ask for what happens between; nothing without a
    /// day.
    ///
    /// # Errors
    /// [`Failure`] when it is no date.
    pub(crate) async fn window(self, client: &Client, day: Option<&str>) -> Result<Window, Failure> {
        let Some(day) = day else {
            return Ok(Window::default());
        };
        let day = self.day(client, "--day", day).await?;
        Ok(Window { from: Some(to_timestamp(day.start())), until: Some(to_timestamp(day.end())) })
    }

    async fn ask(self, client: &Client) -> Result<String, Status> {
        let late = |_| Status::deadline_exceeded(format!("no answer within {} seconds", PATIENCE.as_secs()));
        timeout(PATIENCE, self.ask_patiently(client)).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
    }

    async fn ask_patiently(self, client: &Client) -> Result<String, Status> {
        match self {
            Self::Site(name) => {
                let request = GetSiteRequest { name: name.to_string() };
                let response = client.places().get_site(request).await?.into_inner();
                Ok(response.site.unwrap_or_default().time_zone)
            }
            Self::Tournament(name) => {
                let request = GetTournamentRequest { name: name.to_string() };
                let response = client.tournaments().get_tournament(request).await?.into_inner();
                Ok(response.tournament.unwrap_or_default().time_zone)
            }
        }
    }
}

/// From which moment until which something is asked for; absent is no limit.
#[derive(Clone, Copy, Default)]
pub(crate) struct Window {
    /// First moment.
    pub(crate) from: Option<Timestamp>,
    /// First moment after.
    pub(crate) until: Option<Timestamp>,
}

impl Window {
    /// A day on the clocks that times are shown on, to read what happens on it; everything without a day.
    pub(crate) fn of(day: Option<Date>, zone: &Zone) -> Self {
        day.map_or_else(Self::default, |date| {
            let day = zone.day(date);
            Self { from: Some(to_timestamp(day.start())), until: Some(to_timestamp(day.end())) }
        })
    }
}

/// Reads a date, as `--day` gives it.
///
/// # Errors
/// [`Failure`] when it is none.
pub(crate) fn date(flag: &str, text: &str) -> Result<Date, Failure> {
    let is_date = text.len() == "2023-10-21".len();
    text.parse()
        .ok()
        .filter(|_| is_date)
        .ok_or_else(|| Failure::input(format!("{flag}: {text:?} is not a day: write it like 2023-10-21")))
}

/// The zone for what happens nowhere in particular.
pub(crate) fn utc() -> Zone {
    "UTC".parse().expect("UTC is a zone of the database built in")
}

/// Reads a length of time, such as `1h 55m` or `30d`, that is more than nothing. A day is 24 hours.
///
/// # Errors
/// [`Failure`] when it is none.
pub(crate) fn length(flag: &str, text: &str) -> Result<SignedDuration, Failure> {
    let length = length_or_none(flag, text)?;
    if length.is_zero() {
        return Err(Failure::input(format!("{flag}: {text:?} is no time at all")));
    }
    Ok(length)
}

/// Reads a length of time that may be nothing, such as `0m`.
///
/// # Errors
/// [`Failure`] when it is none, or negative.
pub(crate) fn length_or_none(flag: &str, text: &str) -> Result<SignedDuration, Failure> {
    let wrong = |problem: &str| {
        Failure::input(format!("{flag}: {text:?} {problem}")).with_hint("write it like 45m, 1h55m or 30d")
    };
    let length = text
        .parse::<jiff::Span>()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| wrong("is not a length of time"))?;
    if length.is_negative() {
        return Err(wrong("is negative"));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, seconds) in
            [("45m", 2700), ("1h 55m", 6900), ("1h55m", 6900), ("30d", 2_592_000), ("PT1H", 3600)]
        {
            assert_eq!(length("--by", text).unwrap().as_secs(), seconds, "{text}");
        }
    }

    #[test]
    fn lengths_that_are_none_are_refused() {
        for text in ["", "45", "-5m", "0m", "1y", "soon", "1mo", "99999999999999999999h", "45m 1x"] {
            let failure = length("--by", text).unwrap_err().to_string();
            assert!(failure.starts_with("error: --by: "), "{text}: {failure}");
        }
        assert!(length_or_none("--set-up", "0m").is_ok());
        assert!(length_or_none("--set-up", "-0m 1s").is_err());
    }
}
