//! Pushes to the collector. The SDK does so from threads of its own, which are outside the runtime: each request is handed to
//! the runtime, and its answer comes back.

use super::Seldom;
use crate::{config, error::chain};
use http::{Request, Response};
use opentelemetry::{Context, context::FutureExt as _};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, RetryPolicy, WithExportConfig, WithHttpConfig};
use reqwest::{Client, redirect::Policy};
use secrecy::ExposeSecret as _;
use std::{sync::OnceLock, time::Duration};
use tokio::{
    runtime::Handle,
    sync::{Notify, oneshot},
    time::timeout,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// What is read of an answer. A collector says in it what it did not take.
const ANSWER_MAX: usize = 64 * 1024;
/// At the end, a collector that answers nothing for so long is not waited for: it must not hold up a roll-out.
const SILENCE_MAX: Duration = Duration::from_millis(2_500);
/// A push was answered.
static ANSWERED: Notify = Notify::const_new();
/// That pushing fails. All signals have one collector.
static NOT_TAKEN: Seldom = Seldom::new();

/// An exporter for one signal, made the same for each.
pub(super) fn exporting<B: WithExportConfig + WithHttpConfig>(
    builder: B,
    collector: &config::Collector,
    path: &str,
) -> B {
    let headers = collector.headers.iter();
    let headers = headers.map(|(name, value)| (name.clone(), value.expose_secret().to_owned())).collect();
    builder
        .with_endpoint(format!("{}{path}", collector.url))
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(collector.timeout)
        .with_headers(headers)
        // Once more, for a connection that the collector closed or that froze with its process.
        .with_retry_policy(RetryPolicy::recommended().with_max_retries(1))
        .with_http_client(CollectorClient::new(collector))
}

/// Returns when the collector has been silent for too long.
pub(super) async fn fell_silent() {
    while timeout(SILENCE_MAX, ANSWERED.notified()).await.is_ok() {}
}

/// The HTTP client of one exporter.
#[derive(Debug)]
struct CollectorClient {
    runtime: Handle,
    is_plain: bool,
    timeout: Duration,
    client: OnceLock<Client>,
}

impl CollectorClient {
    fn new(collector: &config::Collector) -> Self {
        Self {
            runtime: Handle::current(),
            is_plain: collector.url.starts_with("http://"),
            timeout: collector.timeout,
            client: OnceLock::new(),
        }
    }

    /// Built by the first push, on the SDK's thread: for TLS it loads root certificates.
    fn client(&self) -> reqwest::Result<Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let builder = Client::builder().connect_timeout(CONNECT_TIMEOUT).timeout(self.timeout);
        let builder = builder.redirect(Policy::none());
        let client =
            if self.is_plain { builder.no_proxy().tls_certs_only([]).build()? } else { builder.build()? };
        Ok(self.client.get_or_init(|| client).clone())
    }

    async fn push(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client()?;
        let (tell, told) = oneshot::channel();
        let pushing = async move {
            // Nothing waits for it any more where the process is about to end.
            let _ = tell.send(answer(client, request).await);
        };
        // The context says that what is told meanwhile is not pushed: each push would make the next one.
        self.runtime.spawn(pushing.with_context(Context::current()));
        Ok(told.await??)
    }

    fn tell(why: &str) {
        if NOT_TAKEN.is_due() {
            tracing::warn!(
                event = "telemetry.not_taken",
                error = why,
                "telemetry does not reach the collector"
            );
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for CollectorClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answered = self.push(request).await;
        if answered.is_ok() {
            ANSWERED.notify_one();
        }
        match &answered {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => Self::tell(answer.status().as_str()),
            Err(error) => Self::tell(&chain(&**error)),
        }
        answered
    }
}

async fn answer(client: Client, request: Request<Bytes>) -> reqwest::Result<Response<Bytes>> {
    let request = reqwest::Request::try_from(request.map(Vec::from))?;
    // The address may contain a secret.
    let mut response = client.execute(request).await.map_err(reqwest::Error::without_url)?;
    let mut body = Vec::new();
    while body.len() < ANSWER_MAX
        && let Some(part) = response.chunk().await.map_err(reqwest::Error::without_url)?
    {
        body.extend_from_slice(&part);
    }
    body.truncate(ANSWER_MAX);
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    Ok(answer)
}
