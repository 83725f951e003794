//! Faults of rules and of the ladder.

use std::collections::HashSet;

use super::{Code, Fault, MOST_MINUTES, MOST_PEOPLE, unknown};
use crate::model::{Ease, Instance, Kind, Minute, Rule, Severity};

/// All rules.
pub(super) fn rules(instance: &Instance, faults: &mut Vec<Fault>) {
    for rule in &instance.rules {
        if let Severity::Soft { weight } = rule.severity
            && !(0..=1_000_000_000).contains(&weight)
        {
            let what = format!("rule {} weighs {weight}: a weight is from 0 to 1000000000", rule.id);
            faults.push(Fault::new(Code::Rule, what));
        }
        if rule.id.starts_with("always-") {
            let what = format!("rule {}: ids that begin with always- are for what always holds", rule.id);
            faults.push(Fault::new(Code::Rule, what));
        }
        scope(instance, rule, faults);
        kind(instance, &rule.id, &rule.kind, faults);
    }
    for step in &instance.ladder {
        for change in &step.changes {
            match change {
                Ease::Rule { id, kind: new } => {
                    if !instance.rules.iter().any(|rule| rule.id == *id) {
                        let what = format!(
                            "step {} of the ladder changes rule {id}, which is not there",
                            step.title
                        );
                        faults.push(Fault::new(Code::Unknown, what));
                    }
                    kind(instance, id, new, faults);
                }
                Ease::Reserve(pitch) | Ease::Open { pitch, .. } => {
                    let whose = format!("step {} of the ladder", step.title);
                    unknown(faults, &whose, "pitch", *pitch, instance.pitches.len());
                    if let Ease::Open { span, .. } = change
                        && span.start >= span.end
                    {
                        let what = format!(
                            "{whose} opens a pitch from minute {} until minute {}, which is no time",
                            span.start, span.end
                        );
                        faults.push(Fault::new(Code::Time, what));
                    }
                }
                Ease::KickOffs(starts) => {
                    if let Some(start) =
                        starts.iter().find(|start| !(-MOST_MINUTES..=MOST_MINUTES).contains(*start))
                    {
                        let what =
                            format!("step {} of the ladder adds minute {start}: too far out", step.title);
                        faults.push(Fault::new(Code::Size, what));
                    }
                }
            }
        }
    }
}

fn scope(instance: &Instance, rule: &Rule, faults: &mut Vec<Fault>) {
    let competitions: HashSet<&str> = instance.matches.iter().map(|game| game.competition.as_str()).collect();
    let stages: HashSet<&str> = instance.matches.iter().map(|game| game.stage.as_str()).collect();
    let matches: HashSet<&str> = instance.matches.iter().map(|game| game.id.as_str()).collect();
    let places: HashSet<&str> = instance
        .pitches
        .iter()
        .flat_map(|pitch| [pitch.id.as_str(), pitch.venue.as_str(), pitch.site.as_str()])
        .collect();
    let scope = &rule.scope;
    for (what, named, known) in [
        ("competition", &scope.competitions, &competitions),
        ("stage", &scope.stages, &stages),
        ("match", &scope.matches, &matches),
        ("place", &scope.places, &places),
    ] {
        for id in named.iter().filter(|id| !known.contains(id.as_str())) {
            faults.push(Fault::new(
                Code::Unknown,
                format!("rule {} is about {what} {id}, which is not there", rule.id),
            ));
        }
    }
    if !scope.places.is_empty() && !looks_at_places(&rule.kind) {
        let what = format!(
            "rule {} names places, and this kind of rule does not look at them: leave them out",
            rule.id
        );
        faults.push(Fault::new(Code::Rule, what));
    }
}

/// Whether the scope's places mean something to the rule: where teams rest or officials work does not matter.
fn looks_at_places(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::RestCalendarDays(_)
            | Kind::RestKickOff(_)
            | Kind::RestWhistle(_)
            | Kind::TeamOnceADay
            | Kind::LastGroupMatchesTogether
            | Kind::Together(_)
            | Kind::InOrder(_)
            | Kind::EqualRest
            | Kind::ShareOfPrimeTime { .. }
            | Kind::ShareOfPitches(_)
            | Kind::OfficialMatchesPerDay(_)
            | Kind::OfficialMatches(_)
            | Kind::OfficialRest(_)
            | Kind::OfficialNeutral
    )
}

/// The latest time of a day: one on which the clocks change has 25 hours.
const LATEST_CLOCK: Minute = 1_500;

/// A limit that counts.
fn counted(kind: &Kind) -> u32 {
    match kind {
        Kind::RestCalendarDays(most)
        | Kind::MatchesPerPitchAndDay(most)
        | Kind::MatchesPerVenueAndDay(most)
        | Kind::WeeklyWear { most, .. }
        | Kind::CrowdAtOnce(most)
        | Kind::CrowdWithin { crowd: most, .. }
        | Kind::Travel(most)
        | Kind::OfficialMatchesPerDay(most)
        | Kind::OfficialMatches(most)
        | Kind::Notice { crowd: most, .. } => *most,
        _ => 0,
    }
}

fn kind(instance: &Instance, id: &str, kind: &Kind, faults: &mut Vec<Fault>) {
    let whose = format!("rule {id}");
    if counted(kind) > MOST_PEOPLE {
        let what = format!("{whose} counts to {}: a limit is at most {MOST_PEOPLE}", counted(kind));
        faults.push(Fault::new(Code::Rule, what));
    }
    match kind {
        Kind::RestKickOff(minutes)
        | Kind::RestWhistle(minutes)
        | Kind::OfficialRest(minutes)
        | Kind::SessionsApart(minutes)
        | Kind::Notice { minutes, .. }
            if !(0..=MOST_MINUTES).contains(minutes) =>
        {
            let what = format!("{whose} asks for {minutes} minutes: say 0 to {MOST_MINUTES}");
            faults.push(Fault::new(Code::Rule, what));
        }
        Kind::Notice { now, .. } if !(-MOST_MINUTES..=MOST_MINUTES).contains(now) => {
            let what = format!("{whose} says that it is minute {now}: say -{MOST_MINUTES} to {MOST_MINUTES}");
            faults.push(Fault::new(Code::Rule, what));
        }
        Kind::KickOffWithin { from, until }
        | Kind::CrowdWithin { from, until, .. }
        | Kind::ShareOfPrimeTime { from, until }
            if from > until || *from < 0 || *until > LATEST_CLOCK =>
        {
            let what = format!(
                "{whose} is from minute {from} until minute {until} of a day: say 0 to {LATEST_CLOCK}, the end not \
                 before the start"
            );
            faults.push(Fault::new(Code::Rule, what));
        }
        Kind::NotOnDays(days) | Kind::OnDays(days) => {
            for day in days {
                unknown(faults, &whose, "day", *day, instance.days.len());
            }
        }
        Kind::OnPitches(pitches) | Kind::ShareOfPitches(pitches) => {
            for pitch in pitches {
                unknown(faults, &whose, "pitch", *pitch, instance.pitches.len());
            }
        }
        Kind::Together(ids) | Kind::InOrder(ids) => {
            let mut seen = HashSet::new();
            for one in ids {
                if !instance.matches.iter().any(|game| game.id == *one) {
                    faults.push(Fault::new(
                        Code::Unknown,
                        format!("{whose} names match {one}, which is not there"),
                    ));
                } else if !seen.insert(one) {
                    faults.push(Fault::new(Code::Duplicate, format!("{whose} names match {one} twice")));
                }
            }
        }
        _ => {}
    }
}
