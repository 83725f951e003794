//! `matchday schedule next`: what is on and what comes next on each pitch.

use std::time::Duration;

use clap::Args;
use matchday_api::scheduling::v1::{ActivityState, GetPitchBoardRequest, PitchEntry};
use matchday_kernel::TournamentName;
use tokio::time::sleep;

use crate::{
    client::{connection::Client, names, times::Clocks},
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// How often the board is asked for while it is watched.
const AGAIN: Duration = Duration::from_secs(15);

/// What is asked for.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday schedule next fisu-2023\n  matchday schedule next fisu-2023 --watch"
)]
pub(super) struct Next {
    /// The tournament: fisu-2023
    tournament: String,
    /// Show it again every 15 seconds, until interrupted
    #[arg(long)]
    watch: bool,
}

impl Shown for PitchEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("pitch", |it: &Self| Cell::name(&it.zone)),
        Column::new("on", |it: &Self| Cell::text(if it.on { "on" } else { "next" })),
        Column::new("activity", |it: &Self| Cell::id(&it.activity)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<ActivityState>(it.state))),
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("late", |it: &Self| Cell::Length(it.late.filter(|late| late.seconds != 0))),
        Column::new("end", |it: &Self| Cell::Until(it.start_time, it.end_time)),
        Column::new("at-risk", |it: &Self| Cell::Length(it.short_by)),
        Column::new("attention", |it: &Self| {
            Cell::text(if it.unconfirmed { "kick-off not confirmed" } else { "" })
        }),
        Column::detail("planned-start", |it: &Self| Cell::Time(it.planned_start_time)),
    ];
}

impl Next {
    /// Shows the board, once or until interrupted.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let zone = Clocks::Tournament(&tournament).zone_of_known(client).await?;
        loop {
            let request = GetPitchBoardRequest { parent: tournament.to_string() };
            let board = client.live().get_pitch_board(request).await?.into_inner();
            client.output.list(&board.entries, &zone)?;
            if !self.watch {
                return Ok(());
            }
            sleep(AGAIN).await;
        }
    }
}
