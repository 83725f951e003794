//! What a search has found, as drafts and as the run tells it.

use std::collections::BTreeMap;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::TournamentName;
use matchday_rpc::parse::to_timestamp;
use matchday_store::Tx;
use matchday_timetable::{
    check::{Report, RuleReport},
    model::{Severity, Timetable},
    outcome::{Choice, LeadsTo, Move, Price, Reason, Step},
};

use super::{search::Answer, task::Task};
use crate::{
    Error,
    domain::{disruption::Disruption, draft::changed, run::State},
    draft::{Proposal, propose},
};

/// Most moves of an option that are told: three options stay below what a client takes.
const MOST_MOVES: usize = 1_000;
/// Most matches that a contradiction names.
const MOST_NAMED: usize = 200;

/// What a run says that has found nothing.
const UNDECIDED: &str = "the budget ended before a timetable was found, or the proof that there is none";

/// What a run has come to.
pub(super) struct Conclusion {
    /// Name of the run.
    pub(super) run: String,
    /// Its tournament.
    pub(super) tournament: TournamentName,
    /// Name of the version in force when it began.
    pub(super) base: String,
    /// What was searched for.
    pub(super) task: Task,
    /// What was found.
    pub(super) answer: Answer,
}

impl Conclusion {
    /// Keeps every timetable found as a draft, and says in the run what was found.
    ///
    /// # Errors
    /// What a draft is refused with.
    pub(super) async fn write(&self, tx: &mut Tx, run: &mut pb::Run) -> Result<State, Error> {
        match &self.answer {
            Answer::Timetables(choices) => {
                for (choice, report) in choices {
                    let version = self.draft(tx, &choice.title, &choice.timetable, &choice.moves).await?;
                    run.options.push(self.option(choice, report, version));
                }
                Ok(State::Succeeded)
            }
            Answer::Infeasible(reason) => {
                run.infeasibility = Some(self.infeasibility(tx, reason).await?);
                Ok(State::Infeasible)
            }
            Answer::Undecided => {
                UNDECIDED.clone_into(&mut run.reason);
                Ok(State::Undecided)
            }
        }
    }

    async fn draft(
        &self,
        tx: &mut Tx,
        title: &str,
        timetable: &Timetable,
        moves: &[Move],
    ) -> Result<String, Error> {
        let origin = match self.task.repair {
            None => pb::VersionOrigin::Generated,
            Some(_) => pb::VersionOrigin::Repaired,
        };
        let proposal = Proposal {
            origin,
            title: title.to_owned(),
            run: self.run.clone(),
            base: self.base.clone(),
            activities: self.activities(timetable, moves),
        };
        Ok(propose(tx, &self.tournament, proposal).await?.name)
    }

    /// What a timetable changes in the schedule, with what the disruptions call off and replace.
    fn activities(&self, timetable: &Timetable, moves: &[Move]) -> Vec<pb::Activity> {
        let cancelled = self.cancelled();
        let mut activities = self.task.basis.propose(&self.task.stated, timetable, &cancelled);
        let mut whys: BTreeMap<String, &str> =
            moves.iter().filter_map(|one| Some((self.name(one.index)?, one.why.as_str()))).collect();
        for activity in &mut activities {
            self.replace(activity);
            if let Some(why) = whys.remove(&activity.name).filter(|why| !why.is_empty()) {
                why.clone_into(&mut activity.reason);
            }
            if cancelled.contains(&activity.name) {
                activity.state = pb::ActivityState::Cancelled.into();
                "a team has withdrawn".clone_into(&mut activity.reason);
            }
        }
        changed(&self.task.basis.activities, activities)
    }

    /// Names of the matches that the disruptions call off.
    fn cancelled(&self) -> Vec<String> {
        let repair = self.task.repair.iter();
        repair.flat_map(|repair| &repair.adapted.cancelled).filter_map(|index| self.name(*index)).collect()
    }

