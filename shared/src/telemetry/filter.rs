//! What is logged: Yemae's own lines from a level on, and of libraries their warnings.

use crate::config::ConfigError;
use std::{
    str::FromStr,
    sync::atomic::{AtomicBool, Ordering},
};
use tracing::{Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{
    filter::Targets,
    layer::{Context, Filter},
};

/// Whether Yemae's own debug lines are let through too.
static IS_VERBOSE: AtomicBool = AtomicBool::new(false);

/// Turns Yemae's own debug lines on, or off again. Returns whether they are on now.
pub fn toggle_debug() -> bool {
    let was = IS_VERBOSE.fetch_xor(true, Ordering::Relaxed);
    tracing::callsite::rebuild_interest_cache();
    !was
}

fn is_verbose() -> bool {
    IS_VERBOSE.load(Ordering::Relaxed)
}

/// A log's filter (`info`, `warn,shared=debug`). A level without a target is that of Yemae's own lines, which have an
/// `event`. Libraries may say what goes wrong and no more, since below that they write down what they send and receive,
/// tokens and addresses included; one whose target is named may say what it likes.
#[derive(Debug, Clone)]
pub struct LogFilter {
    own: Targets,
    libraries: Targets,
}

impl FromStr for LogFilter {
    type Err = ConfigError;

    fn from_str(filter: &str) -> Result<Self, ConfigError> {
        // A word alone would be a target whose lines are all let through: most likely a level that was mistyped.
        let is_clear = |part: &str| part.contains('=') || LevelFilter::from_str(part.trim()).is_ok();
        let own = Targets::from_str(filter).ok().filter(|_| filter.split(',').all(is_clear));
        let own = own.ok_or_else(|| {
            ConfigError::new("YEMAE_LOG", "must be a log filter such as info or warn,shared=debug")
        })?;
        let default = own.default_level();
        let libraries = default
            .map_or_else(|| own.clone(), |level| own.clone().with_default(level.min(LevelFilter::WARN)));
        Ok(Self { own, libraries })
    }
}

impl LogFilter {
    fn lets_through(&self, metadata: &Metadata<'_>) -> bool {
        // A line shows one span: that with its ids.
        if metadata.is_span() {
            return metadata.fields().field("trace_id").is_some();
        }
        let is_own = metadata.fields().field("event").is_some();
        if is_own && is_verbose() && *metadata.level() <= LevelFilter::DEBUG {
            return true;
        }
        let targets = if is_own { &self.own } else { &self.libraries };
        targets.would_enable(metadata.target(), metadata.level())
    }
}

impl<S: Subscriber> Filter<S> for LogFilter {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.lets_through(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.lets_through(metadata) { Interest::always() } else { Interest::never() }
    }

    /// The span with the ids has the level `info`, and is wanted whatever the lines' level is.
    fn max_level_hint(&self) -> Option<LevelFilter> {
        let of_lines = Filter::<S>::max_level_hint(&self.own)?;
        Some(of_lines.max(if is_verbose() { LevelFilter::DEBUG } else { LevelFilter::INFO }))
    }
}
