//! The event log.

use futures_util::StreamExt;
use matchday_kernel::{Random, uuid_v7};
use matchday_store::{
    Event, Locks, NewEvent, Position, Source, SourceError,
    testing::{PATIENCE, Refused, append, call, databases},
};
use prost_types::Timestamp;
use tokio::time::timeout;

use crate::schema::migrations;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_says_what_who_when_and_why() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        let payload = prost_types::Duration { seconds: 5, nanos: 0 };
        store
            .write(call(Some("r-1"), 0), Locks::none(), move |tx| {
                tx.emit(NewEvent::new("zones/a", Some(&"tournaments/t"), &payload));
                Box::pin(async { Ok::<i64, Refused>(1) })
            })
            .await
            .unwrap();
        let expected = Event {
            sequence: 1,
            log_id: store.log().id().to_string(),
            r#type: "google.protobuf.Duration".to_owned(),
            resource: "zones/a".to_owned(),
            tournament: "tournaments/t".to_owned(),
            actor: "staff/anna".to_owned(),
            change: "change-1".to_owned(),
            request_id: "r-1".to_owned(),
            time: Some(Timestamp { seconds: 1_697_889_600, nanos: 0 }),
            payload: Some(prost_types::Any {
                type_url: "type.googleapis.com/google.protobuf.Duration".to_owned(),
                value: vec![8, 5],
            }),
        };
        let events = store.log().after(0, 10).await.unwrap();
        assert_eq!(events, [expected], "{}", database.name());
        assert_eq!(events[0].payload.as_ref().unwrap().to_msg::<prost_types::Duration>().unwrap(), payload);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_gives_the_history_and_then_what_comes() {
    for database in databases().await {
        let name = database.name();
        let store = database.open("spec", migrations()).await.unwrap();
        let write = |count| store.write(call(None, 0), Locks::none(), move |tx| append(tx, "a", count));
        // more than one page
        write(300).await.unwrap();
        let after = Position { log_id: Some(store.log().id()), sequence: 20 };
        let mut tail = store.log().tail(after).await.unwrap();
        for sequence in 21..=300 {
            assert_eq!(tail.next().await.unwrap().unwrap().sequence, sequence, "{name}");
        }
        let (next, written) = tokio::join!(timeout(PATIENCE, tail.next()), write(2));
        written.unwrap();
        assert_eq!(next.unwrap().unwrap().unwrap().sequence, 301, "{name}");
        assert_eq!(tail.next().await.unwrap().unwrap().sequence, 302, "{name}");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_of_another_log_is_foreign() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        let log = store.log();
        let config = database.config("spec", migrations());
        let other = uuid_v7(&config.clock, &Random::seeded(u64::MAX));
        for after in
            [Position { log_id: Some(other), sequence: 0 }, Position { log_id: Some(log.id()), sequence: 1 }]
        {
            let error = log.tail(after).await.err();
            assert!(matches!(error, Some(SourceError::Foreign(_))), "{}: {error:?}", database.name());
        }
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watch_starts_at_the_head() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        store.write(call(None, 0), Locks::none(), |tx| append(tx, "a", 2)).await.unwrap();
        store.close().await;
        let again = database.open("spec", migrations()).await.unwrap();
        assert_eq!(*again.log().subscribe().borrow(), 2, "{}", database.name());
        again.close().await;
    }
}
