//! Whole sessions played at the gates by `matchday flow simulate`, which checks its own account to the person: in peace,
//! and while the server is killed again and again.

use std::time::Duration;

use matchday_api::visitors::v1::{GetOccupancyRequest, Occupancy};
use matchday_tests::{
    evening::{Evening, OPENING},
    process::command,
    stage::Stage,
    tests_of,
};
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::interval,
};

use super::crashes::rounds;

mod a_session_ends_in_balance {
    use matchday_tests::town::Plan::One;

    super::tests_of! { a_session_ends_in_balance
        on_sqlite: Sqlite, Processes(One);
        on_postgres: Postgres, Processes(One);
    }
}

mod no_passage_is_lost_when_the_server_is_killed {
    use matchday_tests::town::Plan::One;

    super::tests_of! { no_passage_is_lost_when_the_server_is_killed
        on_sqlite: Sqlite, Processes(One);
        on_postgres: Postgres, Processes(One);
    }
}

/// Plays a session of so many spectators; the play tells its account, and fails when it is not in balance.
fn play(stage: &mut Stage, spectators: usize) -> JoinHandle<String> {
    let data = stage.data().display().to_string();
    let server = stage.town().url("visitors");
    let spectators = spectators.to_string();
    spawn_blocking(move || {
        let session = ["flow", "simulate", "--tournament", "cup", "--session", "evening", "--at-once"];
        let crowd = ["--spectators", &spectators, "--server", &server, "--data", &data];
        command(&[session.as_slice(), &crowd].concat())
    })
}

/// Who is inside; `None` while the server does not answer.
async fn occupancy(stage: &Stage) -> Option<Occupancy> {
    let count = GetOccupancyRequest { name: OPENING.into() };
    stage.admin().admissions.get_occupancy(count).await.ok()?.into_inner().occupancy
}

fn check(told: &str) {
    assert!(told.contains("account   in balance"), "{told}");
    assert!(told.contains("capacity-reached"), "the gates had to stop: {told}");
}

async fn a_session_ends_in_balance(mut stage: Stage) {
    Evening::with_kick_off(&stage, 1, 180).await;
    let told = play(&mut stage, 300).await.expect("it does not panic");
    check(&told);
    let count = occupancy(&stage).await.expect("the server answers");
    assert!(count.entries > 290 && count.everyone == 0 && count.offline_places == 0, "{count:?}");
}

async fn no_passage_is_lost_when_the_server_is_killed(mut stage: Stage) {
    const SPECTATORS: i32 = 1_200;
    Evening::with_kick_off(&stage, 1, 180).await;
    let rounds = i32::try_from(rounds()).expect("a small number");
    let played = play(&mut stage, SPECTATORS.unsigned_abs() as usize);
    let mut looks = interval(Duration::from_millis(10));
    for round in 1..=rounds {
        // the last time it is killed, a tenth of the people are still to come
        let until = SPECTATORS * 9 / 10 * round / rounds;
        while !played.is_finished() && occupancy(&stage).await.is_none_or(|now| now.entries < until) {
            looks.tick().await;
        }
        assert!(!played.is_finished(), "it is killed while people come");
        stage.town().process(0).kill();
        stage.town().process(0).start_again().await;
    }
    check(&played.await.expect("it does not panic"));
}
