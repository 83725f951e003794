//! `CheckService`: the rules of a tournament, and checking its schedule against them.

use matchday_api::scheduling::v1::{self as pb, check_service_server::CheckService};
use matchday_kernel::{Common, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Locks, Record};
use prost::Message;
use tonic::{Request, Response, Status};

use super::rules::{self, Application};
use crate::{
    Error, Scheduling,
    domain::{
        check::report::{Figure, Outcome, Report, Violation},
        instance,
    },
    frame,
    store::{rules as stored, tournaments::TournamentRow},
};

/// Most violations of one rule that a report holds.
const MOST_OF_ONE: usize = 100;
/// Most violations of all rules that a response holds.
const MOST_SHOWN: usize = 500;
/// Most bytes of them: with the rules, which are no larger than `rules::MOST_BYTES`, and the reasons of the reports a
/// response stays below what a client takes.
const MOST_BYTES: usize = 2 * 1024 * 1024;

#[tonic::async_trait]
impl CheckService for Scheduling {
    async fn apply_rules(
        &self,
        request: Request<pb::ApplyRulesRequest>,
    ) -> Result<Response<pb::ApplyRulesResponse>, Status> {
        let application = Application::parse(request.get_ref())?;
        let locks = Locks::of([application.tournament()]);
        self.desk.write(&request, locks, move |tx| Box::pin(application.carry_out(tx))).await
    }

    async fn list_rules(
        &self,
        request: Request<pb::ListRulesRequest>,
    ) -> Result<Response<pb::ListRulesResponse>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        let mut conn = self.desk.read().await?;
        TournamentRow::get(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let applied = stored::of_tournament(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let (rules, origin) = rules::in_force(applied);
        Ok(Response::new(pb::ListRulesResponse { rules, origin: origin.into() }))
    }

    async fn check_schedule(
        &self,
        request: Request<pb::CheckScheduleRequest>,
    ) -> Result<Response<pb::CheckScheduleResponse>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        let frame::Basis { material, rules, origin, .. } =
            frame::read(&self.desk, &self.inquiry, tournament.as_str()).await?;
        // a long schedule and many rules take their time: other calls go on meanwhile
        let checked = tokio::task::spawn_blocking(move || instance::check(&material)).await;
        let reports = checked.map_err(|error| Error::from(Common::internal(error)))?;
        let of = |severity: pb::RuleSeverity| {
            let its = rules.iter().zip(&reports).filter(|(rule, _)| rule.severity() == severity);
            count(its.map(|(_, report)| report.violations.len()).sum())
        };
        let mut room = Room { violations: MOST_SHOWN, bytes: MOST_BYTES };
        Ok(Response::new(pb::CheckScheduleResponse {
            hard_violations: of(pb::RuleSeverity::Hard),
            soft_violations: of(pb::RuleSeverity::Soft),
            origin: origin.into(),
            reports: rules
                .into_iter()
                .zip(reports)
                .map(|(rule, report)| told(rule, report, &mut room))
                .collect(),
        }))
    }
}

fn parent(text: &str) -> Result<TournamentName, Error> {
    Ok(parse::text_as("parent", text)?)
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// What a response has room for.
struct Room {
    violations: usize,
    bytes: usize,
}

impl Room {
    /// Takes room for a violation, if there is any.
    fn take(&mut self, violation: &pb::Violation) -> bool {
        let bytes = violation.encoded_len();
        let is_room = self.violations > 0 && bytes <= self.bytes;
        if is_room {
            self.violations -= 1;
            self.bytes -= bytes;
        }
        is_room
    }
}

/// What came of a rule, with as many violations as there is room for.
fn told(rule: pb::Rule, report: Report, room: &mut Room) -> pb::RuleReport {
    let violation_count = count(report.violations.len());
    let first = report.violations.into_iter().take(MOST_OF_ONE);
    let violations = first
        .map(|violation| violation_of(&rule, violation))
        .take_while(|violation| room.take(violation))
        .collect();
    let outcome = match report.outcome {
        Outcome::Checked => pb::RuleOutcome::Checked,
        Outcome::Violated => pb::RuleOutcome::Violated,
        Outcome::NotApplicable => pb::RuleOutcome::NotApplicable,
        Outcome::Off => pb::RuleOutcome::Off,
    };
    pb::RuleReport {
        outcome: outcome.into(),
        why: report.why,
        looked_at: count(report.looked_at),
        things: report.things.to_owned(),
        violation_count,
        violations,
        rule: Some(rule),
    }
}

fn violation_of(rule: &pb::Rule, violation: Violation) -> pb::Violation {
    pb::Violation {
        rule: rule.id.clone(),
        severity: rule.severity,
        resources: violation.resources,
        figures: violation.figures.into_iter().map(figure).collect(),
        sentence: violation.sentence,
        resolution: violation.resolution,
    }
}

fn figure(Figure { name, value, unit }: Figure) -> pb::Figure {
    pb::Figure { name: name.to_owned(), value, unit: unit.to_owned() }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Instant;

    use super::*;

    fn report(count: usize, sentence: &str) -> Report {
        let violation = Violation {
            at: Instant::MIN,
            resources: vec![],
            figures: vec![],
            sentence: sentence.to_owned(),
            resolution: String::new(),
        };
        Report {
            outcome: Outcome::Violated,
            why: String::new(),
            looked_at: count,
            things: "things",
            violations: vec![violation; count],
        }
    }

    #[test]
    fn a_response_holds_what_a_client_takes_and_counts_the_rest() {
        let mut room = Room { violations: MOST_SHOWN, bytes: MOST_BYTES };
        let long = "x".repeat(50_000);
        let reports: Vec<pb::RuleReport> = [report(200, ""), report(300, &long), report(300, "short")]
            .map(|report| told(pb::Rule::default(), report, &mut room))
            .into();
        let shown: Vec<usize> = reports.iter().map(|report| report.violations.len()).collect();
        assert_eq!(shown, [MOST_OF_ONE, MOST_BYTES / 50_010, MOST_OF_ONE]);
        assert!(reports.iter().map(Message::encoded_len).sum::<usize>() < 4 * 1024 * 1024);
        assert_eq!(reports[1].violation_count, 300);
    }
}
