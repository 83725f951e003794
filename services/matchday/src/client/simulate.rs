//! `matchday flow simulate`: a session played at its gates against a server, as devices would, and its account.
//!
//! | file | subject |
//! |---|---|
//! | `stage` | the opening, devices, tickets and limits the day is played with |
//! | `gates` | the lanes: what they ask the server, and what they decide without it |
//! | `play` | the day, step by step |
//! | `account` | what the service says in the end, compared with the ledger |

mod account;
mod gates;
mod play;
mod stage;

use clap::Args;
use matchday_kernel::{OpeningName, SessionName};

use self::{play::Play, stage::Stage};
use super::{connection::Client, names};
use crate::{
    failure::Failure,
    simulation::{Crowd, Frame, Script},
};

/// Most spectators.
const MOST: u32 = 8_000;

/// A session to play.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday flow simulate --tournament fisu-2023 --session mens-final --speed 20\n  \
                       matchday flow simulate --tournament fisu-2023 --session mens-final --spectators 300 \
                       --at-once\n\nIt is for rehearsals: it creates devices and tickets of its own, plays the opening \
                       from its first\nentry to the clear-out, which is final, and ends with exit code 1 when the \
                       account is not in balance.\nThe gates must not have opened: start the server with \
                       `serve --clock-shift` so that it is the day."
)]
pub(crate) struct Simulate {
    /// The tournament: fisu-2023
    #[arg(long)]
    tournament: String,
    /// The session: mens-final
    #[arg(long)]
    session: String,
    /// So many times as fast as the clock
    #[arg(long, value_name = "TIMES", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=100), conflicts_with = "at_once")]
    speed: u32,
    /// As fast as the server answers
    #[arg(long)]
    at_once: bool,
    /// Spectators with a ticket
    #[arg(long, value_name = "NUMBER", default_value_t = MOST,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST)))]
    spectators: u32,
    /// Decides the day: the same seed, the same day
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

impl Simulate {
    /// Plays the session and checks its account.
    ///
    /// # Errors
    /// [`Failure`] when the session cannot be played, or the account is not in balance.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let session: SessionName = names::read_within(Some(&self.tournament), &self.session)?;
        let opening: OpeningName = names::read_opening(session.as_str())?;
        let gates = stage::gates(client, &opening).await?;
        let spectators = usize::try_from(self.spectators).unwrap_or_default();
        let crowd = Crowd::of(Frame { spectators, gates: gates.len(), seed: self.seed });
        let script = Script::of(&crowd);
        let speed = (!self.at_once).then_some(self.speed);
        // without a pace the server decides; an hour is far more than it takes
        let lasts = speed.map_or(3_600_000, |speed| script.end() / i64::from(speed));
        let stage = Stage::set(client, opening, &gates, &crowd, (self.seed, lasts)).await?;
        let mut play = Play::new(client, stage, crowd, speed, self.seed);
        play.run(&script).await?;
        play.settle().await
    }
}
