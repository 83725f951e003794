//! What the program says about itself.

use insta::assert_snapshot;

use crate::house::run;

#[test]
fn the_help_names_every_command() {
    assert_snapshot!(run(&["--help"]));
}

#[test]
fn serve_explains_its_settings() {
    assert_snapshot!(run(&["serve", "--help"]));
}

#[test]
fn a_change_explains_itself_with_an_example() {
    assert_snapshot!(run(&["activity", "delay", "--help"]));
}

#[test]
fn a_step_of_the_live_day_explains_itself_with_an_example() {
    assert_snapshot!(run(&["activity", "resume", "--help"]));
}

#[test]
fn issuing_a_token_explains_roles_and_scopes() {
    assert_snapshot!(run(&["token", "issue", "--help"]));
}

#[test]
fn an_import_explains_its_file() {
    assert_snapshot!(run(&["volunteer", "import", "--help"]));
}

#[test]
fn a_scan_explains_its_exit_code() {
    assert_snapshot!(run(&["scan", "--help"]));
}

#[test]
fn shifts_explain_what_can_be_done_with_them() {
    assert_snapshot!(run(&["shift", "-h"]));
}

#[test]
fn completions_are_made_for_three_shells() {
    for (shell, beginning) in [("bash", "_matchday() {"), ("zsh", "#compdef matchday"), ("fish", "# Print ")]
    {
        let script = run(&["completions", shell]).done();
        assert!(script.starts_with(beginning), "{shell}: {}", script.lines().next().unwrap_or_default());
        assert!(script.contains("runsheet") && script.contains("no-show"), "{shell}");
    }
    assert_eq!(run(&["completions", "elvish"]).code, Some(2));
}

/// Every command.
const COMMANDS: &[&str] = &[
    "site import",
    "site list",
    "site show",
    "venue list",
    "zone list",
    "tournament import",
    "tournament list",
    "tournament show",
    "tournament publish",
    "tournament versions",
    "team list",
    "team withdraw",
    "team replace",
    "session list",
    "session create",
    "session update",
    "activity list",
    "activity show",
    "activity create",
    "activity update",
    "activity delay",
    "activity move",
    "activity cancel",
    "activity kick-off",
    "activity suspend",
    "activity resume",
    "activity extend",
    "activity abandon",
    "activity finish",
    "activity correct",
    "activity precondition",
    "activity records",
    "activity watch",
    "official import",
    "official list",
    "official show",
    "official away",
    "official appoint",
    "official who-can",
    "schedule next",
    "rule apply",
    "rule list",
    "schedule generate",
    "schedule repair",
    "schedule explain",
    "schedule runs list",
    "schedule runs show",
    "schedule runs watch",
    "schedule runs cancel",
    "check",
    "schedule versions",
    "schedule diff",
    "schedule publish",
    "schedule discard",
    "schedule restore",
    "schedule competition apply",
    "schedule competition list",
    "schedule competition matches",
    "schedule result",
    "schedule standings",
    "schedule lots",
    "schedule bracket",
    "import openfootball",
    "booking list",
    "booking show",
    "booking create",
    "booking place",
    "booking release",
    "plan apply",
    "plan show",
    "plan list",
    "work list",
    "work assign",
    "work start",
    "work done",
    "volunteer import",
    "volunteer list",
    "volunteer show",
    "volunteer what-can",
    "volunteer groups",
    "roster generate",
    "roster explain",
    "roster who-can",
    "roster list",
    "roster show",
    "roster publish",
    "shift list",
    "shift show",
    "shift fill",
    "shift assign",
    "shift invite",
    "shift accept",
    "shift decline",
    "shift withdraw",
    "shift sign-in",
    "shift sign-out",
    "shift no-show",
    "shift headcount",
    "shift assignments",
    "gate import",
    "gate list",
    "gate devices",
    "gate revoke",
    "gate openings",
    "gate advance",
    "gate clear",
    "gate pause",
    "gate resume",
    "gate one-in-one-out",
    "gate identity-check",
    "gate capacity",
    "gate override",
    "gate quota grant",
    "gate quota list",
    "gate quota write-off",
    "gate upload",
    "gate conflicts",
    "gate inside",
    "flow alerts",
    "flow alert show",
    "flow alert ack",
    "flow alert shelve",
    "flow alert unshelve",
    "flow alarm-figures",
    "flow duty set",
    "flow duty list",
    "flow rule list",
    "flow rule set",
    "flow simulate",
    "gate watch",
    "credential import",
    "credential list",
    "credential show",
    "credential block",
    "credential unblock",
    "credential revoke",
    "scan",
    "scan list",
    "runsheet",
    "log add",
    "log strike",
    "log list",
    "completions",
    "token issue",
    "token show",
    "event tail",
    "event followers",
];

#[test]
fn every_command_has_help() {
    for command in COMMANDS {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--help");
        let ran = run(&arguments);
        assert!(ran.err.is_empty(), "{command}: {ran}");
        assert!(ran.done().contains(&format!("Usage: matchday {command}")), "{command}");
    }
}

#[test]
fn nothing_asked_is_a_wrong_command_line() {
    let ran = run(&[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.is_empty(), "{ran}");
    assert!(ran.err.contains("Usage: matchday"), "{ran}");
}
