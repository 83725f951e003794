//! `matchday roster generate`: a roster made, as a draft.

use clap::Args;
use indicatif::ProgressBar;
use matchday_api::volunteers::v1::{
    GenerateRosterRequest, Roster, RosterBudget, RosterProgress, UnfilledShift,
    generate_roster_response::Told,
};
use matchday_kernel::TournamentName;
use matchday_runtime::Exit;

use super::super::{
    connection::Client,
    names,
    refusal::Repeat,
    times::{self, Clocks},
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
                             matchday roster publish fisu-2023"
)]
pub(super) struct Generate {
    /// The tournament: fisu-2023
    tournament: String,
    /// Longest search: 1s to 10m
    #[arg(long, value_name = "TIME", default_value = "30s")]
    budget: String,
    /// Where random choices begin
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: i64,
    #[command(flatten)]
    repeat: Repeat,
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
        let seconds = seconds(&self.budget)?;
        let request = self.repeat.request();
        let generate = GenerateRosterRequest {
            parent: tournament.to_string(),
            budget: Some(RosterBudget { seconds, seed: self.seed }),
            request_id: request.id(),
        };
        let stream = client.roster_drafts().generate_roster(generate).await;
        let mut messages = stream.map_err(|status| request.refused(status))?.into_inner();
        let bar = ProgressBar::new_spinner();
        let goes_on =
            format!("the search goes on: `matchday roster list {}` shows its draft", tournament.id());
        let roster = loop {
            let message = tokio::select! {
                message = messages.message() => message?,
                _ = tokio::signal::ctrl_c() => {
                    bar.finish_and_clear();
                    return Err(Failure::new(Exit::Interrupted, "not waited for any longer").with_hint(goes_on));
                }
            };
            match message.map(|message| message.told) {
                Some(Some(Told::Roster(roster))) => break roster,
                Some(Some(Told::Progress(progress))) => {
                    bar.set_message(text(&progress));
                    bar.tick();
                }
                Some(None) => {}
                None => {
                    bar.finish_and_clear();
                    let gone = "the server ends, and does not tell what became of the roster";
                    return Err(Failure::new(Exit::Unreachable, gone));
                }
            }
        };
        bar.finish_and_clear();
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

/// How far it is: `cost 1272  bound 1100  gap 13.52 %`.
fn text(progress: &RosterProgress) -> String {
    match progress.bound {
        Some(bound) => format!("cost {}  bound {bound}  gap {}", progress.cost, gap(progress)),
        None => format!("cost {}", progress.cost),
    }
}

/// How far a roster may be from the best, in per cent of its cost.
pub(super) fn gap(progress: &RosterProgress) -> String {
    let Some(bound) = progress.bound else { return String::new() };
    let hundredths = progress.cost.saturating_sub(bound).max(0).saturating_mul(10_000) / progress.cost.max(1);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// A time as people write it, in whole seconds: `30s`, `2m`.
fn seconds(text: &str) -> Result<i32, Failure> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(number) => (number, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let seconds = number.parse::<i32>().ok().and_then(|number| number.checked_mul(unit));
    seconds.filter(|seconds| (1..=600).contains(seconds)).ok_or_else(|| {
        Failure::input(format!("--budget: {text:?} is no time from 1s to 10m"))
            .with_hint("write it like 30s or 2m")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_a_time() {
        for (text, number) in [("30s", 30), ("2m", 120), ("45", 45), ("10m", 600)] {
            assert_eq!(seconds(text).unwrap(), number);
        }
        for text in ["", "0s", "11m", "s", "-1", "2h", "99999999999m"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_gap_is_in_per_cent() {
        let of = |cost, bound| gap(&RosterProgress { cost, bound: Some(bound), ..RosterProgress::default() });
        assert_eq!([of(1272, 1100), of(0, 0), of(10, 10)], ["13.52 %", "0.00 %", "0.00 %"]);
        assert_eq!(gap(&RosterProgress::default()), "");
    }
}
