//! `matchday check`: a schedule against the rules in force.

use clap::Args;
use matchday_api::scheduling::v1::{
    CheckScheduleRequest, CheckScheduleResponse, Rule, RuleOutcome, RuleReport, Violation,
};
use matchday_kernel::TournamentName;
use matchday_runtime::Exit;

use super::{
    connection::{Client, Connection},
    names, rule, times,
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Format, Shown, print},
    words,
};

/// Violations of one rule that are shown unless all are asked for.
const FIRST: usize = 10;

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    question: Question,
}

/// What is asked.
#[derive(Args)]
#[command(
    after_long_help = "It shows what came of each rule, then what breaks them and what would resolve it. \
                             A rule that cannot be checked says why. Ends with 4 when a hard rule is broken, \
                             with 0 otherwise.\n\nExamples:\n  matchday check fisu-2023\n  matchday check \
                             fisu-2023 --all\n  matchday check fisu-2023 --output json"
)]
pub(crate) struct Question {
    /// The tournament: fisu-2023
    tournament: String,
    /// Show every violation, not only the first ten of each rule
    #[arg(long)]
    all: bool,
}

impl Shown for RuleReport {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("rule", |it: &Self| Cell::Text(of(it).id)),
        Column::new("severity", |it: &Self| Cell::Text(rule::severity(&of(it)))),
        Column::new("outcome", |it: &Self| Cell::Text(words::word_of::<RuleOutcome>(it.outcome))),
        Column::new("looked at", |it: &Self| Cell::Text(looked_at(it))),
        Column::detail("violations", |it: &Self| Cell::Number(it.violation_count.into())),
        Column::new("why", |it: &Self| Cell::text(&it.why)),
        Column::detail("sentences", |it: &Self| Cell::Text(sentences(it))),
    ];
}

fn of(report: &RuleReport) -> Rule {
    report.rule.clone().unwrap_or_default()
}

fn looked_at(report: &RuleReport) -> String {
    if report.looked_at == 0 { String::new() } else { format!("{} {}", report.looked_at, report.things) }
}

fn sentences(report: &RuleReport) -> String {
    let told = |violation: &Violation| format!("{} [{}]", violation.sentence, violation.resolution);
    report.violations.iter().map(told).collect::<Vec<_>>().join("; ")
}

impl Check {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        self.question.ask(&self.connection.open()?).await
    }
}

impl Question {
    /// Asks, and shows what comes of it.
    pub(super) async fn ask(self, client: &Client) -> Result<(), Failure> {
        let name: TournamentName = names::read(&self.tournament)?;
        let request = CheckScheduleRequest { parent: name.to_string() };
        let response = client.checks().check_schedule(request).await?.into_inner();
        rule::tell_origin(response.origin(), &name);
        client.output.list(&response.reports, &times::utc())?;
        if client.output == Format::Table {
            print(&violations(&response, if self.all { usize::MAX } else { FIRST }))?;
        }
        verdict(&response)
    }
}

/// What breaks the rules, rule by rule.
fn violations(response: &CheckScheduleResponse, most: usize) -> String {
    let reports = response.reports.iter().filter(|report| !report.violations.is_empty());
    reports.map(|report| broken(report, most)).collect()
}

/// What breaks one rule.
fn broken(report: &RuleReport, most: usize) -> String {
    let rule = of(report);
    let mut lines = vec![format!("\n{} ({})\n", rule.id, rule::severity(&rule))];
    for violation in report.violations.iter().take(most) {
        lines.push(line("- ", &violation.sentence));
        lines.push(line("  to resolve: ", &violation.resolution));
    }
    let shown = i32::try_from(report.violations.len().min(most)).unwrap_or(i32::MAX);
    if report.violation_count > shown {
        lines.push(line("", &format!("and {} more", report.violation_count - shown)));
    }
    lines.concat()
}

fn line(before: &str, text: &str) -> String {
    format!("  {before}{}\n", text.replace(char::is_control, "\u{fffd}"))
}

fn verdict(response: &CheckScheduleResponse) -> Result<(), Failure> {
    if response.hard_violations == 0 {
        return Ok(());
    }
    let message = format!(
        "the schedule breaks hard rules: {} violations ({} of soft rules)",
        response.hard_violations, response.soft_violations
    );
    Err(Failure::new(Exit::Refused, message))
}

#[cfg(test)]
mod tests {
    use matchday_api::scheduling::v1::RuleSeverity;

    use super::*;

    fn response() -> CheckScheduleResponse {
        let rule =
            Rule { id: "rest".into(), severity: RuleSeverity::Soft.into(), weight: 10, ..Rule::default() };
        let violation = Violation {
            sentence: "A plays\u{1b} twice".into(),
            resolution: "kick m2 off later".into(),
            ..Violation::default()
        };
        let reports = vec![RuleReport {
            rule: Some(rule),
            outcome: RuleOutcome::Violated.into(),
            looked_at: 7,
            things: "pairs".into(),
            violation_count: 3,
            violations: vec![violation],
            ..RuleReport::default()
        }];
        CheckScheduleResponse { reports, ..CheckScheduleResponse::default() }
    }

    #[test]
    fn violations_are_told_with_what_resolves_them() {
        let told = violations(&response(), 10);
        let expected =
            "\nrest (soft 10)\n  - A plays\u{fffd} twice\n    to resolve: kick m2 off later\n  and 2 more\n";
        assert_eq!(told, expected);
        assert_eq!(looked_at(&response().reports[0]), "7 pairs");
    }

    #[test]
    fn only_hard_violations_fail_the_command() {
        assert!(verdict(&CheckScheduleResponse { soft_violations: 3, ..response() }).is_ok());
        let failure = verdict(&CheckScheduleResponse { hard_violations: 1, ..response() }).unwrap_err();
        assert_eq!(failure.exit(), Exit::Refused);
    }
}
