//! A person with a client: asks through the front, and says at once when an answer is not the expected one.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use std::net::SocketAddr;

pub struct Client {
    base: String,
    http: reqwest::Client,
    headers: Vec<(&'static str, String)>,
}

impl Client {
    pub fn of(front: SocketAddr) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base: format!("http://{front}"), http, headers: Vec::new() }
    }

    /// Sends this header from now on.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
    }

    pub async fn get(&self, path: &str, status: u16) -> Value {
        self.ask(Method::GET, path, None, status).await
    }

    pub async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        self.ask(Method::POST, path, Some(body), status).await
    }

    /// Asks, and expects this status.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>, status: u16) -> Value {
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
    let text = response.text().await.unwrap();
    assert_eq!(answered, status, "{what} answered {answered}: {text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}
