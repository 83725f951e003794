//! The reference tournament as it is rehearsed: processes whose clocks show one of its days, and the program's commands
//! on its files.

use std::path::Path;

use matchday_runtime::ambient;

use crate::{
    make,
    process::command,
    stage::{Engine, Stage},
    town::Plan,
};

/// Hosts all services in processes whose clocks show a minute after [`make::at`]'s first day began; `None` where there
/// is no such database.
///
/// # Panics
/// When they cannot be hosted.
pub async fn open(engine: Engine, plan: Plan, minute: i64) -> Option<Stage> {
    let then = matchday_rpc::parse::instant("now", Some(make::at(minute))).expect("a time").expect("a time");
    Stage::rehearsing(engine, plan, then.since(ambient::clock().now())).await
}

/// Runs a command of the program as the administrator, and returns what it printed. Words that end as files do are files
/// of the reference tournament.
///
/// # Panics
/// When it fails, with what it said.
pub fn run(stage: &mut Stage, arguments: &[&str]) -> String {
    let token = stage.data().join("admin.token").display().to_string();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/fisu-2023");
    let is_file =
        |text: &&str| matches!(Path::new(text).extension(), Some(kind) if kind == "yaml" || kind == "csv");
    let written = arguments.iter().map(|text| match Some(*text).filter(is_file) {
        Some(file) => examples.join(file).display().to_string(),
        None => (*text).to_owned(),
    });
    let connection = [stage.town().connection(), vec!["--token-file".to_owned(), token]].concat();
    let all: Vec<String> = written.chain(connection).collect();
    command(&all.iter().map(String::as_str).collect::<Vec<_>>())
}
