//! Request bodies: bounded JSON, with a problem document for every way to get it wrong.

use super::{
    problem::{Code, Problem},
    words,
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use std::cell::Cell;
use tokio::sync::Semaphore;

/// The largest accepted body in bytes, unless the route says otherwise.
pub const BODY_MAX: usize = 64 * 1024;

/// How many larger bodies one process reads and parses at once. They are a few megabytes each; others wait.
static LARGE: Semaphore = Semaphore::const_new(2);

tokio::task_local! {
    static ARRIVING: Cell<bool>;
}

/// A parsed JSON body of at most `MAX` bytes.
#[derive(Debug)]
pub struct Json<T, const MAX: usize = BODY_MAX>(pub T);

impl<S: Send + Sync, T: DeserializeOwned, const MAX: usize> FromRequest<S> for Json<T, MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::UnsupportedMediaType.into());
        }
        if !is_plain(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType)
                .detail("The body must not be compressed")
                .header("accept-encoding", HeaderValue::from_static("identity")));
        }
        // The semaphore is never closed.
        let _place = if MAX > BODY_MAX { LARGE.acquire().await.ok() } else { None };
        parse(&read(request.into_body(), MAX).await?).map(Self)
    }
}

/// Runs a request so that [`is_arriving`] can tell how far it has come.
pub(super) fn watched<T>(request: impl Future<Output = T>) -> impl Future<Output = T> {
    ARRIVING.scope(Cell::new(false), request)
}

/// Whether the running request is waiting for its own body.
pub(super) fn is_arriving() -> bool {
    ARRIVING.try_with(Cell::get).unwrap_or_default()
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// RFC 9110, 8.4: no coding, or the one that changes nothing.
fn is_plain(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

async fn read(body: Body, max: usize) -> Result<Bytes, Problem> {
    let _ = ARRIVING.try_with(|arriving| arriving.set(true));
    let collected = Limited::new(body, max).collect().await;
    let _ = ARRIVING.try_with(|arriving| arriving.set(false));
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(max)),
        Err(_) => Err(Problem::new(Code::MalformedBody).detail("The body ended too early")),
    }
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::BodyTooLarge).detail(format!("The body is over {} KiB", max / 1024))
}

/// Text that is not JSON is malformed. JSON of another shape is invalid, and the field is named.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // Only parsing it as arbitrary JSON tells malformed text from JSON of another shape.
        match serde_json::from_slice(bytes) {
            Ok(body) => words::of_json::<T>(body, &error),
            Err(_) => Code::MalformedBody.into(),
        }
    })?;
    deserializer.end().map_err(|_| Problem::new(Code::MalformedBody))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Wanted {
        #[expect(dead_code, reason = "only its shape is tested")]
        count: u8,
    }

    #[test]
    fn malformed_and_invalid_are_told_apart() {
        for (body, code) in [
            ("", Code::MalformedBody),
            ("{", Code::MalformedBody),
            ("{\"count\":1} x", Code::MalformedBody),
            ("{\"count\":\"1\", ", Code::MalformedBody),
            ("{}", Code::ValidationFailed),
            ("[]", Code::ValidationFailed),
            ("{\"count\":300}", Code::ValidationFailed),
        ] {
            assert_eq!(parse::<Wanted>(body.as_bytes()).expect_err(body).code(), code, "{body}");
        }
    }

    #[test]
    fn json_is_recognised_by_its_essence() {
        for (value, yes) in [
            ("application/json; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/plain", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().expect("a header"));
            assert_eq!(is_json(&headers), yes, "{value}");
        }
    }
}
