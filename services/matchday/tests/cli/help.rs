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
fn issuing_a_token_explains_roles_and_scopes() {
    assert_snapshot!(run(&["token", "issue", "--help"]));
}

#[test]
fn every_command_has_help() {
    let commands = [
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
        "session list",
        "activity list",
        "activity show",
        "activity create",
        "activity update",
        "activity delay",
        "activity move",
        "activity cancel",
        "activity watch",
        "booking list",
        "booking show",
        "booking create",
        "booking place",
        "booking release",
        "token issue",
        "token show",
        "event tail",
        "event followers",
    ];
    for command in commands {
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
