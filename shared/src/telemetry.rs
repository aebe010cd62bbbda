//! Logs: one JSON object a line on standard output, each with the ids of the request that it belongs to.

mod filter;
mod instrument;
pub mod metrics;
mod panics;

pub use filter::LogFilter;
pub use panics::log_panics;

use crate::config::ConfigError;
use std::io;
use tracing::Subscriber;
use tracing_subscriber::{
    Layer,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

/// Log from now on what `filter` lets through (`info`, `warn,shared=debug`).
///
/// # Errors
/// The filter is malformed.
pub fn init(filter: &str) -> Result<(), ConfigError> {
    init_on(filter, io::stdout)
}

/// The same on standard error, for commands whose output is for people or other programs.
///
/// # Errors
/// The filter is malformed.
pub fn init_on_stderr(filter: &str) -> Result<(), ConfigError> {
    init_on(filter, io::stderr)
}

fn init_on<W>(filter: &str, writer: W) -> Result<(), ConfigError>
where
    W: for<'line> MakeWriter<'line> + Send + Sync + 'static,
{
    let json = lines(filter.parse()?, writer);
    // A second initialisation (several functions in one process) keeps the first.
    let _ = tracing_subscriber::registry().with(json).try_init();
    log_panics();
    Ok(())
}

/// The log's lines, for any writer.
pub fn lines<S, W>(filter: LogFilter, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'line> MakeWriter<'line> + Send + Sync + 'static,
{
    let json = fmt::layer().json().flatten_event(true).with_span_list(false);
    json.with_writer(writer).with_filter(filter)
}
