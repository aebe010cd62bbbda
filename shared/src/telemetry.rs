//! Logs: one JSON object a line on standard output, each with the ids of the request that it belongs to.

mod instrument;
pub mod levels;
pub mod metrics;

use crate::config::ConfigError;
use std::str::FromStr;
use tracing_subscriber::{
    Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Log from now on what `filter` lets through (`info`, `warn,shared=debug`).
///
/// # Errors
/// The filter is malformed.
pub fn init(filter: &str) -> Result<(), ConfigError> {
    let json = fmt::layer().json().flatten_event(true).with_span_list(false).with_filter(targets(filter)?);
    // A second initialisation (several functions in one process) keeps the first.
    let _ = tracing_subscriber::registry().with(json).try_init();
    Ok(())
}

/// Parse a filter.
///
/// # Errors
/// The filter is malformed.
pub fn targets(filter: &str) -> Result<Targets, ConfigError> {
    Targets::from_str(filter)
        .map_err(|_| ConfigError::new("YEMAE_LOG", "must be a log filter such as info or warn,shared=debug"))
}
