//! Panics as lines of the log.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    panic::{self, PanicHookInfo},
};

/// Logs panics from now on, instead of printing them to standard error. The line has the ids of the request that panicked.
pub fn log_panics() {
    panic::set_hook(Box::new(log));
}

fn log(panic: &PanicHookInfo<'_>) {
    let error = panic.payload_as_str().unwrap_or("not a text");
    let place = panic.location().map(ToString::to_string);
    // `RUST_BACKTRACE` asks for it.
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
    tracing::error!(event = "process.panicked", error, place, backtrace, "the code panicked");
}
