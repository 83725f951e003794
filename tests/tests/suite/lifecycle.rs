//! Starting, ending, and what stands in the way of both.

use std::time::Duration;

use futures_util::StreamExt;
use matchday_kernel::Clock;
use matchday_runtime::ambient;
use matchday_tests::{
    PATIENCE, log, make,
    port::Port,
    process::Process,
    refusal::{answered, refusal},
    stage::{Engine, Hosting, Stage},
    tokens::Tokens,
    town::{self, Plan},
};
use sqlx::Connection;
use tempfile::TempDir;
use tokio::time::timeout;
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;

const SERVING: i32 = 1;
const NOT_SERVING: i32 = 2;
/// How long a process waits for calls that do not end.
const DRAIN: Duration = Duration::from_secs(10);
const ONE: Hosting = Hosting::Processes(Plan::One);

fn directory() -> TempDir {
    TempDir::with_prefix("matchday-lifecycle-").expect("a directory for temporary files")
}

fn clock() -> Clock {
    ambient::clock()
}

fn serve(data: &TempDir, port: &Port) -> Vec<String> {
    let data = data.path().display().to_string();
    ["--data".into(), data, "--listen".into(), port.address().to_string()].into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_drains_streams_and_ends_well() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(mut stage) = Stage::open(engine, ONE).await else {
            continue;
        };
        let mut admin = stage.admin();
        answered(admin.places.import_site(make::site(1)).await);
        let mut events = log::tail(&mut admin.venues, "venues", 0).await;
        for _ in 0..3 {
            events.next().await;
        }
        stage.town().process(0).terminate();
        let end = timeout(PATIENCE, events.0.next()).await.unwrap().expect("a last word");
        assert_eq!(refusal(&end), (Code::Unavailable, "SERVER_ENDING".into()));
        assert!(events.0.next().await.is_none());
        let status = stage.town().process(0).ended().await;
        assert_eq!(status.code(), Some(0), "{}", stage.town().process(0).said());

        stage.town().process(0).start_again().await;
        assert_eq!(log::head(&mut stage.admin().venues, "venues").await, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once() {
    let mut stage = Stage::open(Engine::Sqlite, ONE).await.unwrap();
    let mut admin = stage.admin();
    // a conversation that its caller does not end keeps the process from ending while it drains
    let mut reflection = ServerReflectionClient::new(stage.caller("venues", "administrator@*"));
    let conversation = answered(reflection.server_reflection_info(futures_util::stream::pending()).await);
    let mut events = log::tail(&mut admin.venues, "venues", 0).await;
    stage.town().process(0).terminate();
    // it has heard the first signal
    let end = timeout(PATIENCE, events.0.next()).await.unwrap().expect("a last word");
    assert_eq!(refusal(&end).1, "SERVER_ENDING");
    stage.town().process(0).terminate();
    let status = stage.town().process(0).ended().await;
    assert_eq!(status.code(), Some(130), "{}", stage.town().process(0).said());
    drop(conversation);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_health_has_the_last_word_and_holds_nothing_up() {
    let mut stage = Stage::open(Engine::Sqlite, ONE).await.unwrap();
    let mut health = HealthClient::new(stage.nobody("venues"));
    let service = "matchday.venues.v1.PlaceService".into();
    let mut watched = answered(health.watch(HealthCheckRequest { service }).await);
    assert_eq!(watched.next().await.expect("how it is now").unwrap().status, SERVING);
    let begun = std::time::Instant::now();
    stage.town().process(0).terminate();
    let last = timeout(PATIENCE, watched.next()).await.unwrap().expect("the last word").unwrap();
    assert_eq!(last.status, NOT_SERVING);
    let status = stage.town().process(0).ended().await;
    assert_eq!(status.code(), Some(0), "{}", stage.town().process(0).said());
    assert!(begun.elapsed() < DRAIN, "the drain had to cut it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ready_answers() {
    for plan in [Plan::One, Plan::Separate] {
        let stage = Stage::open(Engine::Sqlite, Hosting::Processes(plan)).await.unwrap();
        for service in ["scheduling", "venues"] {
            let mut health = HealthClient::new(stage.nobody(service));
            let mut request = tonic::Request::new(HealthCheckRequest::default());
            // the first call after the word: nothing is tried again
            request.set_timeout(Duration::from_secs(20));
            let answer = answered(health.check(request).await);
            assert_eq!(answer.status, 1, "serving");
        }
    }
}

/// Starts a process that must not become ready, and returns how it ended and what it said.
async fn not_started(arguments: Vec<String>) -> (Option<i32>, String) {
    let mut process = Process::launch(arguments);
    let status = process.ended().await;
    let said = process.said();
    assert!(!said.contains("ready on"), "{said}");
    (status.code(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named() {
    let (first, second, port) = (directory(), directory(), Port::take());
    let _running = Process::serve(serve(&first, &port)).await;
    let (code, said) = not_started(serve(&second, &port)).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&port.address().to_string()) && said.contains("--listen"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_a_data_directory_is_refused() {
    let (data, first, second) = (directory(), Port::take(), Port::take());
    let _running = Process::serve(serve(&data, &first)).await;
    let (code, said) = not_started(serve(&data, &second)).await;
    assert_eq!(code, Some(7), "{said}");
    assert!(said.contains("used by another process"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_no_lock() {
    let (data, port) = (directory(), Port::take());
    let mut process = Process::serve(serve(&data, &port)).await;
    process.kill();
    process.start_again().await;
    process.terminate();
    assert_eq!(process.ended().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_left_alone() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(mut stage) = Stage::open(engine, ONE).await else {
            continue;
        };
        stage.town().process(0).terminate();
        assert_eq!(stage.town().process(0).ended().await.code(), Some(0));
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     SELECT 9000, 'newer', success, checksum, execution_time FROM _sqlx_migrations LIMIT 1";
        match stage.database() {
            None => {
                let file = format!("sqlite://{}", stage.data().join("venues.db").display());
                let mut connection = sqlx::SqliteConnection::connect(&file).await.unwrap();
                sqlx::query(newer).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Some(url) => {
                let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                let newer = newer.replace("_sqlx_migrations", "venues._sqlx_migrations");
                sqlx::query(&newer).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
        let port = Port::take();
        let mut arguments = vec!["--data".into(), stage.data().display().to_string()];
        arguments.extend(["--listen".into(), port.address().to_string()]);
        arguments.extend(stage.database().into_iter().flat_map(|url| ["--database".into(), url]));
        let (code, said) = not_started(arguments).await;
        assert_eq!(code, Some(7), "{said}");
        assert!(said.contains("newer matchday"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_alone_needs_a_key_and_a_token() {
    let (data, port) = (directory(), Port::take());
    let alone = [serve(&data, &port), vec!["--service".into(), "venues".into()]].concat();
    let (code, said) = not_started(alone).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--auth-public-key"), "{said}");

    let tokens = Tokens::new(data.path(), clock());
    let mut arguments = town::alone("venues", &data.path().join("venues"), &tokens);
    arguments.extend(["--listen".into(), port.address().to_string()]);
    let running = Process::serve(arguments).await;
    drop(running);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_beyond_this_machine_is_refused() {
    let data = directory();
    let arguments = ["--data", &data.path().display().to_string(), "--listen", "0.0.0.0:0"];
    let (code, said) = not_started(arguments.map(ToOwned::to_owned).into()).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("loopback"), "{said}");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "nothing was made");
}
