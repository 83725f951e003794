//! Runs of the timetable engine: found again, repeated, cancelled, limited, lost with their process.

use matchday_api::scheduling::v1::{
    CancelRunRequest, GenerateScheduleRequest, GenerateScheduleResponse, GetRunRequest, ListRunsRequest, Run,
    RunBudget, RunState, WatchRunRequest, WatchRunResponse, run_budget::Limit,
};
use matchday_tests::{
    PATIENCE,
    clients::Clients,
    cup,
    refusal::{answered, refused},
    stage::Stage,
    tests_of,
};
use tokio::time::timeout;
use tonic::{Code, Status, Streaming};

mod a_client_that_hangs_up_finds_its_run_again {
    super::tests_of! { a_client_that_hangs_up_finds_its_run_again
        on_sqlite: Sqlite, Local;
        on_postgres: Postgres, Local;
        on_sqlite_at_a_port: Sqlite, Port;
    }
}

mod two_search_and_eight_wait {
    super::tests_of! { two_search_and_eight_wait
        on_sqlite: Sqlite, Local;
        on_postgres: Postgres, Local;
    }
}

mod a_run_is_interrupted_with_its_process {
    use matchday_tests::{rehearsal, stage::Engine, town::Plan};

    /// Before the tournament: nothing is left to search for when all of it has begun.
    async fn on(engine: Engine) {
        if let Some(stage) = rehearsal::open(engine, Plan::One, 0).await {
            super::a_run_is_interrupted_with_its_process(stage).await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn on_sqlite() {
        on(Engine::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn on_postgres() {
        on(Engine::Postgres).await;
    }
}

mod a_run_is_interrupted_when_its_process_ends {
    super::tests_of! { a_run_is_interrupted_when_its_process_ends
        on_sqlite: Sqlite, Local;
        on_postgres: Postgres, Local;
    }
}

/// Asks for a timetable, for longer than any test waits.
fn generate(id: &str, request_id: &str) -> GenerateScheduleRequest {
    GenerateScheduleRequest {
        parent: format!("tournaments/{id}"),
        budget: Some(RunBudget { limit: Some(Limit::Seconds(600)), seed: 1 }),
        request_id: request_id.into(),
    }
}

async fn start(admin: &mut Clients, id: &str, request_id: &str) -> Result<Started, Status> {
    let mut messages = admin.runs.generate_schedule(generate(id, request_id)).await?.into_inner();
    let first = timeout(PATIENCE, messages.message()).await.expect("it says something in time")?;
    let run = first.and_then(|first| first.run).expect("the run as it is");
    Ok(Started { name: run.name, messages })
}

/// A run that was asked for.
struct Started {
    name: String,
    messages: Streaming<GenerateScheduleResponse>,
}

async fn watch(admin: &mut Clients, name: &str) -> Streaming<WatchRunResponse> {
    answered(admin.runs.watch_run(WatchRunRequest { name: name.into() }).await)
}

/// Waits until a run that is watched stands so, or has ended otherwise.
async fn until(messages: &mut Streaming<WatchRunResponse>, state: RunState) -> Run {
    let reached = async {
        loop {
            let message = messages.message().await.expect("it goes on").expect("it has not reached it yet");
            let run = message.run.expect("the run as it is");
            if run.state() == state {
                return run;
            }
        }
    };
    timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("it is {state:?} in time"))
}

async fn get(admin: &mut Clients, name: &str) -> Run {
    answered(admin.runs.get_run(GetRunRequest { name: name.into() }).await).run.expect("the run")
}

async fn cancel(admin: &mut Clients, name: &str) -> Run {
    let request = CancelRunRequest { name: name.into(), request_id: String::new() };
    answered(admin.runs.cancel_run(request).await).run.expect("the run")
}

async fn list(admin: &mut Clients, id: &str) -> Vec<Run> {
    let request = ListRunsRequest { parent: format!("tournaments/{id}"), ..ListRunsRequest::default() };
    answered(admin.runs.list_runs(request).await).runs
}

async fn a_client_that_hangs_up_finds_its_run_again(stage: Stage) {
    let mut admin = stage.admin();
    cup::endless(&mut admin, "cup").await;
    let Started { name, messages } = start(&mut admin, "cup", "mine").await.expect("it begins");
    assert_eq!(name, "tournaments/cup/runs/1");
    drop(messages);

    let mut watched = watch(&mut admin, &name).await;
    let run = until(&mut watched, RunState::Running).await;
    assert_eq!(run.budget, generate("cup", "").budget);
    // the same call again attaches to it, and the same id for another call is refused
    let again = start(&mut admin, "cup", "mine").await.expect("it attaches");
    assert_eq!(again.name, name);
    let other = GenerateScheduleRequest { budget: None, ..generate("cup", "mine") };
    refused(admin.runs.generate_schedule(other).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    drop(again.messages);

    assert_eq!(cancel(&mut admin, &name).await.state(), RunState::Cancelled);
    let last = until(&mut watched, RunState::Cancelled).await;
    assert!(last.options.is_empty() && last.end_time.is_some(), "{last:?}");
    assert_eq!(watched.message().await.expect("it ends well").map(drop), None);
    assert_eq!(get(&mut admin, &name).await, last);
    // once more changes nothing, and a repeat is told how it ended
    assert_eq!(cancel(&mut admin, &name).await, last);
    let Started { mut messages, .. } = start(&mut admin, "cup", "mine").await.expect("it attaches");
    assert_eq!(messages.message().await.expect("it ends well").map(drop), None);
    assert_eq!(list(&mut admin, "cup").await, [last]);
}

async fn two_search_and_eight_wait(stage: Stage) {
    let mut admin = stage.admin();
    cup::endless(&mut admin, "cup").await;
    let mut begun = Vec::new();
    for _ in 0..10 {
        begun.push(start(&mut admin, "cup", "").await.expect("there is room"));
    }
    let full = start(&mut admin, "cup", "").await.map(|started| started.name);
    let status = full.expect_err("there is no room");
    refused::<()>(Err(status), Code::ResourceExhausted, "RUNS_FULL");
    for started in &begun[..2] {
        until(&mut watch(&mut admin, &started.name).await, RunState::Running).await;
    }
    let known: Vec<RunState> = list(&mut admin, "cup").await.iter().rev().map(Run::state).collect();
    assert_eq!(known, [[RunState::Running; 2].as_slice(), &[RunState::Queued; 8]].concat());

    // one that waits makes room at once, one that searches lets another search
    cancel(&mut admin, &begun[9].name).await;
    until(&mut watch(&mut admin, &begun[9].name).await, RunState::Cancelled).await;
    let mut third = watch(&mut admin, &begun[2].name).await;
    cancel(&mut admin, &begun[0].name).await;
    until(&mut third, RunState::Running).await;
    for started in begun {
        cancel(&mut admin, &started.name).await;
    }
    let mut ended = list(&mut admin, "cup").await.into_iter().map(|run| run.state());
    assert!(ended.all(|state| state == RunState::Cancelled));
}

async fn a_run_is_interrupted_with_its_process(mut stage: Stage) {
    let mut admin = stage.admin();
    cup::endless(&mut admin, "cup").await;
    let Started { name, messages } = start(&mut admin, "cup", "mine").await.expect("it begins");
    until(&mut watch(&mut admin, &name).await, RunState::Running).await;
    drop(messages);
    stage.town().process(0).kill();
    stage.town().process(0).start_again().await;

    let mut admin = stage.admin();
    let lost = until(&mut watch(&mut admin, &name).await, RunState::Interrupted).await;
    assert!(lost.options.is_empty() && lost.end_time.is_some(), "{lost:?}");
    assert!(lost.reason.contains("start it again"), "{lost:?}");
    // its place is free, and a new request makes a new run
    let next = start(&mut admin, "cup", "another").await.expect("it begins");
    assert_eq!(next.name, "tournaments/cup/runs/2");
    cancel(&mut admin, &next.name).await;
}

async fn a_run_is_interrupted_when_its_process_ends(mut stage: Stage) {
    let mut admin = stage.admin();
    cup::endless(&mut admin, "cup").await;
    let Started { name, mut messages } = start(&mut admin, "cup", "").await.expect("it begins");
    let told = tokio::spawn(async move {
        let mut last = None;
        while let Ok(Some(message)) = messages.message().await {
            last = message.run;
        }
        last.map(|run| run.state())
    });
    stage.restart().await;
    assert_eq!(told.await.expect("it does not panic"), Some(RunState::Interrupted));
    let mut admin = stage.admin();
    until(&mut watch(&mut admin, &name).await, RunState::Interrupted).await;
}
