//! Request bodies: bounded JSON, with a problem document for every way to get it wrong.

use super::{
    problem::{Code, Problem},
    weight::Weight,
    words,
};
use axum::{
    BoxError,
    body::{Body, HttpBody as _},
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    cell::Cell,
    io::{self, Write},
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest accepted body in bytes, unless the route says otherwise.
pub const BODY_MAX: usize = 64 * 1024;

/// How many larger bodies one process has at once, arriving or whole. Others wait before their first byte is read.
pub const LARGE_BODIES_MAX: usize = 4;

static BODIES: Semaphore = Semaphore::const_new(LARGE_BODIES_MAX);
/// What is made of a larger body takes ten times its memory, so a process works on one such request at a time.
static WORK: Semaphore = Semaphore::const_new(1);

/// The most memory that a body may take as a tree, in bytes. It is only made to say what is wrong with the body.
const TREE_MAX: usize = 16 * 1024 * 1024;

tokio::task_local! {
    static ARRIVING: Cell<bool>;
}

/// A parsed JSON body of at most [`BODY_MAX`] bytes.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        check_headers(request.headers())?;
        parse(&read(request.into_body(), BODY_MAX).await?).map(Self)
    }
}

/// A parsed JSON body of at most `MAX` bytes, which are more than others may have. Its place is given back when the
/// request is done: what is made of the body takes more memory than the body.
#[derive(Debug)]
pub struct LargeJson<T, const MAX: usize>(pub T, pub LargePlace);

/// The only place for a request with a larger body. One that is not larger needs none.
#[derive(Debug)]
pub struct LargePlace(#[expect(dead_code, reason = "it is held, not read")] Option<SemaphorePermit<'static>>);

impl<S: Send + Sync, T: DeserializeOwned, const MAX: usize> FromRequest<S> for LargeJson<T, MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        check_headers(request.headers())?;
        let body = request.into_body();
        let is_small = body.size_hint().upper().is_some_and(|most| most <= BODY_MAX as u64);
        if is_small {
            return Ok(Self(parse(&read(body, MAX).await?)?, LargePlace(None)));
        }
        // The semaphores are never closed. A body that arrives slowly keeps no other request from its work.
        let _room = BODIES.acquire().await.ok();
        let bytes = read(body, MAX).await?;
        let place = WORK.acquire().await.ok();
        Ok(Self(parse(&bytes)?, LargePlace(place)))
    }
}

fn check_headers(headers: &HeaderMap) -> Result<(), Problem> {
    if !is_json(headers) {
        return Err(Code::UnsupportedMediaType.into());
    }
    if !is_plain(headers) {
        return Err(Problem::new(Code::UnsupportedMediaType)
            .detail("The body must not be compressed")
            .header("accept-encoding", HeaderValue::from_static("identity")));
    }
    Ok(())
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

async fn read(body: Body, max: usize) -> Result<Vec<u8>, Problem> {
    let _ = ARRIVING.try_with(|arriving| arriving.set(true));
    let collected = collect(Limited::new(body, max)).await;
    let _ = ARRIVING.try_with(|arriving| arriving.set(false));
    collected.map_err(|error| {
        if error.is::<LengthLimitError>() {
            too_large(max)
        } else {
            Problem::new(Code::MalformedBody).detail("The body ended too early")
        }
    })
}

/// The bytes as they come, in one piece: nothing is kept twice.
async fn collect(mut body: Limited<Body>) -> Result<Vec<u8>, BoxError> {
    let (mut bytes, announced) = (Vec::new(), body.size_hint().lower());
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            // Only now, so that an announcement alone takes no memory. `Limited` bounds what may be announced.
            if bytes.is_empty() {
                bytes.reserve_exact(usize::try_from(announced).unwrap_or_default());
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::BodyTooLarge).detail(format!("The body is over {} KiB", max / 1024))
}

/// Text that is not JSON is malformed. JSON of another shape is invalid, and the field is named.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // Only parsing it as arbitrary JSON tells malformed text from JSON of another shape.
        let Ok(Weight(weight)) = serde_json::from_slice(bytes) else { return Code::MalformedBody.into() };
        let body = Some(bytes).filter(|_| weight <= TREE_MAX);
        words::of_json::<T>(body.and_then(|body| serde_json::from_slice(body).ok()), &error)
    })?;
    deserializer.end().map_err(|_| Problem::new(Code::MalformedBody))?;
    Ok(value)
}

/// Whether a value takes at most so many bytes as JSON.
#[must_use]
pub fn fits(value: &impl Serialize, bytes_max: usize) -> bool {
    serde_json::to_writer(BodyRoom(bytes_max), value).is_ok()
}

/// So many bytes may still be written. They go nowhere.
struct BodyRoom(usize);

impl Write for BodyRoom {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
    fn a_value_fits_if_its_text_is_no_longer() {
        assert!(fits(&["a", "b"], 9) && !fits(&["a", "b"], 8));
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
