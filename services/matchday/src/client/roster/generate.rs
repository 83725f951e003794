//! `matchday roster generate`: a roster made, as a draft.

use clap::Args;
use matchday_api::volunteers::v1::{Roster, RosterPurpose, UnfilledShift};
use matchday_kernel::TournamentName;

use super::{
    super::{
        connection::Client,
        names,
        times::{self, Clocks},
    },
    search::{Search, text},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Format, Shown},
};

/// Makes a roster.
#[derive(Args)]
#[command(
    after_long_help = "It fills the open seats of shifts to come, beside the assignments that are there: these stay. \
                             Then it says what the draft costs, below what no roster can be (the bound), and which \
                             shifts keep open seats. Ctrl-C ends the waiting, not the search.\n\nExamples:\n  \
                             matchday roster generate fisu-2023 --budget 30s\n  matchday roster explain fisu-2023\n  \
                             matchday roster publish fisu-2023\n  matchday roster generate fisu-2023 --anew --day \
                             2023-10-21 --post gate-stewards"
)]
pub(super) struct Generate {
    /// The tournament: fisu-2023
    tournament: String,
    /// Longest search: 1s to 10m
    #[arg(long, value_name = "TIME", default_value = "30s")]
    budget: String,
    /// Decide once more what is only proposed, so that nobody was asked
    #[arg(long)]
    anew: bool,
    #[command(flatten)]
    search: Search,
}

impl Shown for UnfilledShift {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("shift", |it: &Self| Cell::name(&it.shift)),
        Column::new("open-seats", |it: &Self| Cell::Count(it.seats)),
    ];
}

impl Generate {
    /// Makes the roster and shows it.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let purpose = if self.anew { RosterPurpose::Regenerate } else { RosterPurpose::Fill };
        let roster = self.search.run(client, &tournament, &self.budget, purpose).await?;
        show(client, &tournament, &roster).await
    }
}

async fn show(client: &Client, tournament: &TournamentName, roster: &Roster) -> Result<(), Failure> {
    let name = Cell::name(&roster.name).short(&times::utc());
    let open: i32 = roster.unfilled.iter().map(|shift| shift.seats).sum();
    say(format_args!("draft {name}: {}", text(&roster.progress.unwrap_or_default())));
    say(format_args!(
        "{} seats filled; {open} stay open, in {} shifts; groups not whole on a day: {}",
        roster.seats.len(),
        roster.unfilled.len(),
        roster.broken_groups
    ));
    let id = tournament.id();
    say(format_args!("next: matchday roster explain {id}, then matchday roster publish {name}"));
    if client.output == Format::Table {
        return client.output.list(&roster.unfilled, &times::utc());
    }
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.one(roster, &zone)
}
