//! How far an import has come, on standard error, where somebody looks at it.

use std::{path::Path, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// Bytes of a file read so far; nothing is drawn where standard error is no terminal.
pub(crate) struct Reading {
    bar: ProgressBar,
}

impl Reading {
    /// Begins with a file. One that cannot be read is told of by its reader.
    pub(crate) fn of(path: &Path) -> Self {
        let length = path.metadata().map_or(0, |metadata| metadata.len());
        let bar = ProgressBar::new(length);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {percent}%") {
            bar.set_style(style);
        }
        bar.set_message(format!("reading {}", path.display()));
        Self { bar }
    }

    /// So many bytes are read.
    pub(crate) fn passed(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Waits for what was sent; `what` says what it is: `400 volunteers`.
pub(crate) async fn sending<T>(what: &str, sent: impl Future<Output = T>) -> T {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(format!("sending {what}"));
    // a bar that is not drawn needs no thread to move it
    if !bar.is_hidden() {
        bar.enable_steady_tick(Duration::from_millis(100));
    }
    let answer = sent.await;
    bar.finish_and_clear();
    answer
}
