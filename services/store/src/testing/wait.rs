//! Waiting in tests: for a value, never for a time.

use std::{fmt::Debug, time::Duration};

use tokio::{sync::watch, time::timeout};

/// How long a test waits before it fails; far more than any machine needs.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until a watched value is as wanted, and returns it.
///
/// # Panics
/// When it is not within [`PATIENCE`], with the last value.
pub async fn wait_for<T: Clone + Debug>(watched: &mut watch::Receiver<T>, wanted: impl Fn(&T) -> bool) -> T {
    let outcome =
        timeout(PATIENCE, watched.wait_for(wanted)).await.map(|found| found.map(|value| value.clone()));
    let problem = match outcome {
        Ok(Ok(value)) => return value,
        Ok(Err(closed)) => closed.to_string(),
        Err(late) => late.to_string(),
    };
    panic!("{problem}; the last value is {:?}", *watched.borrow())
}
