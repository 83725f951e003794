//! `matchday roster explain`: why seats stay open, and what would fill them.

use clap::Args;
use matchday_api::volunteers::v1::{
    ExplainRosterRequest, ExplainRosterResponse, FindCandidatesRequest, FindCandidatesResponse,
    SeatCandidate, SeatExplanation, SeatSwap,
};
use matchday_kernel::{ShiftName, TournamentName};

use super::super::{connection::Client, names, times};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Format, Shown, print},
};

/// Explains open seats.
#[derive(Args)]
#[command(
    after_long_help = "The seats of the latest draft count as taken. Of each shift with open seats it says how many \
                             volunteers each rule keeps away, who could take a seat at once, who but for one rule, \
                             whom to move, and which limit would have to give way least.\n\nExamples:\n  matchday \
                             roster explain fisu-2023\n  matchday roster explain fisu-2023/opening-gate-stewards\n  \
                             matchday roster explain fisu-2023 --post gate-stewards"
)]
pub(super) struct Explain {
    /// The shift, as `shift list` shows it; or the tournament: fisu-2023
    #[arg(value_name = "SHIFT_OR_TOURNAMENT")]
    name: String,
    /// Only shifts of this post of the service plan
    #[arg(long, value_name = "ID")]
    post: Option<String>,
}

/// Asks who could take a seat.
#[derive(Args)]
#[command(
    after_long_help = "Of a shift that is full it says who could replace somebody.\n\nExample:\n  matchday \
                             roster who-can fisu-2023/opening-gate-stewards"
)]
pub(super) struct WhoCan {
    /// The shift, as `shift list` shows it
    shift: String,
}

impl Shown for FindCandidatesResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("shift", |it: &Self| {
            Cell::name(it.explanation.as_ref().map_or("", |one| one.shift.as_str()))
        }),
        Column::new("free", |it: &Self| {
            let free = it.explanation.iter().flat_map(|one| &one.free);
            Cell::Names(free.map(|one| one.volunteer.clone()).collect())
        }),
    ];
}

impl WhoCan {
    /// Asks and shows the answer.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let shift: ShiftName = names::read(&self.shift)?;
        let request = FindCandidatesRequest { shift: shift.into() };
        let answer = client.roster_drafts().find_candidates(request).await?.into_inner();
        if client.output != Format::Table {
            return client.output.one(&answer, &times::utc());
        }
        let explanation = answer.explanation.unwrap_or_default();
        if explanation.free.is_empty() {
            say("nobody could take it at once");
        }
        print(&text("who could take a seat", &explanation))
    }
}

impl Shown for ExplainRosterResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("roster", |it: &Self| Cell::name(&it.roster)),
        Column::new("open", |it: &Self| {
            Cell::Names(it.explanations.iter().map(|one| one.shift.clone()).collect())
        }),
    ];
}

impl Explain {
    /// Asks and shows the answer.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let is_shift = self.name.trim_start_matches("tournaments/").contains('/');
        let shift: Option<ShiftName> = is_shift.then(|| names::read(&self.name)).transpose()?;
        let tournament: TournamentName = match &shift {
            Some(shift) => shift.parent(),
            None => names::read(&self.name)?,
        };
        let request = ExplainRosterRequest {
            parent: tournament.to_string(),
            shift: shift.map(String::from).unwrap_or_default(),
            post: self.post.unwrap_or_default(),
        };
        let answer = client.roster_drafts().explain_roster(request).await?.into_inner();
        if client.output != Format::Table {
            return client.output.one(&answer, &times::utc());
        }
        if answer.roster.is_empty() {
            say("no draft: the assignments as they are");
        } else {
            say(format_args!("with draft {}", short(&answer.roster)));
        }
        if answer.explanations.is_empty() {
            say("no seats stay open");
        }
        answer.explanations.iter().try_for_each(|one| print(&text(&format!("{} open", one.seats), one)))
    }
}

fn short(name: &str) -> String {
    Cell::name(name).short(&times::utc())
}

/// The last part of a name.
fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What is said of a shift, in lines. A cost is what the roster's changes by.
fn text(about: &str, one: &SeatExplanation) -> String {
    let mut lines = vec![format!("{}: {about}", short(&one.shift))];
    let blocked = one.blocked.iter().map(|block| format!("{} {}", block.rule, block.volunteers));
    let blocked = blocked.collect::<Vec<_>>().join(", ");
    if !blocked.is_empty() {
        lines.push(format!("  kept away: {blocked}"));
    }
    let free = |free: &SeatCandidate| format!("  free: {}, cost {:+}", id(&free.volunteer), free.cost);
    lines.extend(one.free.iter().map(free));
    lines.extend(one.nearest.iter().map(|near| format!("  nearest: {}", nearest(near))));
    lines.extend(one.swaps.iter().map(|found| format!("  swap: {}, cost {:+}", swap(found), found.cost)));
    lines.extend(one.relaxation.iter().map(|near| format!("  if a limit gave way: {}", nearest(near))));
    lines.push(String::new());
    lines.join("\n")
}

/// `v031 but for day-length by 45 min`.
fn nearest(near: &SeatCandidate) -> String {
    let by = if near.minutes > 0 { format!(" by {} min", near.minutes) } else { String::new() };
    format!("{} but for {}{by}", id(&near.volunteer), near.rule)
}

/// `v031 from m01-gate to m02-gate, then v007 to m01-gate`.
fn swap(swap: &SeatSwap) -> String {
    let steps = swap.steps.iter().map(|step| {
        let from = if step.from_shift.is_empty() {
            String::new()
        } else {
            format!(" from {}", id(&step.from_shift))
        };
        format!("{}{from} to {}", id(&step.volunteer), id(&step.to_shift))
    });
    steps.collect::<Vec<_>>().join(", then ")
}

#[cfg(test)]
mod tests {
    use matchday_api::volunteers::v1::{RuleBlock, SwapStep};

    use super::*;

    #[test]
    fn a_shift_is_told_in_lines() {
        let near = SeatCandidate {
            volunteer: "tournaments/t/volunteers/v2".into(),
            rule: "day-length".into(),
            minutes: 45,
            ..SeatCandidate::default()
        };
        let step = |volunteer: &str, from: &str, to: &str| SwapStep {
            volunteer: format!("tournaments/t/volunteers/{volunteer}"),
            from_shift: from.into(),
            to_shift: format!("tournaments/t/shifts/{to}"),
        };
        let one = SeatExplanation {
            shift: "tournaments/t/shifts/gate".into(),
            seats: 2,
            blocked: vec![RuleBlock { rule: "skill".into(), volunteers: 7 }],
            free: vec![],
            nearest: vec![near.clone()],
            swaps: vec![SeatSwap {
                steps: vec![step("v1", "tournaments/t/shifts/car", "gate"), step("v3", "", "car")],
                cost: -20,
            }],
            relaxation: Some(near),
        };
        assert_eq!(
            text("2 open", &one),
            "t/gate: 2 open\n  kept away: skill 7\n  nearest: v2 but for day-length by 45 min\n  swap: v1 from car to \
             gate, then v3 to car, cost -20\n  if a limit gave way: v2 but for day-length by 45 min\n"
        );
    }
}
