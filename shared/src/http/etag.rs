//! Conditional answers: a client that has the newest version gets 304 and no body.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// A ready-made JSON answer with its entity tag: serialised once, sent many times.
#[derive(Debug, Clone)]
pub struct Tagged {
    body: Bytes,
    tag: HeaderValue,
    cache_control: HeaderValue,
}

impl Tagged {
    /// A body tagged by its own content.
    #[must_use]
    pub fn json(body: impl Into<Bytes>, cache_control: &'static str) -> Self {
        let body = body.into();
        let digest = Sha256::digest(&body);
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or_default()));
        Self {
            tag: HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\"")),
            cache_control: HeaderValue::from_static(cache_control),
            body,
        }
    }

    /// Bytes of the body.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len()
    }

    /// The answer to a request: 304 when its `If-None-Match` names this tag.
    #[must_use]
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let headers = [
            (header::ETAG, self.tag.clone()),
            (header::CACHE_CONTROL, self.cache_control.clone()),
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        ];
        if self.matches(request) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, self.body.clone()).into_response()
    }

    fn matches(&self, request: &HeaderMap) -> bool {
        let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        known
            .flat_map(|list| list.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.tag.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_answered_without_a_body() {
        let tagged = Tagged::json("{}", "no-cache");
        let tag = tagged.tag.to_str().expect("ascii").to_owned();
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
