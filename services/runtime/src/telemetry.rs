//! Logs: lines for people on a terminal, JSON otherwise; always on standard error.

use std::io::IsTerminal;

use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

/// How log lines look.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// A log filter cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{written}` is no log filter: write a level (error, warn, info, debug, trace) or target=level, …")]
pub struct FilterError {
    written: String,
}

/// Starts logging; a second call in one process changes nothing.
///
/// # Errors
/// [`FilterError`] when the filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), FilterError> {
    let targets: Targets = filter.parse().map_err(|_| FilterError { written: filter.into() })?;
    let is_human = match format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = if is_human {
        lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).boxed()
    } else {
        lines.json().flatten_event(true).boxed()
    };
    // the program's logs are its own; a library that embeds this may have started its own before
    let _ = registry().with(lines.with_filter(targets)).try_init();
    Ok(())
}
