//! A search of the roster engine, asked for and followed until its draft is there.

use clap::Args;
use indicatif::ProgressBar;
use matchday_api::volunteers::v1::{
    GenerateRosterRequest, Roster, RosterBudget, RosterProgress, RosterPurpose, RosterScope,
    generate_roster_response::Told,
};
use matchday_kernel::TournamentName;
use matchday_runtime::Exit;

use super::super::{connection::Client, refusal::Repeat, times::Clocks};
use crate::failure::Failure;

/// Which part of a tournament is searched, and how.
#[derive(Args)]
pub(super) struct Search {
    /// Where random choices begin
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: i64,
    /// Only shifts of one day, on the tournament's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Only shifts of this post of the service plan; may be given more than once
    #[arg(long, value_name = "ID")]
    post: Vec<String>,
    #[command(flatten)]
    repeat: Repeat,
}

impl Search {
    /// Asks for a roster and waits for it; `budget` is a time as people write it.
    ///
    /// # Errors
    /// [`Failure`] when the server refuses or ends, or the waiting is interrupted.
    pub(super) async fn run(
        self,
        client: &Client,
        tournament: &TournamentName,
        budget: &str,
        purpose: RosterPurpose,
    ) -> Result<Roster, Failure> {
        let seconds = seconds(budget)?;
        let window = Clocks::Tournament(tournament).window(client, self.day.as_deref()).await?;
        let request = self.repeat.request();
        let generate = GenerateRosterRequest {
            parent: tournament.to_string(),
            budget: Some(RosterBudget { seconds, seed: self.seed }),
            request_id: request.id(),
            purpose: purpose.into(),
            scope: Some(RosterScope { from: window.from, until: window.until, posts: self.post }),
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
                Some(Some(Told::Roster(roster))) => break *roster,
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
        Ok(roster)
    }
}

/// How far it is: `cost 1272  bound 1100  gap 13.52 %`.
pub(super) fn text(progress: &RosterProgress) -> String {
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
