//! What a process tells of itself: logs, traces and metrics. Logs always go to standard output; the rest goes where OpenTelemetry's
//! variables say, and without them nothing of it is made: no thread, no provider, no layer.

pub mod calls;
mod collector;
pub mod context;
mod export;
mod filter;
mod instrument;
pub mod levels;
pub mod log;
pub mod metrics;
mod panics;
mod process;
mod pushed;
mod scrape;
mod seldom;
pub mod spans;
pub mod start;

pub use filter::{LogFilter, toggle_debug};
pub use log::{init_on_stderr, lines};
pub use panics::log_panics;
pub use seldom::Seldom;

use crate::config::{Config, ConfigError};
use export::Providers;
use log::LogLines;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// How long a flush is left out after one that failed, where the next request waits for a flush.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// What the process tells, once it has begun to.
#[derive(Clone, Default)]
pub struct Telemetry {
    providers: Providers,
    scraped_at: Option<SocketAddr>,
    paused_until: Arc<Mutex<Option<Instant>>>,
}

/// Begins to tell, under the name of the program. To be called once, in a runtime, before anything else.
///
/// # Errors
/// A setting is malformed.
pub fn start(name: &str, lines: LogLines, config: &Config) -> Result<Telemetry, ConfigError> {
    let filter: LogFilter = config.log.parse()?;
    let (providers, scraped_at) = Providers::build(name, &config.telemetry)?;
    let mut layers = vec![log::layer(lines, filter.clone())];
    layers.extend(providers.tracer().map(|tracer| {
        spans::record();
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_tracked_inactivity(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            // The pushed log lines find their trace in it.
            .with_context_activation(config.telemetry.logs)
            .with_filter(Targets::new().with_target(spans::TARGET, tracing::Level::INFO))
            .boxed()
    }));
    layers.extend(
        providers.logger().map(|logs| OpenTelemetryTracingBridge::new(logs).with_filter(filter).boxed()),
    );
    // A second beginning (several functions in one process) keeps the first.
    let _ = tracing_subscriber::registry().with(layers).try_init();
    log_panics();
    Ok(Telemetry { providers, scraped_at, paused_until: Arc::default() })
}

/// A time as the log shows it: milliseconds, to a hundredth.
pub(crate) fn ms(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e5).round() / 100.0
}

impl Telemetry {
    /// Where `/metrics` is served, if it is.
    #[must_use]
    pub fn scraped_at(&self) -> Option<SocketAddr> {
        self.scraped_at
    }

    /// Whether nothing is ever pushed.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.providers.push_nothing()
    }

    /// Pushes what is pending, and waits no longer than this, nor for a collector that is silent.
    pub async fn flush(&self, within: Duration) {
        let is_taken = tokio::select! {
            is_taken = self.providers.flush(within) => is_taken,
            () = collector::fell_silent() => false,
        };
        if !is_taken {
            tracing::warn!(event = "telemetry.left_behind", "telemetry was left behind");
        }
    }

    /// The same where the next request waits for it. After a failure it is left out for a while, so that a collector that is
    /// slow delays a request now and then, and not each.
    pub async fn flush_between(&self, within: Duration) {
        let now = Instant::now();
        if self.paused_until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| now < until) {
            return;
        }
        if !self.providers.flush(within).await {
            let until = Instant::now() + PAUSE_AFTER_FAILURE;
            *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        }
    }
}
