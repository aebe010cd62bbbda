//! The start of a process, from its first line to its first answer: what a buyer waits for when a platform starts it for them.
//! Platforms that scale from zero have no metric for it.

use super::metrics::{COLD_STARTS, START, attribute, is_collected, key};
use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

static BEGUN: OnceLock<Instant> = OnceLock::new();
static READY_AFTER: OnceLock<Duration> = OnceLock::new();
static IS_COUNTED: AtomicBool = AtomicBool::new(false);

/// The process begins.
pub fn begun() {
    BEGUN.get_or_init(Instant::now);
}

/// Requests can reach it from now on.
pub fn ready() {
    if let Some(begun) = BEGUN.get() {
        READY_AFTER.get_or_init(|| begun.elapsed());
    }
}

/// A function has answered, and took so long. The first answer ends the start; the time that the process then had waited for a
/// request is not part of it.
pub fn answered(function: &'static str, took: Duration) {
    if !is_collected() || IS_COUNTED.load(Ordering::Relaxed) {
        return;
    }
    let Some(ready_after) = READY_AFTER.get() else { return };
    if IS_COUNTED.swap(true, Ordering::Relaxed) {
        return;
    }
    let function = [attribute(key::FUNCTION, function)];
    COLD_STARTS.add(1, &function);
    START.record(*ready_after + took, &function);
}
