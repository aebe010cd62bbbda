//! Logs: one JSON object a line on standard output, each with the ids of the request that it belongs to. What is let through can
//! be changed while the process runs.

use super::spans;
use crate::config::ConfigError;
use std::{
    io,
    str::FromStr as _,
    sync::atomic::{AtomicBool, Ordering},
};
use tracing::{Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt,
    layer::{Context, Filter},
    registry::LookupSpan,
};

/// For whom lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLines {
    /// JSON on standard output.
    Json,
    /// For people, on standard error.
    Plain,
}

/// Whether Yemae's own debug lines are let through too.
static IS_VERBOSE: AtomicBool = AtomicBool::new(false);

/// Turns Yemae's own debug lines on, or off again. Returns whether they are on now.
pub fn toggle_debug() -> bool {
    let was = IS_VERBOSE.fetch_xor(true, Ordering::Relaxed);
    tracing::callsite::rebuild_interest_cache();
    !was
}

/// What the log lets through. Spans of traces never: they are not the log's.
#[derive(Debug, Clone)]
pub(super) struct LogFilter {
    usual: Targets,
    verbose: Targets,
}

impl LogFilter {
    /// Parses a filter (`info`, `warn,shared=debug`). `crates` are the program's own.
    ///
    /// # Errors
    /// The filter is malformed.
    pub(super) fn parse(filter: &str, crates: &[&str]) -> Result<Self, ConfigError> {
        let malformed =
            |_| ConfigError::new("YEMAE_LOG", "must be a log filter such as info or warn,shared=debug");
        let usual = Targets::from_str(filter).map_err(malformed)?;
        let usual = usual.with_target(spans::TARGET, LevelFilter::OFF);
        let own = ["domain", "room", "shared"].iter().chain(crates);
        let verbose = usual.clone().with_targets(own.map(|own| (own.replace('-', "_"), LevelFilter::DEBUG)));
        Ok(Self { usual, verbose })
    }

    fn now(&self) -> &Targets {
        if IS_VERBOSE.load(Ordering::Relaxed) { &self.verbose } else { &self.usual }
    }
}

impl<S> Filter<S> for LogFilter {
    fn enabled(&self, metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        Filter::<S>::enabled(self.now(), metadata, context)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        Filter::<S>::callsite_enabled(self.now(), metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Filter::<S>::max_level_hint(self.now())
    }
}

/// Writes what the filter lets through.
pub(super) fn layer<S>(lines: LogLines, filter: LogFilter) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    match lines {
        LogLines::Json => {
            fmt::layer().json().flatten_event(true).with_span_list(false).with_filter(filter).boxed()
        }
        LogLines::Plain => fmt::layer().compact().with_writer(io::stderr).with_filter(filter).boxed(),
    }
}
