//! Timetables made afresh: proven best, and proven impossible.

use std::error::Error;

use matchday_timetable::{
    model::{Instance, Timetable},
    outcome::{LeadsTo, Outcome},
    solve::solve,
};

use crate::figure::{BUDGET, checked, seconds, timed};
use crate::peer::{self, Peer};

/// Measures both cases, and gives the best timetable.
pub(crate) fn measure(peer: Option<&Peer>, rounds: usize) -> Result<Timetable, Box<dyn Error>> {
    let feasible = peer::instance("peer48-feasible")?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut best = None;
    for _ in 0..rounds {
        let (outcome, times) = timed(|watch| solve(&feasible, BUDGET, watch));
        let Outcome::Optimal(found) = outcome else { return Err(format!("not proven: {outcome:?}").into()) };
        checked(&feasible, &found.timetable, found.cost)?;
        ours.push(times);
        best = Some(found);
        if let Some(peer) = peer {
            theirs.push(peer.ask(&["solve", "2775", "60"])?);
        }
    }
    let best = best.ok_or("no round")?;
    let said = theirs.last().map_or("left out".to_owned(), |last| {
        format!(
            "{} / {}, {} {}",
            seconds(theirs.iter().filter_map(|one| one.first)),
            seconds(theirs.iter().map(|one| one.seconds)),
            last.status.to_lowercase(),
            last.cost.unwrap_or_default()
        )
    });
    println!(
        "| 48 h kick-off to kick-off: first feasible / proven best | {said} | {} / {}, optimal {} |",
        seconds(ours.iter().filter_map(|one| one.first)),
        seconds(ours.iter().map(|one| one.end)),
        best.cost
    );
    infeasible(peer, rounds)?;
    Ok(best.timetable)
}

fn infeasible(peer: Option<&Peer>, rounds: usize) -> Result<(), Box<dyn Error>> {
    let with_ladder = peer::instance("peer48-infeasible")?;
    let alone = Instance { ladder: Vec::new(), ..with_ladder.clone() };
    let (mut ours, mut theirs, mut ladders) = (Vec::new(), Vec::new(), Vec::new());
    let mut told = None;
    for _ in 0..rounds {
        let (outcome, times) = timed(|watch| solve(&alone, BUDGET, watch));
        let Outcome::Infeasible(_) = outcome else { return Err(format!("not refuted: {outcome:?}").into()) };
        ours.push(times.end);
        let (outcome, times) = timed(|watch| solve(&with_ladder, BUDGET, watch));
        let Outcome::Infeasible(reason) = outcome else {
            return Err(format!("not refuted: {outcome:?}").into());
        };
        ladders.push(times.end);
        told = Some(reason);
        if let Some(peer) = peer {
            theirs.push(peer.ask(&["solve", "2880", "60"])?);
        }
    }
    let reason = told.ok_or("no round")?;
    let said = theirs.last().map_or("left out".to_owned(), |last| {
        format!("{} in {}", last.status.to_lowercase(), seconds(theirs.iter().map(|one| one.seconds)))
    });
    let works = reason.ladder.iter().filter(|step| matches!(step.leads_to, LeadsTo::Works { .. })).count();
    println!(
        "| 48 h whistle to kick-off: proven infeasible, with the sentence; with the ladder | {said} | {}; {} ({works} of {} steps work) |",
        seconds(ours),
        seconds(ladders),
        reason.ladder.len()
    );
    eprintln!("{}", reason.sentence);
    Ok(())
}
