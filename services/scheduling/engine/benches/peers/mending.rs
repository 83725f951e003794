//! Timetables repaired: a pitch, an evening, a day is lost on day 5.

use std::error::Error;

use matchday_timetable::{
    disruption::apply,
    model::{Instance, Minute, Side, Timetable},
    outcome::{Choice, Disruption, LeadsTo, Repair},
    repair::repair,
};

use crate::figure::{BUDGET, checked, seconds, timed};
use crate::peer::{self, Answer, Peer};

const DAY: Minute = 1440;
/// Day 5 begins: what is before it is over.
const NOW: Minute = 4 * DAY;

struct Case {
    title: &'static str,
    /// What the peer calls it.
    name: &'static str,
    happened: Disruption,
}

fn cases() -> [Case; 3] {
    let why = "lost".to_owned();
    let rain =
        |from| Disruption::Weather { venues: Vec::new(), from, until: NOW + DAY, why: "rain".to_owned() };
    [
        Case {
            title: "main pitch lost on day 5",
            name: "pitch",
            happened: Disruption::PitchLost { pitch: 0, from: NOW, until: NOW + DAY, why },
        },
        Case { title: "rain from 15:00 on day 5", name: "rain", happened: rain(NOW + 15 * 60) },
        Case { title: "whole day 5 lost", name: "day", happened: rain(NOW) },
    ]
}

/// Measures all cases from the same timetable.
pub(crate) fn measure(
    peer: Option<&Peer>,
    rounds: usize,
    published: &Timetable,
) -> Result<(), Box<dyn Error>> {
    let instance = peer::instance("peer48-feasible")?;
    for case in cases() {
        let happened = [case.happened.clone()];
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut came = None;
        for _ in 0..rounds {
            let (repaired, times) =
                timed(|watch| repair(&instance, published, NOW, &happened, BUDGET, watch));
            ours.push(times);
            came = Some(repaired);
            if let Some(peer) = peer {
                theirs.push(peer.ask(&["repair", case.name, "40", &peer::places(&instance, published)])?);
            }
        }
        let said = match theirs.last() {
            Some(last) => theirs_said(&instance, published, &theirs, last),
            None => "left out".to_owned(),
        };
        let end = seconds(ours.iter().map(|one| one.end));
        let ours = match came.ok_or("no round")?? {
            Repair::Choices(choices) => {
                let adapted = apply(&instance, published, NOW, &happened)?.instance;
                for choice in &choices {
                    checked(&adapted, &choice.timetable, choice.price.quality)?;
                }
                let first = seconds(ours.iter().filter_map(|one| one.first));
                let choices: Vec<String> = choices.iter().map(choice_said).collect();
                format!("first {first}, all {end}: {}", choices.join("; "))
            }
            Repair::Infeasible(reason) => {
                eprintln!("{}: {}", case.title, reason.sentence);
                let steps = reason.ladder.iter().map(|step| match &step.leads_to {
                    LeadsTo::Works { price: Some(price), .. } => format!(
                        "\"{}\" works: {} moved, {} people told",
                        step.title, price.kick_offs, price.people
                    ),
                    _ => format!("\"{}\" does not", step.title),
                });
                format!(
                    "infeasible with its sentence and ladder in {end}: {}",
                    steps.collect::<Vec<_>>().join("; ")
                )
            }
            Repair::Unknown => format!("unknown after {end}"),
        };
        println!("| {} | {said} | {ours} |", case.title);
    }
    Ok(())
}

fn choice_said(choice: &Choice) -> String {
    let proven = if choice.optimal { "" } else { " (not proven)" };
    let price = choice.price;
    format!("{}: {} moved, {} people told{proven}", choice.title, price.kick_offs, price.people)
}

fn theirs_said(instance: &Instance, before: &Timetable, all: &[Answer], last: &Answer) -> String {
    let status = last.status.to_lowercase();
    let end = seconds(all.iter().map(|one| one.seconds));
    let Some(after) = last.timetable(instance) else { return format!("{status} in {end}") };
    let first = seconds(all.iter().filter_map(|one| one.first));
    let moved = before.places.iter().zip(&after.places).filter(|(old, new)| old.start != new.start).count();
    let told = told(instance, before, &after);
    format!("first {first}, {status} in {end}: {moved} moved, {told} people told")
}

/// People to be told of a change: of each team and match once.
fn told(instance: &Instance, before: &Timetable, after: &Timetable) -> u64 {
    let changed = |index: usize| before.places[index] != after.places[index];
    let matches = instance.matches.iter().enumerate();
    let of_matches: u64 =
        matches.filter(|(index, _)| changed(*index)).map(|(_, game)| u64::from(game.people)).sum();
    let named = |team: usize| {
        let mut matches = instance.matches.iter().enumerate();
        matches.any(|(index, game)| changed(index) && game.sides.contains(&Side::Team(team)))
    };
    let teams = instance.teams.iter().enumerate();
    of_matches + teams.filter(|(team, _)| named(*team)).map(|(_, team)| u64::from(team.people)).sum::<u64>()
}
