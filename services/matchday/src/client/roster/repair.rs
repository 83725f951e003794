//! `matchday roster repair`: what is broken is mended, and as few people as possible are contacted again.

use clap::Args;
use matchday_api::volunteers::v1::{Roster, RosterPurpose};
use matchday_kernel::TournamentName;
use serde::Serialize;

use super::{
    super::{
        connection::Client,
        names,
        times::{self, Clocks},
    },
    search::Search,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Format, Shown, ToJson},
};

/// Repairs the roster in force.
#[derive(Args)]
#[command(
    after_long_help = "It looks for others where a change of the schedule has broken assignments, and where somebody \
                             declined, was withdrawn or did not come. Assignments that have not begun may move for that; \
                             each person who must be told again has a price. What has begun and what is pinned \
                             (`shift pin`) stays. The answer is a draft.\n\nExamples:\n  matchday roster repair \
                             fisu-2023\n  matchday roster repair fisu-2023 --day 2023-10-21 --budget 10s\n  matchday \
                             roster publish fisu-2023"
)]
pub(super) struct Repair {
    /// The tournament: fisu-2023
    tournament: String,
    /// Longest search: 1s to 10m
    #[arg(long, value_name = "TIME", default_value = "5s")]
    budget: String,
    #[command(flatten)]
    search: Search,
}

/// What a draft changes for a person on a shift.
#[derive(Clone, Serialize)]
pub(super) struct Change {
    shift: String,
    volunteer: String,
    what: &'static str,
}

impl ToJson for Change {
    type Json = Self;

    fn to_json(&self) -> Result<Self, Failure> {
        Ok(self.clone())
    }
}

impl Shown for Change {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("volunteer", |it: &Self| Cell::id(&it.volunteer)),
        Column::new("change", |it: &Self| Cell::text(it.what)),
        Column::new("shift", |it: &Self| Cell::name(&it.shift)),
    ];
}

impl Change {
    /// Everything that a draft changes, person by person.
    pub(super) fn all(roster: &Roster) -> Vec<Self> {
        let released = roster.released.iter().map(|seat| Self {
            shift: seat.shift.clone(),
            volunteer: seat.volunteer.clone(),
            what: if seat.lost { "loses" } else { "gives up" },
        });
        let taken = roster.seats.iter().map(|seat| Self {
            shift: seat.shift.clone(),
            volunteer: seat.volunteer.clone(),
            what: "takes",
        });
        let mut changes: Vec<Self> = released.chain(taken).collect();
        changes.sort_by(|one, other| one.volunteer.cmp(&other.volunteer));
        changes
    }
}

impl Repair {
    /// Repairs the roster and shows what changes.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let roster = self.search.run(client, &tournament, &self.budget, RosterPurpose::Repair).await?;
        let name = Cell::name(&roster.name).short(&times::utc());
        let price = roster.price.unwrap_or_default();
        let open: i32 = roster.unfilled.iter().map(|shift| shift.seats).sum();
        say(format_args!(
            "draft {name}: {} seats given, {} released; {} people to contact; price {}; {open} seats stay open, in {} \
             shifts",
            roster.seats.len(),
            roster.released.len(),
            price.people,
            price.total,
            roster.unfilled.len()
        ));
        if roster.seats.is_empty() && roster.released.is_empty() {
            say(format_args!(
                "nothing to change; why seats stay open: matchday roster explain {}",
                tournament.id()
            ));
        } else {
            say(format_args!(
                "next: matchday roster publish {name}, then matchday shift invite --all {}",
                tournament.id()
            ));
        }
        if client.output == Format::Table {
            return client.output.list(&Change::all(&roster), &times::utc());
        }
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        client.output.one(&roster, &zone)
    }
}
