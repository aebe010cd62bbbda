//! The SDK over `reqwest`, which every function contains anyway. The SDK's own client brings HTTP/2, which DynamoDB does not
//! speak, and made each function 1 MB larger.

use super::measured::Try;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use reqwest::{Client, redirect::Policy};
use std::{
    mem,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// How long connecting may take.
pub(super) const CONNECT_MS: u64 = 1_000;

/// One pool of connections for all calls of the SDK. The SDK bounds the tries, this client the connecting.
#[derive(Debug, Clone, Default)]
pub struct Http(Arc<OnceLock<Client>>);

impl Http {
    /// Built on first use, because it loads root certificates.
    fn client(&self) -> reqwest::Result<&Client> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let builder = Client::builder().connect_timeout(Duration::from_millis(CONNECT_MS));
        let client = builder.redirect(Policy::none()).build()?;
        Ok(self.0.get_or_init(|| client))
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let one = Try::of(&request);
        let outcome = self.exchange(request).await;
        if let Some(one) = one {
            one.ended(&outcome);
        }
        outcome
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        let request = request.map(|body| body.bytes().map(<[u8]>::to_vec).unwrap_or_default());
        let request = reqwest::Request::try_from(request)
            .map_err(|error: reqwest::Error| ConnectorError::user(error.without_url().into()))?;
        let mut response = self.client().map_err(failed)?.execute(request).await.map_err(failed)?;
        let (status, headers) = (response.status(), mem::take(response.headers_mut()));
        let mut answer = http::Response::new(SdkBody::from(response.bytes().await.map_err(failed)?));
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
    }
}

/// Both kinds are retried; the SDK wants to know which it was.
fn failed(error: reqwest::Error) -> ConnectorError {
    // The address may contain a secret.
    let error = error.without_url();
    if error.is_timeout() { ConnectorError::timeout(error.into()) } else { ConnectorError::io(error.into()) }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}

impl HttpClient for Http {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
