//! One store: what a write promises.

use std::{sync::Arc, task::Poll};

use futures_util::{FutureExt, future::join_all, poll};
use matchday_kernel::{ErrorKind, Fault, SignedDuration};
use matchday_store::{
    Call, Conn, Locks, NewEvent, Store, StoreError, on_db,
    testing::{Refused, append, call, databases, now, take_place, wait_for},
};
use tokio::sync::Notify;

use crate::schema::{mark, marks, migrations};

type Written = Result<i64, Refused>;

/// Holds up the writer until `go`, so that the writes queued meanwhile share one batch.
async fn held(store: &Store) -> (Arc<Notify>, tokio::task::JoinHandle<Written>) {
    let (running, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (is_running, may_go) = (running.clone(), go.clone());
    let store = store.clone();
    let holder = tokio::spawn(async move {
        store
            .write(call(None, 0), Locks::none(), |_| {
                Box::pin(async move {
                    is_running.notify_one();
                    may_go.notified().await;
                    Ok(0_i64)
                })
            })
            .await
    });
    running.notified().await;
    (go, holder)
}

fn marking(
    name: &'static str,
) -> impl for<'t> FnOnce(&'t mut matchday_store::Tx) -> matchday_store::BoxFuture<'t, Written> {
    move |tx| {
        Box::pin(async move {
            mark(tx, name, None).await?;
            append(tx, name, 1).await
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_hangs_up_does_not_cut_its_write() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        let mut head = store.log().subscribe();
        {
            let mut write = Box::pin(store.write(call(None, 0), Locks::none(), marking("a")));
            assert!(matches!(poll!(&mut write), Poll::Pending));
        }
        wait_for(&mut head, |head| *head == 1).await;
        assert_eq!(marks(&mut store.read().await.unwrap()).await, ["a"], "{}", database.name());
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_keeps_what_succeeds_and_nothing_else() {
    for database in databases().await {
        let name = database.name();
        let store = database.open("spec", migrations()).await.unwrap();
        let (go, holder) = held(&store).await;
        let write = |work| store.write(call(None, 0), Locks::none(), work);
        let good = write(marking("good"));
        let panics = store.write(call(None, 0), Locks::none(), |tx| {
            Box::pin(async move {
                mark(tx, "panics", None).await?;
                append(tx, "panics", 1).await?;
                panic!("a defect")
            })
        });
        let panics_early =
            store.write::<i64, Refused, _>(call(None, 0), Locks::none(), |_| panic!("an early defect"));
        let refused = store.write(call(None, 0), Locks::none(), |tx| {
            Box::pin(async move {
                mark(tx, "refused", None).await?;
                append(tx, "refused", 1).await?;
                Err::<i64, _>(Refused::Rule)
            })
        });
        let fails = store.write(call(None, 0), Locks::none(), |tx| {
            Box::pin(async move {
                mark(tx, "good", None).await?;
                Ok(0_i64)
            })
        });
        let zero = store.write(call(None, 0), Locks::none(), |tx| append(tx, "a\0b", 1));
        let last = write(marking("last"));
        let mut all =
            Box::pin(async { tokio::join!(good, panics, panics_early, refused, fails, zero, last) });
        assert!(matches!(poll!(&mut all), Poll::Pending));
        go.notify_one();
        let (good, panics, panics_early, refused, fails, zero, last): (
            Written,
            Written,
            Written,
            Written,
            Written,
            Written,
            Written,
        ) = all.await;
        holder.await.unwrap().unwrap();

        assert_eq!((good.unwrap(), last.unwrap()), (1, 1), "{name}");
        for outcome in [panics, panics_early, fails, zero] {
            let Err(Refused::Store(error)) = outcome else { panic!("{name}: {outcome:?}") };
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Internal, "internal error"));
        }
        assert!(matches!(refused, Err(Refused::Rule)), "{name}: {refused:?}");
        assert_eq!(marks(&mut store.read().await.unwrap()).await, ["good", "last"], "{name}");
        let events = store.log().after(0, 10).await.unwrap();
        let events: Vec<_> = events.iter().map(|event| (event.sequence, event.resource.as_str())).collect();
        assert_eq!(events, [(1, "good"), (2, "last")], "{name}");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_goes_on_after_a_failed_statement_is_not_kept() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let store = database.open("spec", migrations()).await.unwrap();
        let outcome: Written = store
            .write(call(Some("r"), 0), Locks::none(), |tx| {
                Box::pin(async move {
                    mark(tx, "a", None).await?;
                    let _ = mark(tx, "a", None).await;
                    Ok(1)
                })
            })
            .await;
        assert!(matches!(outcome, Err(Refused::Store(StoreError::Internal(_)))), "{outcome:?}");
        assert!(marks(&mut store.read().await.unwrap()).await.is_empty());
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_fails_fails_the_batch_and_not_the_writer() {
    for database in databases().await {
        let name = database.name();
        let store = database.open("spec", migrations()).await.unwrap();
        let (go, holder) = held(&store).await;
        let good = store.write(call(Some("good"), 0), Locks::none(), marking("good"));
        // the owner is looked for at the commit
        let bad = store.write(call(None, 0), Locks::none(), |tx| {
            Box::pin(async move {
                mark(tx, "bad", Some("nobody")).await?;
                Ok::<i64, Refused>(0)
            })
        });
        // it rests on a write that is not committed
        let refused = store.write(call(None, 0), Locks::none(), |tx| {
            Box::pin(async move {
                let marks = marks(tx).await;
                if marks.is_empty() { Ok(0_i64) } else { Err(Refused::Rule) }
            })
        });
        let mut all = Box::pin(async { tokio::join!(good, bad, refused) });
        assert!(matches!(poll!(&mut all), Poll::Pending));
        go.notify_one();
        let (good, bad, refused): (Written, Written, Written) = all.await;
        holder.await.unwrap().unwrap();
        for outcome in [good, bad, refused] {
            let Err(Refused::Store(error)) = outcome else { panic!("{name}: {outcome:?}") };
            assert_eq!((error.kind(), error.reason()), (ErrorKind::Unavailable, "OUTCOME_UNKNOWN"), "{name}");
        }
        let again = store.write(call(Some("good"), 0), Locks::none(), marking("good")).await;
        assert_eq!(again.unwrap(), 1, "{name}: a repeat tells");
        assert_eq!(marks(&mut store.read().await.unwrap()).await, ["good"], "{name}");
        assert_eq!(store.log().head().await.unwrap(), 1, "{name}");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_in_one_batch_runs_once() {
    for database in databases().await {
        let name = database.name();
        let store = database.open("spec", migrations()).await.unwrap();
        let (go, holder) = held(&store).await;
        let take = |body| {
            store.write(call(Some("one"), body), Locks::none(), |tx| take_place(tx, "zones/a".to_owned()))
        };
        let refuse = store.write::<String, _, _>(call(Some("one"), 1), Locks::none(), |_| {
            Box::pin(async { Err(Refused::Rule) })
        });
        let mut all = Box::pin(async { tokio::join!(refuse, take(1), take(1), take(2)) });
        assert!(matches!(poll!(&mut all), Poll::Pending));
        go.notify_one();
        let (refused, first, second, other) = all.await;
        holder.await.unwrap().unwrap();
        assert!(matches!(refused, Err(Refused::Rule)), "{name}: {refused:?}");
        assert_eq!((first.unwrap(), second.unwrap()), ("zones/a".to_owned(), "zones/a".to_owned()), "{name}");
        let Err(Refused::Store(error)) = other else { panic!("{name}: {other:?}") };
        assert_eq!(
            (error.kind(), error.reason()),
            (ErrorKind::InvalidArgument, "REQUEST_ID_REUSED"),
            "{name}"
        );
        assert_eq!(store.log().head().await.unwrap(), 1, "{name}");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_cannot_be_stored_is_refused() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        for request_id in ["a\0b", &"x".repeat(129)] {
            let outcome = store.write(call(Some(request_id), 0), Locks::none(), marking("a")).await;
            let Err(Refused::Store(error)) = outcome else { panic!("{outcome:?}") };
            assert_eq!((error.kind(), error.reason()), (ErrorKind::InvalidArgument, "INVALID_FIELD"));
            assert_eq!(error.violations()[0].subject, "request_id");
        }
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_are_kept_seven_days() {
    for database in databases().await {
        let name = database.name();
        let store = database.open("spec", migrations()).await.unwrap();
        let later = |hours| Call {
            now: now().checked_add(SignedDuration::from_hours(hours)).unwrap(),
            ..call(Some("r"), 0)
        };
        let write = |call| store.write(call, Locks::none(), |tx| append(tx, "a", 1));
        let other = |hours| Call { request_id: None, ..later(hours) };
        write(later(0)).await.unwrap();
        write(other(7 * 24)).await.unwrap();
        write(later(7 * 24)).await.unwrap();
        assert_eq!(store.log().head().await.unwrap(), 2, "{name}: the reply is still there");
        write(other(7 * 24 + 1)).await.unwrap();
        assert_eq!(replies(&mut store.read().await.unwrap()).await, 0, "{name}: the reply was removed");
        write(later(7 * 24 + 1)).await.unwrap();
        assert_eq!(store.log().head().await.unwrap(), 4, "{name}: it is evaluated again");
        store.close().await;
    }
}

async fn replies(conn: &mut Conn) -> i64 {
    on_db!(conn, |c| sqlx::query_scalar("SELECT count(*) FROM replies").fetch_one(c).await)
        .expect("the table of replies")
}

#[tokio::test(flavor = "multi_thread")]
async fn large_batches_are_written() {
    for database in databases().await {
        let name = database.name();
        let store = database.open("spec", migrations()).await.unwrap();
        let (go, holder) = held(&store).await;
        let writes = (0..700).map(|number| {
            let request_id = format!("r{number}");
            let locks = Locks::of([format!("zones/{number}"), "zones/all".to_owned()]);
            store.write(call(Some(&request_id), 0), locks, |tx| append(tx, "zones/a", 3))
        });
        let mut all = Box::pin(join_all(writes));
        assert!(matches!(poll!(&mut all), Poll::Pending));
        go.notify_one();
        let outcomes: Vec<Written> = all.await;
        holder.await.unwrap().unwrap();
        assert!(outcomes.iter().all(Result::is_ok), "{name}");
        assert_eq!(replies(&mut store.read().await.unwrap()).await, 700, "{name}");
        let events = store.log().after(0, 3000).await.unwrap();
        assert!(events.iter().map(|event| event.sequence).eq(1..=2100), "{name}");
        assert!(events.iter().map(nanos).eq((0..2100).map(|n| n % 3)), "{name}: in order");
        store.close().await;
    }
}

fn nanos(event: &matchday_store::Event) -> i32 {
    event
        .payload
        .as_ref()
        .expect("an event has a payload")
        .to_msg::<prost_types::Duration>()
        .expect("the payload is a duration")
        .nanos
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_too_large_to_send_is_refused() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        let outcome: Written = store
            .write(call(None, 0), Locks::none(), |tx| {
                tx.emit(NewEvent::new("a", None, &"x".repeat(1 << 20)));
                Box::pin(async { Ok(1) })
            })
            .await;
        assert!(matches!(outcome, Err(Refused::Store(StoreError::Internal(_)))), "{outcome:?}");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_finishes_what_is_queued() {
    for database in databases().await {
        let store = database.open("spec", migrations()).await.unwrap();
        let (go, holder) = held(&store).await;
        let mut queued = Box::pin(store.write(call(None, 0), Locks::none(), marking("queued")));
        assert!(matches!(poll!(&mut queued), Poll::Pending));
        let mut close = Box::pin(store.close());
        assert!(close.as_mut().now_or_never().is_none(), "a write is still running");
        go.notify_one();
        close.await;
        holder.await.unwrap().unwrap();
        assert_eq!(queued.await.unwrap(), 1, "{}", database.name());
    }
}
