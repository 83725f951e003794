//! Times as staff write and read them: on the clocks of the site or the tournament.

use jiff::{SpanRelativeTo, civil::Date};
use matchday_api::{scheduling::v1::GetTournamentRequest, venues::v1::GetSiteRequest};
use matchday_kernel::{Instant, Interval, SignedDuration, SiteName, TournamentName, Zone};
use matchday_rpc::parse::to_timestamp;
use prost_types::Timestamp;
use tonic::{Code, Status};

use super::connection::Client;
use crate::failure::{Failure, say};

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

    /// The time zone to show times in: UTC where the token does not allow to ask, as a token for one venue
    /// does not reach the site, and where the server does not host the service that knows it.
    ///
    /// # Errors
    /// [`Failure`] when the server does not answer otherwise.
    pub(crate) async fn zone_to_show(self, client: &Client) -> Result<Zone, Failure> {
        match self.ask(client).await {
            Err(status) if status.code() == Code::PermissionDenied => {
                say("times are shown in UTC: the token does not allow to read the time zone");
                Ok(utc())
            }
            Err(status) if status.code() == Code::Unimplemented => {
                say("times are shown in UTC: this server does not host the service that knows the time zone");
                Ok(utc())
            }
            Err(status) => Err(status.into()),
            Ok(name) => Ok(name.parse().unwrap_or_else(|_| utc())),
        }
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
        let is_date = text.len() == "2023-10-21".len();
        let date: Date = text.parse().ok().filter(|_| is_date).ok_or_else(|| {
            Failure::input(format!("{flag}: {text:?} is not a day: write it like 2023-10-21"))
        })?;
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
