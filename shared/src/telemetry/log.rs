//! The log: one line for each thing worth telling, with the ids of the request that it belongs to.

use super::{filter::LogFilter, panics::log_panics};
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

/// For whom lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLines {
    /// JSON on standard output.
    Json,
    /// For people, on standard error.
    Plain,
}

/// Writes what the filter lets through.
pub(super) fn layer<S>(lines_for: LogLines, filter: LogFilter) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    match lines_for {
        LogLines::Json => lines(filter, io::stdout).boxed(),
        LogLines::Plain => fmt::layer().compact().with_writer(io::stderr).with_filter(filter).boxed(),
    }
}

/// JSON, one object a line, for any writer.
pub fn lines<S, W>(filter: LogFilter, writer: W) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'line> MakeWriter<'line> + Send + Sync + 'static,
{
    let json = fmt::layer().json().flatten_event(true).with_span_list(false);
    json.with_writer(writer).with_filter(filter)
}

/// Logs from now on as JSON on standard error, for commands whose output is for people or other programs.
///
/// # Errors
/// The filter is malformed.
pub fn init_on_stderr(filter: &str) -> Result<(), ConfigError> {
    // A second beginning in one process keeps the first.
    let _ = tracing_subscriber::registry().with(lines(filter.parse()?, io::stderr)).try_init();
    log_panics();
    Ok(())
}
