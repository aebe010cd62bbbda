//! Each call of the SDK, measured with all its tries; and each try that was throttled or made again.

use crate::telemetry::{
    calls::{Outcome, StoreCall},
    metrics::{RETRIES, THROTTLES, attribute, is_collected, key},
    spans,
};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::{
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use opentelemetry::{Array, Value};
use tracing::Instrument as _;

/// What measurements call this store.
const SYSTEM: &str = "aws.dynamodb";
const TABLE_NAMES: &str = "aws.dynamodb.table_names";

/// Makes a call. `is_answer` tells errors that are answers: a condition that was false.
pub(super) async fn measured<T, E: ProvideErrorMetadata>(
    operation: &'static str,
    tables: impl FnOnce() -> Vec<String>,
    is_answer: impl FnOnce(&E) -> bool,
    call: impl Future<Output = Result<T, SdkError<E>>>,
) -> Result<T, SdkError<E>> {
    let names = || Value::Array(Array::String(tables().into_iter().map(Into::into).collect()));
    let begun = StoreCall::begin(SYSTEM, operation, || vec![attribute(TABLE_NAMES, names())]);
    let answer = call.instrument(begun.span()).await;
    let outcome = answer.as_ref().err().map(|error| outcome(error, is_answer));
    begun.end(outcome.unwrap_or_default());
    answer
}

fn outcome<E: ProvideErrorMetadata>(error: &SdkError<E>, is_answer: impl FnOnce(&E) -> bool) -> Outcome<'_> {
    let code = error.code();
    let failure = match error {
        SdkError::ServiceError(service) if is_answer(service.err()) => None,
        SdkError::ServiceError(_) => Some(code.unwrap_or("other")),
        SdkError::TimeoutError(_) => Some("timeout"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Some("timeout"),
        SdkError::DispatchFailure(_) => Some("connection"),
        _ => Some("other"),
    };
    Outcome { code, failure }
}

/// A call is made again, and this is why.
pub(super) fn retried(operation: &str, why: &str) {
    let attributes =
        || vec![attribute(key::OPERATION, operation.to_owned()), attribute(key::ERROR, why.to_owned())];
    if is_collected() {
        RETRIES.add(1, &attributes());
    }
    spans::event("retry", attributes);
}

/// One try of a call, as the SDK sends it.
pub(super) struct Try {
    operation: String,
    is_last: bool,
}

impl Try {
    /// Nothing where nothing is measured.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        if !is_collected() && !spans::is_recorded() {
            return None;
        }
        let header = |name| request.headers().get(name);
        // `DynamoDB_20120810.GetItem`, and `attempt=1; max=3`.
        let operation = header("x-amz-target")?.rsplit('.').next()?.to_owned();
        let count = |name: &str| -> Option<u32> {
            let mut parts = header("amz-sdk-request")?.split(';');
            parts.find_map(|part| part.trim().strip_prefix(name)?.parse().ok())
        };
        let is_last = count("attempt=").zip(count("max=")).is_none_or(|(attempt, most)| attempt >= most);
        Some(Self { operation, is_last })
    }

    /// The try is over. The SDK makes another one after throttling, a failure of the store, or a broken connection.
    pub(super) fn ended(self, outcome: &Result<HttpResponse, ConnectorError>) {
        let why = match outcome {
            Ok(response) => match throttled(response) {
                Some(code) => {
                    let operation = attribute(key::OPERATION, self.operation.clone());
                    THROTTLES.add(1, &[operation]);
                    Some(code)
                }
                None => response.status().is_server_error().then_some("server_error"),
            },
            Err(error) if error.is_timeout() => Some("timeout"),
            Err(_) => Some("connection"),
        };
        if let Some(why) = why.filter(|_| !self.is_last) {
            retried(&self.operation, why);
        }
    }
}

/// What DynamoDB asks to slow down with, if it does. The code is in the body.
fn throttled(response: &HttpResponse) -> Option<&'static str> {
    const CODES: [&str; 4] = [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
    ];
    if response.status().is_success() {
        return None;
    }
    let body = std::str::from_utf8(response.body().bytes()?).ok()?;
    CODES.into_iter().find(|code| body.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    fn answered(status: u16, body: &'static str) -> HttpResponse {
        HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body))
    }

    #[test]
    fn throttling_is_told_from_other_refusals() {
        let throttle = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}"#;
        assert_eq!(throttled(&answered(400, throttle)), Some("ThrottlingException"));
        let part = r#"{"CancellationReasons":[{"Code":"ThrottlingError"}]}"#;
        assert_eq!(throttled(&answered(400, part)), Some("ThrottlingError"));
        assert_eq!(throttled(&answered(400, r#"{"__type":"ConditionalCheckFailedException"}"#)), None);
        assert_eq!(throttled(&answered(200, throttle)), None);
    }
}
