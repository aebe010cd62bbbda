//! Log lines that are pushed: each has the ids of its request, also where no span of it is recorded.

use super::context::current_ids;
use opentelemetry::{
    InstrumentationScope,
    logs::LogRecord as _,
    trace::{SpanId, TraceId},
};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    logs::{LogProcessor, SdkLogRecord},
};
use std::time::Duration;

const REQUEST_ID: &str = "request_id";

/// Adds the ids to a line before it waits to be pushed.
#[derive(Debug)]
pub(super) struct RequestIdsProcessor;

impl LogProcessor for RequestIdsProcessor {
    fn emit(&self, line: &mut SdkLogRecord, _: &InstrumentationScope) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_small_as_is_reckoned_with() {
        // docs/PERFORMANCE.md: 1.6 KiB, of which the path may need 512 bytes and the request's id 128.
        assert!(size_of::<SdkLogRecord>() + size_of::<InstrumentationScope>() < 800);
    }
}
