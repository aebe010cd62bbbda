//! Somebody who asks a function, without a socket in between.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// Asks one function.
#[derive(Clone)]
pub struct Client(Router);

/// A question in the making.
pub struct Ask {
    service: Router,
    request: axum::http::request::Builder,
    body: Body,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
}

impl Client {
    /// Of a service.
    #[must_use]
    pub fn of(service: Router) -> Self {
        Self(service)
    }

    /// `GET`.
    #[must_use]
    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    /// `POST`.
    #[must_use]
    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    /// `PUT`.
    #[must_use]
    pub fn put(&self, path: &str) -> Ask {
        self.ask(Method::PUT, path)
    }

    /// `PATCH`.
    #[must_use]
    pub fn patch(&self, path: &str) -> Ask {
        self.ask(Method::PATCH, path)
    }

    /// `DELETE`.
    #[must_use]
    pub fn delete(&self, path: &str) -> Ask {
        self.ask(Method::DELETE, path)
    }

    /// Any method.
    #[must_use]
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let request = Request::builder().method(method).uri(path);
        Ask { service: self.0.clone(), request, body: Body::empty() }
    }
}

impl Ask {
    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// As somebody.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With an idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header(header::CONTENT_TYPE.as_str(), "application/json").text(body.to_string())
    }

    /// With any body.
    #[must_use]
    pub fn text(mut self, body: impl Into<String>) -> Self {
        self.body = Body::from(body.into());
        self
    }

    /// Ask.
    pub async fn send(self) -> Answer {
        let request = self.request.body(self.body).expect("a request");
        let response: Response<Body> = self.service.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    /// The body, expecting a status.
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Expect a status and no body.
    pub fn empty(&self, status: u16) {
        assert_eq!((self.status.as_u16(), self.body.as_str()), (status, ""));
    }

    /// A header's value; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Expect a well-formed problem with this status and code.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.json(status);
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        assert_eq!(problem["trace_id"].as_str().map(str::len), Some(32));
        if matches!(status, 429 | 503) {
            assert!(self.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1));
        }
        problem
    }

    /// Expect a problem that names these fields, in this order.
    pub fn invalid(&self, fields: &[&str]) {
        let problem = self.problem(422, "validation_failed");
        let errors = problem["errors"].as_array().expect("errors");
        let named: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap_or_default()).collect();
        assert_eq!(named, fields, "{problem}");
    }
}
