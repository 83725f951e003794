//! The story: the eve, the day until twenty minutes before the kick-off, the delay, and what followed.

use std::{path::Path, time::Instant as Stopwatch};

use matchday_api::{event::v1::AwaitFollowerRequest, scheduling::v1::DelayActivityRequest};
use matchday_kernel::{Instant, SignedDuration, SiteName, TournamentName, Zone, civil::Date};
use matchday_rpc::parse::to_duration;
use matchday_runtime::keys;
use prost_types::Timestamp;

use super::{clock::DayClock, day::moment, tell};
use crate::{
    client::{change, connection::Client, followed, refusal::Request},
    failure::Failure,
    output::Format,
};

/// Where the opening takes place.
pub(super) const VENUE: &str = "sites/jinjiang/venues/stadium";
/// The opening match.
pub(super) const OPENER: &str = "tournaments/fisu-2023/activities/m01";
/// Its delay, in minutes.
const DELAY: i64 = 45;
/// The logs, in the order their followers need.
const LOGS: [&str; 5] = ["scheduling", "venues", "volunteers", "visitors", "control"];

/// Who tells the story: an administrator, over the network like everybody.
pub(super) struct Story {
    pub(super) client: Client,
    pub(super) clock: DayClock,
    pub(super) site: SiteName,
    pub(super) tournament: TournamentName,
    pub(super) zone: Zone,
    pub(super) day: Date,
}

impl Story {
    /// Gets ready to call the services.
    ///
    /// # Errors
    /// [`Failure`] when there is no token.
    pub(super) fn open(server: &str, data: &Path, clock: DayClock) -> Result<Self, Failure> {
        let token = std::fs::read_to_string(data.join(keys::ADMIN_TOKEN))?;
        Ok(Self {
            client: Client::at(server, &[], &token, Format::Table)?,
            clock,
            site: "sites/jinjiang".parse().map_err(Failure::input)?,
            tournament: "tournaments/fisu-2023".parse().map_err(Failure::input)?,
            zone: "Asia/Shanghai".parse().map_err(Failure::input)?,
            day: Date::constant(2023, 10, 21),
        })
    }

    /// Tells it.
    ///
    /// # Errors
    /// [`Failure`] of whatever is refused.
    pub(super) async fn tell(&self) -> Result<(), Failure> {
        let began = Stopwatch::now();
        let midnight = self.zone.day(self.day).start();
        let clock = |hours: i64, minutes: i64| {
            midnight.saturating_add(SignedDuration::from_mins(hours * 60 + minutes))
        };
        self.clock.set(clock(-15, 0));
        let imported = self.import().await?;
        self.staff().await?;
        let twenty_before = clock(19, 40);
        self.play(&imported, twenty_before).await?;
        self.settled().await?;

        let before = self.now(twenty_before).await?;
        let change = self.delay().await?;
        self.settled().await?;
        let after = self.now(twenty_before).await?;
        tell(format_args!(
            "\n19:40, KO−20: the opening match is delayed by {DELAY} minutes. What moves on the run sheet of the opening, times of {}:",
            self.zone
        ))?;
        self.run_sheet(&before, &after)?;
        self.what_followed(&before, &after, &change).await?;
        self.figures(began.elapsed()).await
    }

    /// Delays the opening match; returns the id of the change.
    async fn delay(&self) -> Result<String, Failure> {
        let delay = DelayActivityRequest {
            name: OPENER.into(),
            delay: Some(to_duration(SignedDuration::from_mins(DELAY))),
            reason: "the broadcaster asks for it".into(),
            ..DelayActivityRequest::default()
        };
        Ok(change::delay(&self.client, delay, &Request::new()).await?.change)
    }

    /// Waits until every service has heard of everything.
    pub(super) async fn settled(&self) -> Result<(), Failure> {
        let follows = LOGS[1..4].iter().map(|follower| (*follower, LOGS[0]));
        for (follower, log) in follows.chain(LOGS[..4].iter().map(|log| (LOGS[4], *log))) {
            let sequence = followed::head(&self.client, log).await?;
            let caught_up = AwaitFollowerRequest { follower: follower.into(), log: log.into(), sequence };
            self.client.events(follower).await_follower(caught_up).await?;
        }
        Ok(())
    }

    async fn figures(&self, took: std::time::Duration) -> Result<(), Failure> {
        let mut events = Vec::new();
        for log in LOGS {
            events.push(format!("{log} {}", followed::head(&self.client, log).await?));
        }
        tell(format_args!(
            "events in the logs: {}; told in {:.1} s{}",
            events.join(", "),
            took.as_secs_f64(),
            resident().map_or_else(String::new, |mib| format!(", {mib} MiB resident"))
        ))
    }

    /// `20:00`
    pub(super) fn clock_of(&self, time: Option<Timestamp>) -> String {
        moment(time).map_or_else(String::new, |moment| self.local(moment))
    }

    fn local(&self, moment: Instant) -> String {
        moment.in_zone(&self.zone).strftime("%H:%M").to_string()
    }
}

/// The memory of this process in MiB, where the system says.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024)
}
