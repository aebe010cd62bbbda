//! Log lines that are pushed: each has the name of its event, and the ids of its request, also where no span of it is recorded.

use super::context::current_ids;
use opentelemetry::{
    InstrumentationScope,
    logs::{AnyValue, LogRecord as _},
    trace::{SpanId, TraceId},
};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    logs::{LogProcessor, SdkLogRecord},
};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

const REQUEST_ID: &str = "request_id";
/// The field with the event's name.
const EVENT: &str = "event";
/// More than there are events.
const NAMES_MAX: usize = 256;
/// The names of events, kept for good: the SDK takes no others.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Adds them to a line before it waits to be pushed.
#[derive(Debug)]
pub(super) struct LineProcessor;

impl LogProcessor for LineProcessor {
    fn emit(&self, line: &mut SdkLogRecord, _: &InstrumentationScope) {
        // Else its name is where the code says it. A library's line has none.
        line.set_event_name(event_of(line).and_then(|name| kept(&name)).unwrap_or_default());
        current_ids(|trace, request_id| {
            line.add_attribute(REQUEST_ID, request_id.to_owned());
            // A line in a recorded span has that span, too.
            if line.trace_context().is_none() && trace != TraceId::INVALID {
                line.set_trace_context(trace, SpanId::INVALID, None);
            }
        });
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

fn event_of(line: &SdkLogRecord) -> Option<String> {
    line.attributes_iter().find_map(|(key, value)| match value {
        AnyValue::String(name) if key.as_str() == EVENT => Some(name.as_str().to_owned()),
        _ => None,
    })
}

fn kept(name: &str) -> Option<&'static str> {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = names.get(name) {
        return Some(kept);
    }
    if names.len() >= NAMES_MAX {
        return None;
    }
    let kept = String::leak(name.to_owned());
    names.insert(kept);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_small_as_is_reckoned_with() {
        // docs/PERFORMANCE.md: 1.6 KiB, of which the path may need 512 bytes and the request's id 64.
        assert!(size_of::<SdkLogRecord>() + size_of::<InstrumentationScope>() < 800);
    }
}
