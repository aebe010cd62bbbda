//! The built front end. A release contains it in the program; a debug build reads it from `web/dist`, so that rebuilding
//! it needs no linking.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use rust_embed::{Embed, EmbeddedFile};
use shared::http::{
    encoding::{Encoding, accepted},
    etag::EntityTag,
};

#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Files whose names contain a hash of their content.
const HASHED: &str = "assets/";
/// For content that never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For content that is kept but revalidated each time.
const ASK_AGAIN: &str = "no-cache";
/// Hexadecimal digits of a file's hash that its tag is made of.
const TAG_DIGITS: usize = 32;

/// A file that exists.
pub(crate) struct File<'a>(&'a str);

impl<'a> File<'a> {
    /// Returns the file with this name. Compressed copies beside a file are not files of their own.
    pub(crate) fn named(name: &'a str) -> Option<Self> {
        let stored = content_type(name).is_some() && Dist::get(name).is_some();
        stored.then_some(Self(name))
    }

    /// The bytes in the best form that the client understands, or 304 if it has them.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let Some((encoding, file)) = self.best(request) else { return StatusCode::NOT_FOUND.into_response() };
        let tag = tag(&file, encoding);
        let unchanged = tag.is_known_to(request);
        let mut response = if unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(file.data).into_response()
        };
        let headers = response.headers_mut();
        let keep = if self.0.starts_with(HASHED) { FOR_EVER } else { ASK_AGAIN };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::ETAG, tag.into());
        if let Some(kind) = content_type(self.0).filter(|_| !unchanged) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Some(name) = encoding.name().filter(|_| !unchanged) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    }

    fn best(&self, request: &HeaderMap) -> Option<(Encoding, EmbeddedFile)> {
        accepted(request)
            .into_iter()
            .find_map(|encoding| Some((encoding, Dist::get(&format!("{}{}", self.0, encoding.suffix()))?)))
    }
}

/// Names the bytes that are sent, so each encoding has a tag of its own.
fn tag(file: &EmbeddedFile, encoding: Encoding) -> EntityTag {
    let mut version = hex::encode(file.metadata.sha256_hash());
    version.truncate(TAG_DIGITS);
    version.push_str(encoding.suffix());
    EntityTag::of(&version)
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => return None,
    })
}