    /// Names the teams that have come in place of those that have gone.
    fn replace(&self, activity: &mut pb::Activity) {
        let Some(played) = &mut activity.r#match else { return };
        for disruption in self.task.repair.iter().flat_map(|repair| &repair.happened) {
            if let Disruption::TeamReplaced { team, by } = disruption {
                let sides = [&mut played.home, &mut played.away].into_iter();
                sides.filter(|side| *side == team.as_str()).for_each(|side| *side = by.to_string());
            }
        }
    }

    fn option(&self, choice: &Choice, report: &Report, version: String) -> pb::RunOption {
        let mut moves: Vec<&Move> = choice.moves.iter().collect();
        moves.sort_by_key(|one| (one.to, one.index));
        pb::RunOption {
            version,
            title: choice.title.clone(),
            price: Some(price(&choice.price)),
            optimal: choice.optimal,
            move_count: i32::try_from(moves.len()).unwrap_or(i32::MAX),
            moves: moves.into_iter().take(MOST_MOVES).map(|one| self.told(one)).collect(),
            cancelled: self.cancelled(),
            broken: report.broken().map(broken).collect(),
        }
    }

    fn told(&self, one: &Move) -> pb::RunMove {
        let stated = &self.task.stated;
        let time = |start| Some(to_timestamp(stated.calendar.moment(start)));
        let zone = |pitch: usize| stated.zones.get(pitch).cloned().unwrap_or_default();
        pb::RunMove {
            activity: self.name(one.index).unwrap_or_default(),
            from_time: time(one.from.start),
            from_zone: zone(one.from.pitch),
            to_time: time(one.to.start),
            to_zone: zone(one.to.pitch),
            why: one.why.clone(),
        }
    }

    fn name(&self, index: usize) -> Option<String> {
        self.task.stated.activity(index).map(str::to_owned)
    }

    async fn infeasibility(&self, tx: &mut Tx, reason: &Reason) -> Result<pb::Infeasibility, Error> {
        let mut ladder = Vec::new();
        for step in &reason.ladder {
            ladder.push(self.step(tx, step).await?);
        }
        let activities = reason.matches.iter().take(MOST_NAMED).filter_map(|index| self.name(*index));
        Ok(pb::Infeasibility {
            sentence: reason.sentence.clone(),
            rules: reason.rules.clone(),
            activities: activities.collect(),
            ladder,
        })
    }

    async fn step(&self, tx: &mut Tx, step: &Step) -> Result<pb::LadderStep, Error> {
        let told = pb::LadderStep { title: step.title.clone(), ..pb::LadderStep::default() };
        Ok(match &step.leads_to {
            LeadsTo::Works { cost, timetable, price: of_repair } => pb::LadderStep {
                outcome: pb::LadderOutcome::Works.into(),
                price: Some(price(&of_repair.unwrap_or(Price { quality: *cost, ..Price::default() }))),
                version: self.draft(tx, &step.title, timetable, &[]).await?,
                ..told
            },
            LeadsTo::Infeasible(why) => {
                pb::LadderStep { outcome: pb::LadderOutcome::NotEnough.into(), why: why.clone(), ..told }
            }
            LeadsTo::Unknown => pb::LadderStep { outcome: pb::LadderOutcome::Unknown.into(), ..told },
        })
    }
}

fn price(price: &Price) -> pb::RunPrice {
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    pb::RunPrice {
        people: i64::try_from(price.people).unwrap_or(i64::MAX),
        kick_offs: count(price.kick_offs),
        pitches: count(price.pitches),
        quality: price.quality,
    }
}

/// A rule that a timetable breaks.
fn broken(report: &RuleReport) -> pb::BrokenRule {
    let severity = match report.severity {
        Severity::Hard => pb::RuleSeverity::Hard,
        Severity::Soft { .. } => pb::RuleSeverity::Soft,
        Severity::Off => pb::RuleSeverity::Off,
    };
    pb::BrokenRule {
        rule: report.id.clone(),
        severity: severity.into(),
        count: i32::try_from(report.violations.len()).unwrap_or(i32::MAX),
        sentence: report.violations.first().map(|first| first.sentence.clone()).unwrap_or_default(),
    }
}
