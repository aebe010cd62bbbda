//! Request bodies: JSON, bounded, and every way to get it wrong answered with a problem.

use super::problem::{Code, Problem};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

/// The largest body that is read.
pub const BODY_MAX: usize = 64 * 1024;

/// A parsed JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::UnsupportedMediaType.into());
        }
        parse(&read(request.into_body()).await?).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    match Limited::new(body, BODY_MAX).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Code::BodyTooLarge.into()),
        Err(_) => Err(Problem::new(Code::MalformedBody).detail("The body ended too early")),
    }
}

/// Text that is not JSON is malformed; JSON of another shape is not valid, and the field is named.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() {
            wrong_shape(&path, &inner.to_string())
        } else {
            Code::MalformedBody.into()
        }
    })?;
    deserializer.end().map_err(|_| Problem::new(Code::MalformedBody))?;
    Ok(value)
}

/// A field that is missing is named itself, not what it is missing from.
fn wrong_shape(path: &str, message: &str) -> Problem {
    let words = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    let missing = words.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match missing {
        Some(field) if path == "." => Problem::field(field, "is missing"),
        Some(field) => Problem::field(format!("{path}.{field}"), "is missing"),
        None => Problem::field(path, words),
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
    fn malformed_and_not_valid_are_told_apart() {
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
    fn json_is_told_by_its_essence() {
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
