//! A polite client: it comes back when it was told to, with the same request, and writes down every answer.

use crate::{DrillResult, diary::Diary};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use reqwest::{Method, Response, header};
use serde_json::Value;
use shared::{adapters::system::SystemClock, ports::Clock as _};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

/// The longest that a single answer may take: the gateway gives up before.
const ANSWER_WITHIN: Duration = Duration::from_secs(40);
/// The wait where the answer names none.
const COME_BACK: Duration = Duration::from_secs(1);
/// No answer is told to wait longer than this, and no client does.
const COME_BACK_MAX: Duration = Duration::from_secs(15);
const PROBLEM_JSON: &str = "application/problem+json";

/// A client of one buyer, with a clock of its own.
pub(crate) struct BuyerClient {
    base: String,
    http: reqwest::Client,
    headers: Vec<(&'static str, String)>,
    diary: Arc<Diary>,
    clock: OwnClock,
    deadline: Instant,
}

/// An answer that is not "later".
#[derive(Debug)]
pub(crate) struct ClientReply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// The clock of the buyer's device, which may be wrong, and what was learned of the server's.
#[derive(Debug, Clone, Copy)]
struct OwnClock {
    ahead: SignedDuration,
    /// How far the server's is ahead of it, by the `Date` of an answer.
    server_ahead: SignedDuration,
}

impl BuyerClient {
    /// A client that gives up at `deadline`, and whose clock is this much ahead.
    pub(crate) fn new(
        base: &str,
        http: &reqwest::Client,
        diary: Arc<Diary>,
        ahead: SignedDuration,
        deadline: Instant,
    ) -> Self {
        let clock = OwnClock { ahead, server_ahead: SignedDuration::ZERO };
        Self { base: base.to_owned(), http: http.clone(), headers: Vec::new(), diary, clock, deadline }
    }

    /// Sends this header from now on.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.unset(name);
        self.headers.push((name, value.into()));
    }

    /// Stops sending this header.
    pub(crate) fn unset(&mut self, name: &'static str) {
        self.headers.retain(|(known, _)| *known != name);
    }

    /// Gives up at this moment instead.
    pub(crate) fn keep_trying_until(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// The server's time, as this client believes it to be.
    pub(crate) fn server_now(&self) -> Timestamp {
        self.clock.now() + self.clock.server_ahead
    }

    /// Sends a request, and sends it again for as long as the answer is "later".
    ///
    /// # Errors
    /// The client has given up.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> DrillResult<ClientReply> {
        let begun = Instant::now();
        loop {
            let come_back = match self.send(&method, path, body).await {
                Ok(answer) => match self.read(&method, path, answer).await {
                    Ok(reply) => {
                        self.diary.waited(begun.elapsed());
                        return Ok(reply);
                    }
                    Err(Later(come_back)) => come_back,
                },
                Err(error) => {
                    self.diary.answered(if error.is_timeout() { "no answer" } else { "hung up" }.to_owned());
                    COME_BACK
                }
            };
            if Instant::now() + come_back > self.deadline {
                self.diary.waited(begun.elapsed());
                return Err(format!("gave up: {method} {path}").into());
            }
            sleep(come_back).await;
        }
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> std::result::Result<Response, reqwest::Error> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        request = request.timeout(ANSWER_WITHIN).header(header::DATE, rfc2822_of(self.clock.now()));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        match body {
            Some(body) => request.json(body).send().await,
            None => request.send().await,
        }
    }

    async fn read(
        &mut self,
        method: &Method,
        path: &str,
        answer: Response,
    ) -> std::result::Result<ClientReply, Later> {
        let status = answer.status().as_u16();
        let text = |name: header::HeaderName| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let retry_after = text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok());
        let is_problem = text(header::CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
        if let Some(date) = text(header::DATE) {
            self.clock.learn(&date);
        }
        let Ok(bytes) = answer.bytes().await else {
            self.diary.answered("cut off".to_owned());
            return Err(Later(COME_BACK));
        };
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let code = body.get("code").and_then(Value::as_str).unwrap_or_default();
        self.diary.answered(format!("{status} {code}").trim_end().to_owned());
        if status >= 500 && !(matches!(status, 502..=504) && is_problem && !code.is_empty()) {
            self.diary
                .broke(format!("{method} {path} answered {status}: {}", String::from_utf8_lossy(&bytes)));
        }
        let is_later = matches!(status, 429 | 500..) || code == "idempotency_in_progress";
        if is_later {
            let wait = retry_after.map_or(COME_BACK, Duration::from_secs);
            return Err(Later(wait.clamp(Duration::from_millis(100), COME_BACK_MAX)));
        }
        Ok(ClientReply { status, body })
    }
}

/// When to come back.
struct Later(Duration);

impl OwnClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.ahead
    }

    /// `Date` counts whole seconds: the middle of the second is meant.
    fn learn(&mut self, date: &str) {
        if let Ok(at) = rfc2822::parse(date) {
            let at = at.timestamp() + SignedDuration::from_millis(500);
            self.server_ahead = at.duration_since(self.now());
        }
    }
}

fn rfc2822_of(at: Timestamp) -> String {
    rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default()
}

impl ClientReply {
    /// A field that is a text.
    pub(crate) fn text(&self, field: &str) -> DrillResult<String> {
        let text = self.body.get(field).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| format!("no {field} in {}", self.body).into())
    }

    /// A field that is a number.
    pub(crate) fn number(&self, field: &str) -> Option<u64> {
        self.body.get(field).and_then(Value::as_u64)
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }
}
