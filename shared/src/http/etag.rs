//! Conditional requests: a client that has the newest version gets 304 and no body, and a client that replaces what it read
//! does not overwrite a change made in the meantime.

use super::{
    encoding::{Encoding, accepted},
    problem::{Code, Problem},
};
use axum::{
    body::Bytes,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::io::{self, Write as _};

/// How hard an answer is compressed: higher levels make layouts no smaller.
const LEVEL: u32 = 6;

/// A finished JSON answer with its entity tag: serialised once, sent many times.
#[derive(Debug, Clone)]
pub struct Tagged {
    body: Bytes,
    tag: EntityTag,
    packed: Option<Packed>,
    cache_control: HeaderValue,
}

/// The same answer for clients that understand gzip.
#[derive(Debug, Clone)]
struct Packed {
    body: Bytes,
    tag: EntityTag,
}

impl Tagged {
    /// A body tagged by a hash of its content.
    #[must_use]
    pub fn json(body: impl Into<Bytes>, cache_control: &'static str) -> Self {
        let body = body.into();
        Self {
            tag: EntityTag::of(&digest_of(&body)),
            packed: None,
            cache_control: HeaderValue::from_static(cache_control),
            body,
        }
    }

    /// The same, compressed once for all clients that understand it. For answers that are large and kept: it takes some
    /// 20 ms a megabyte.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn packed_json(body: impl Into<Bytes>, cache_control: &'static str) -> io::Result<Self> {
        let plain = Self::json(body, cache_control);
        let mut packed = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
        packed.write_all(&plain.body)?;
        // Other bytes, another tag.
        let tag = EntityTag::of(&(digest_of(&plain.body) + Encoding::Gzip.suffix()));
        Ok(Self { packed: Some(Packed { body: packed.finish()?.into(), tag }), ..plain })
    }

    /// How many bytes it takes in memory.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len() + self.packed.as_ref().map_or(0, |packed| packed.body.len())
    }

    /// The answer to a request: 304 if its `If-None-Match` names this tag.
    #[must_use]
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let packed = self.packed.as_ref().filter(|_| accepted(request).contains(&Encoding::Gzip));
        let (tag, body) = packed.map_or((&self.tag, &self.body), |packed| (&packed.tag, &packed.body));
        let headers = [
            (header::ETAG, tag.0.clone()),
            (header::CACHE_CONTROL, self.cache_control.clone()),
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        ];
        let mut answer = if tag.is_known_to(request) {
            (StatusCode::NOT_MODIFIED, headers).into_response()
        } else {
            (headers, body.clone()).into_response()
        };
        if self.packed.is_some() {
            answer.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if packed.is_some() && answer.status() == StatusCode::OK {
            answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        answer
    }
}

/// The name of one version of an answer, quoted as the `ETag` header has it.
#[derive(Debug, Clone)]
pub struct EntityTag(HeaderValue);

impl EntityTag {
    /// The tag of a version that needs no escaping.
    #[must_use]
    pub fn of(version: &str) -> Self {
        Self(HeaderValue::try_from(format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\"")))
    }

    /// Whether the request's `If-None-Match` names it. A weak tag counts, too: a proxy that compresses an answer weakens
    /// its tag (RFC 9110, 13.1.2).
    #[must_use]
    pub fn is_known_to(&self, request: &HeaderMap) -> bool {
        tags_in(request, &header::IF_NONE_MATCH).any(|tag| tag == "*" || tag.as_bytes() == self.0.as_bytes())
    }
}

impl From<EntityTag> for HeaderValue {
    fn from(tag: EntityTag) -> Self {
        tag.0
    }
}

/// An answer that carries the version of its content, for the `If-Match` of a later change.
#[derive(Debug, Clone)]
pub struct Versioned<T>(pub String, pub T);

impl<T: IntoResponse> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, EntityTag::of(&self.0).0)], self.1).into_response()
    }
}

/// The versions that a client is willing to replace. A client that names none replaces any.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// Checks that the current version is one that the client has read.
    ///
    /// Weak tags count too: a proxy that compresses an answer weakens its tag, and a version identifies what is stored,
    /// not the bytes that were sent.
    ///
    /// # Errors
    /// `changed_meanwhile`.
    pub fn check(&self, version: &str) -> Result<(), Problem> {
        let Some(versions) = &self.0 else { return Ok(()) };
        let known = |tag: &String| tag == "*" || *tag == format!("\"{version}\"");
        if versions.iter().any(known) { Ok(()) } else { Err(Code::ChangedMeanwhile.into()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // A header that cannot be parsed names no version, so nothing may be replaced.
        let versions = || tags_in(&parts.headers, &header::IF_MATCH).map(ToOwned::to_owned).collect();
        Ok(Self(parts.headers.contains_key(header::IF_MATCH).then(versions)))
    }
}

/// The version of a value that does not count its changes: equal values have the same version.
pub fn version_of(content: &impl Serialize) -> String {
    digest_of(&serde_json::to_vec(content).unwrap_or_default())
}

fn digest_of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes).get(..16).unwrap_or_default())
}

