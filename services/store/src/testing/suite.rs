//! The conformance suite: what holds for every service's store, on both databases.

use futures_util::future::join_all;

use crate::{
    Locks, Migrations, Store, StoreError,
    testing::{Refused, append, call, databases, schema, take_place},
};

/// Writers that want the same place.
const WRITERS: usize = 64;

/// Runs the suite with a service's migrations.
///
/// # Panics
/// When the store does not conform.
pub async fn conformance(service: &'static str, migrations: Migrations) {
    let mut twins = Vec::new();
    for database in databases().await {
        let name = database.name();
        let first = database.open(service, migrations.clone()).await.expect(name);
        let id = first.log().id();
        first.close().await;
        let store = database.open(service, migrations.clone()).await.expect(name);
        assert_eq!(store.log().id(), id, "{name}: a store opened again has the same log");

        one_winner(&store, name).await;
        refusals_leave_nothing(&store, name).await;
        repeats_are_answered_once(&store, name).await;
        log_is_gap_free(&store, name).await;
        twins.push((name, schema::columns(&store).await.expect(name)));
        store.close().await;
        let closed: Result<i64, Refused> =
            store.write(call(None, 0), Locks::none(), |tx| append(tx, "zones/closed", 1)).await;
        assert!(matches!(closed, Err(Refused::Store(StoreError::Closed))), "{name}: {closed:?}");
    }
    for pair in twins.windows(2) {
        assert_eq!(pair[0].1, pair[1].1, "tables and columns of {} and {}", pair[0].0, pair[1].0);
    }
}

async fn one_winner(store: &Store, name: &str) {
    let take =
        || store.write(call(None, 0), Locks::of(["zones/a"]), |tx| take_place(tx, "zones/a".to_owned()));
    let outcomes = join_all((0..WRITERS).map(|_| take())).await;
    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Refused::Rule))).count();
    assert_eq!((winners, refused), (1, WRITERS - 1), "{name}: one writer wins, the others are refused");
}

async fn refusals_leave_nothing(store: &Store, name: &str) {
    let before = store.log().head().await.expect(name);
    let outcome: Result<String, Refused> = store
        .write(call(Some("refused"), 0), Locks::none(), |tx| {
            Box::pin(async move {
                take_place(tx, "zones/refused".to_owned()).await?;
                Err(Refused::Rule)
            })
        })
        .await;
    assert!(matches!(outcome, Err(Refused::Rule)), "{name}: {outcome:?}");
    assert_eq!(store.log().head().await.expect(name), before, "{name}: a refusal leaves no event");
    let again = store
        .write(call(Some("refused"), 0), Locks::none(), |tx| take_place(tx, "zones/refused".to_owned()))
        .await;
    assert_eq!(again.expect("it is evaluated again"), "zones/refused", "{name}: a refusal leaves no row");
}

async fn repeats_are_answered_once(store: &Store, name: &str) {
    let take = |body| {
        store.write(call(Some("once"), body), Locks::none(), |tx| take_place(tx, "zones/once".to_owned()))
    };
    // together they share a batch, alone they do not
    let together = join_all((0..4).map(|_| take(1))).await;
    for outcome in together.into_iter().chain([take(1).await]) {
        assert_eq!(outcome.expect(name), "zones/once", "{name}: a repeat gets the same reply");
    }
    let other = take(2).await;
    assert!(matches!(other, Err(Refused::Store(StoreError::RequestIdReused { .. }))), "{name}: {other:?}");
}

async fn log_is_gap_free(store: &Store, name: &str) {
    let writes = (0..WRITERS).map(|number| {
        store.write(call(None, 0), Locks::none(), move |tx| {
            Box::pin(async move {
                append(tx, "zones/log", 3).await?;
                if number % 3 == 0 { Err(Refused::Rule) } else { Ok(1_i64) }
            })
        })
    });
    join_all(writes).await;
    let events = store.log().after(0, usize::MAX).await.expect(name);
    let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    let head = store.log().head().await.expect(name);
    assert_eq!(sequences, (1..=head).collect::<Vec<_>>(), "{name}: sequences have no gap");
}
