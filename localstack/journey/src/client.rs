//! A person with a client, which fails at once when an answer is not the expected one.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A cold start, a full store and a slow network together take less.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const SHOWS_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(50);

pub(crate) struct ApiClient {
    base: String,
    http: reqwest::Client,
    headers: Vec<(&'static str, String)>,
}

impl ApiClient {
    pub(crate) fn of(base: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build().expect("a client");
        Self { base: base.trim_end_matches('/').to_owned(), http, headers: Vec::new() }
    }

    /// Sends this header from now on.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
    }

    pub(crate) async fn get(&self, path: &str, status: u16) -> Value {
        self.ask(Method::GET, path, None, status).await
    }

    /// Asks again until the answer is as wanted: what others did shows within a second or two.
    pub(crate) async fn get_until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + SHOWS_WITHIN;
        loop {
            let reply = self.get(path, 200).await;
            if wanted(&reply) {
                return reply;
            }
            assert!(Instant::now() < deadline, "{path} still answers {reply}");
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    pub(crate) async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        self.ask(Method::POST, path, Some(body), status).await
    }

    /// Sends a request and expects this status.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>, status: u16) -> Value {
        let what = format!("{method} {path}");
        let response = self.request(method, path, body).send().await;
        let response = response.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        read(response, &what, status).await
    }

    fn request(&self, method: Method, path: &str, body: Option<Value>) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        match body {
            Some(body) => request.json(&body),
            None => request,
        }
    }
}

async fn read(response: Response, what: &str, status: u16) -> Value {
    let answered = response.status().as_u16();
    let text = response.text().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_eq!(answered, status, "{what} answered {answered}: {text}");
    if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{what} answered {text}"))
    }
}