fn tags_in<'a>(request: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lists = request.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(tags)
}

/// The tags of a list, or `*`, without the weak marks. A tag is quoted and may contain commas (RFC 9110, 8.8.3). The list
/// ends at the first thing that is not a tag.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list.trim();
    let mut any = Some("*").filter(|any| rest == *any);
    std::iter::from_fn(move || {
        if let Some(any) = any.take() {
            rest = "";
            return Some(any);
        }
        let tag = rest.trim_start_matches([' ', '\t', ',']);
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        let end = tag.strip_prefix('"')?.find('"')? + 2;
        let (tag, after) = tag.split_at_checked(end)?;
        let after = after.trim_start();
        if !after.is_empty() && !after.starts_with(',') {
            rest = "";
            return None;
        }
        rest = after;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn a_list_of_tags_is_parsed_as_specified() {
        let read = |list: &'static str| tags(list).collect::<Vec<_>>();
        assert_eq!(read("*"), ["*"]);
        assert_eq!(read(r#" "a", W/"b" ,"a,5""#), [r#""a""#, r#""b""#, r#""a,5""#]);
        for none in ["", "5", "\"5", "5\"", "W/5", "W/W/\"5\"", "W/*", "*, \"x\"", "\"5\"x"] {
            assert_eq!(read(none), Vec::<&str>::new(), "{none}");
        }
    }

    #[tokio::test]
    async fn a_client_that_understands_gzip_gets_the_same_answer_packed() {
        let body = "[1,2,3,4,5,6,7,8]".repeat(100);
        let tagged = Tagged::packed_json(body.clone(), "no-cache").expect("in memory");
        let asks = |name: HeaderName, value: &str| {
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("a header"))]);
            tagged.answer(&headers)
        };
        let read = async |answer: Response| {
            axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body")
        };
        let packed = asks(header::ACCEPT_ENCODING, "br, gzip");
        let plain = asks(header::ACCEPT_ENCODING, "gzip;q=0");
        for answer in [&packed, &plain] {
            assert_eq!(answer.headers()[header::VARY], "accept-encoding");
        }
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        assert_ne!(packed.headers()[header::ETAG], plain.headers()[header::ETAG]);

        let tag = packed.headers()[header::ETAG].clone();
        let both =
            [(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip")), (header::IF_NONE_MATCH, tag)];
        let known = tagged.answer(&HeaderMap::from_iter(both));
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        assert!(!known.headers().contains_key(header::CONTENT_ENCODING));

        let packed = read(packed).await;
        assert!(packed.len() < body.len() / 5);
        let unpacked = std::io::read_to_string(flate2::read::GzDecoder::new(&*packed)).expect("gzip");
        assert_eq!((unpacked.as_bytes(), &*read(plain).await), (body.as_bytes(), body.as_bytes()));
    }

    #[tokio::test]
    async fn only_a_version_that_was_named_may_be_replaced() {
        for (if_match, expected) in [
            (None, true),
            (Some("\"7\""), true),
            (Some("\"6\", W/\"7\""), true),
            (Some("*"), true),
            (Some("\"6\""), false),
            (Some("\"77\""), false),
            (Some(""), false),
            (Some("\u{fc}"), false),
        ] {
            let mut request = Request::new(());
            if let Some(if_match) = if_match {
                let value = HeaderValue::from_bytes(if_match.as_bytes()).expect("a header");
                request.headers_mut().insert(header::IF_MATCH, value);
            }
            let (mut parts, ()) = request.into_parts();
            let if_match_header = IfMatch::from_request_parts(&mut parts, &()).await.expect("never refused");
            assert_eq!(if_match_header.check("7").is_ok(), expected, "{if_match:?}");
        }
    }

    #[test]
    fn a_known_tag_is_answered_without_a_body() {
        let tagged = Tagged::json("{}", "no-cache");
        let tag = tagged.tag.0.to_str().expect("ascii").to_owned();
        for (if_none_match, status) in [
            (tag.clone(), StatusCode::NOT_MODIFIED),
            (format!("\"x\", W/{tag}"), StatusCode::NOT_MODIFIED),
            ("\"x\"".into(), StatusCode::OK),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, if_none_match.parse().expect("a header"));
            assert_eq!(tagged.answer(&headers).status(), status, "{if_none_match}");
        }
    }
}
