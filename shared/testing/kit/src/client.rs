//! Calls a function without a socket: a request enters where the server would put it.

use axum::{
    Router,
    body::Body,
    http::{self, HeaderMap, HeaderName, HeaderValue, Method, header, request::Builder},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use shared::{app::App, http::Function};
use tower::ServiceExt as _;

/// A running function. A clone is the same process.
#[derive(Clone)]
pub struct Client(Router);

impl Client {
    /// A function on an app that the test has made.
    #[must_use]
    pub fn new(function: Function, routes: shared::http::Router, app: App) -> Self {
        Self(function.service(routes, app))
    }

    #[must_use]
    pub fn get(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::GET, path)
    }

    #[must_use]
    pub fn post(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::POST, path)
    }

    #[must_use]
    pub fn put(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::PUT, path)
    }

    #[must_use]
    pub fn patch(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::PATCH, path)
    }

    #[must_use]
    pub fn delete(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::DELETE, path)
    }

    #[must_use]
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> Request {
        let head = http::Request::builder().method(method).uri(path.as_ref());
        Request { service: self.0.clone(), head, body: Body::empty() }
    }
}

/// A request that is being made.
pub struct Request {
    service: Router,
    head: Builder,
    body: Body,
}

impl Request {
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        let value = HeaderValue::try_from(value.as_ref()).expect("a header's value");
        self.head = self.head.header(HeaderName::from_static(name), value);
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// With these bytes and no content type.
    #[must_use]
    pub fn body(self, body: impl Into<Body>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Sends the request and waits for the answer.
    pub async fn send(self) -> Answer {
        let request = self.head.body(self.body).expect("a request");
        let Ok(response) = self.service.oneshot(request).await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8(body.into()).expect("text");
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }
}

/// What a function answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The body of an answer with this status, which has to be a success.
    #[must_use]
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }

    /// Asserts that the answer has this status and no body.
    #[track_caller]
    pub fn empty(&self, status: u16) {
        assert_eq!((self.status, self.body.as_str()), (status, ""));
    }

    /// The body of a problem with this code and status. Asserts that all fields of a problem are there.
    #[must_use]
    #[track_caller]
    pub fn problem(&self, code: &str, status: u16) -> Value {
        let Ok(body) = serde_json::from_str::<Value>(&self.body) else {
            panic!("wanted {code}, not {} {:?}", self.status, self.body)
        };
        let field = |name: &str| body.get(name).cloned().unwrap_or_default();
        assert_eq!((self.status, field("code").as_str()), (status, Some(code)), "{body}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(field("status"), status);
        for name in ["type", "title", "detail"] {
            assert!(field(name).as_str().is_some_and(|text| !text.is_empty()), "{name} of {body}");
        }
        let trace_id = field("trace_id");
        let is_trace_id = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        assert!(trace_id.as_str().is_some_and(is_trace_id), "{body}");
        if matches!(status, 429 | 503) {
            let ms =
                field("retry_after_ms").as_u64().unwrap_or_else(|| panic!("no retry_after_ms in {body}"));
            assert_eq!(self.header("retry-after"), ms.div_ceil(1_000).max(1).to_string());
        }
        body
    }

    /// The names of the fields that are wrong. Asserts that the problem is `validation_failed`. The body itself has an
    /// empty name.
    #[must_use]
    #[track_caller]
    pub fn invalid(&self) -> Vec<String> {
        let body = self.problem("validation_failed", 422);
        let errors = body.get("errors").and_then(Value::as_array).expect("errors");
        let text = |error: &Value, name: &str| {
            error
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_else(|| panic!("no {name} in {error}"))
                .to_owned()
        };
        let field = |error: &Value| {
            assert!(!text(error, "message").is_empty(), "{error}");
            text(error, "field")
        };
        errors.iter().map(field).collect()
    }

    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[must_use]
    pub fn etag(&self) -> &str {
        self.header(header::ETAG.as_str())
    }
}
