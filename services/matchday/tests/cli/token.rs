//! Tokens are made and read without a server.

use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use crate::house::{House, run};

#[test]
fn a_token_made_is_a_token_shown() {
    let house = House::start();
    let out = house.data().join("li.token").display().to_string();
    let grants = ["--grant", "scheduler@tournaments/cup", "--grant", "viewer@*"];
    let issue = ["token", "issue", "--subject", "staff/li", "--expires", "12h", "--out", &out];
    let issued = house.run(&[&issue[..], &grants[..]].concat());
    assert!(issued.err.contains("staff/li may act as scheduler@tournaments/cup, viewer@*"), "{issued}");
    assert_eq!(issued.done(), "");
    assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    let shown = house.run(&["token", "show", "--token-file", &out, "--output", "json"]).done();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["subject"], "staff/li");
    assert_eq!(shown["grants"], serde_json::json!(["scheduler@tournaments/cup", "viewer@*"]));
    let own = house.run(&["token", "show"]).done();
    assert!(own.contains("staff/administrator"), "{own}");
}

#[test]
fn a_token_of_another_installation_is_denied() {
    let (here, there) = (House::start(), House::start());
    let foreign = there.data().join("admin.token").display().to_string();
    let ran = here.run(&["token", "show", "--token-file", &foreign]);
    assert_eq!(ran.code, Some(5));
    assert_snapshot!(ran);
    assert_eq!(here.run(&["site", "list", "--token-file", &foreign]).code, Some(5));
}

#[test]
fn a_wrong_subject_role_scope_or_expiry_is_refused() {
    let house = House::start();
    let issue = |subject: &str, role: &str, scope: &str, expires: &str| {
        let arguments = ["--subject", subject, "--role", role, "--scope", scope, "--expires", expires];
        house.run(&[&["token", "issue"], &arguments[..]].concat())
    };
    assert_snapshot!("subject", issue("li", "viewer", "*", "1d"));
    assert_snapshot!("role", issue("staff/li", "boss", "*", "1d"));
    assert_eq!(issue("staff/li", "viewer", "Sites//", "1d").code, Some(2));
    assert_eq!(issue("staff/li", "viewer", "*", "-1d").code, Some(3));
    assert_eq!(issue("staff/li", "viewer", "*", "0s").code, Some(3));
    let alone = house.run(&["token", "issue", "--subject", "staff/li", "--role", "viewer"]);
    assert_eq!(alone.code, Some(2), "{alone}");
    let nothing = house.run(&["token", "issue", "--subject", "staff/li"]);
    assert_eq!(nothing.code, Some(2), "{nothing}");
}

#[test]
fn without_keys_there_are_no_tokens() {
    let issue = ["token", "issue", "--subject", "staff/li", "--grant", "viewer@*", "--data", "/nowhere"];
    let ran = run(&issue);
    assert_eq!(ran.code, Some(7));
    assert_snapshot!(ran);
}
