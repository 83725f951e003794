//! The load generator: the same for everything that is compared.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::figure::count;

/// Keeps one call of each client in flight for a while; returns calls per second.
///
/// # Panics
/// When a call panics.
pub(crate) async fn rate<C, F>(clients: &[C], lasts: Duration, call: fn(C) -> F) -> f64
where
    C: Clone + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for client in clients {
        let client = client.clone();
        workers.spawn(async move {
            let mut calls = 0;
            while begun.elapsed() < lasts {
                call(client.clone()).await;
                calls += 1;
            }
            calls
        });
    }
    let calls: usize = workers.join_all().await.into_iter().sum();
    count(calls) / begun.elapsed().as_secs_f64()
}
