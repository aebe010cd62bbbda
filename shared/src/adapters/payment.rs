//! A payment provider over HTTP: `POST /v1/authorizations`, then `/capture`, `/void` or `/refund` on its reference.

use crate::{
    ports::{AuthorizeError, PaymentProvider, ProviderState, ProviderUnavailable},
    telemetry::calls::ServiceCall,
};
use async_trait::async_trait;
use domain::booking::Payment;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{sync::OnceLock, time::Duration};

const AUTHORIZATIONS: &str = "/v1/authorizations";

/// Long: the payment may wait for its owner to confirm it with the bank.
const AUTHORIZE_TIMEOUT: Duration = Duration::from_secs(12);
const TIMEOUT: Duration = Duration::from_secs(4);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The provider at one address.
pub struct HttpPaymentProvider {
    base: String,
    client: OnceLock<Client>,
}

/// What the provider says of a payment.
#[derive(Debug, Deserialize)]
struct Authorization {
    state: String,
}

impl HttpPaymentProvider {
    /// Opens nothing yet.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned(), client: OnceLock::new() }
    }

    async fn post(
        &self,
        path: &str,
        template: &'static str,
        body: &Value,
        timeout: Duration,
    ) -> Result<Response, ProviderUnavailable> {
        let request = self.client()?.post(format!("{}{path}", self.base)).json(body).timeout(timeout);
        self.send("POST", template, request).await
    }

    /// The provider learns which trace it is called for.
    async fn send(
        &self,
        method: &'static str,
        template: &'static str,
        request: RequestBuilder,
    ) -> Result<Response, ProviderUnavailable> {
        let call = ServiceCall::begin(&self.base, method, template);
        let answer = call.send(request).await;
        answer.map_err(unavailable)
    }

    /// Do a step of a payment: it succeeds now, or has succeeded before.
    async fn step(
        &self,
        reference: &str,
        step: &str,
        template: &'static str,
        body: &Value,
    ) -> Result<(), ProviderUnavailable> {
        let path = format!("/v1/authorizations/{reference}/{step}");
        let response = self.post(&path, template, body, TIMEOUT).await?;
        response.error_for_status().map(drop).map_err(unavailable)
    }

    /// Built on first use: it loads root certificates.
    fn client(&self) -> Result<&Client, ProviderUnavailable> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder().connect_timeout(CONNECT_TIMEOUT).build().map_err(unavailable)?;
        Ok(self.client.get_or_init(|| client))
    }
}

#[async_trait]
impl PaymentProvider for HttpPaymentProvider {
    async fn authorize(&self, payment: &Payment, method: &str, token: &str) -> Result<(), AuthorizeError> {
        let body = json!({
            "reference": payment.reference,
            "amount": payment.amount,
            "currency": payment.currency,
            "method": method,
            "token": token,
        });
        let response = self.post(AUTHORIZATIONS, AUTHORIZATIONS, &body, AUTHORIZE_TIMEOUT).await;
        let response = response.map_err(AuthorizeError::Unknown)?;
        if response.status() == StatusCode::PAYMENT_REQUIRED {
            return Err(AuthorizeError::Declined);
        }
        match state_of(response).await.map_err(AuthorizeError::Unknown)? {
            ProviderState::Authorized | ProviderState::Captured => Ok(()),
            ProviderState::Returned | ProviderState::Declined => Err(AuthorizeError::Declined),
        }
    }

    async fn find(&self, reference: &str) -> Result<Option<ProviderState>, ProviderUnavailable> {
        let request =
            self.client()?.get(format!("{}/v1/authorizations/{reference}", self.base)).timeout(TIMEOUT);
        let response = self.send("GET", "/v1/authorizations/{reference}", request).await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        state_of(response).await.map(Some)
    }

    async fn capture(&self, reference: &str) -> Result<(), ProviderUnavailable> {
        self.step(reference, "capture", "/v1/authorizations/{reference}/capture", &json!({})).await
    }

    async fn void(&self, reference: &str) -> Result<(), ProviderUnavailable> {
        self.step(reference, "void", "/v1/authorizations/{reference}/void", &json!({})).await
    }

    async fn refund(&self, reference: &str, amount: u64) -> Result<(), ProviderUnavailable> {
        let body = json!({ "amount": amount, "refund_reference": format!("{reference}.refund") });
        self.step(reference, "refund", "/v1/authorizations/{reference}/refund", &body).await
    }
}

async fn state_of(response: Response) -> Result<ProviderState, ProviderUnavailable> {
    let response = response.error_for_status().map_err(unavailable)?;
    let authorization: Authorization = response.json().await.map_err(unavailable)?;
    match authorization.state.as_str() {
        "authorized" => Ok(ProviderState::Authorized),
        "captured" => Ok(ProviderState::Captured),
        "voided" | "refunded" => Ok(ProviderState::Returned),
        "declined" => Ok(ProviderState::Declined),
        other => Err(ProviderUnavailable(format!("unknown state {other}").into())),
    }
}

fn unavailable(error: reqwest::Error) -> ProviderUnavailable {
    // The address may contain a secret.
    ProviderUnavailable(Box::new(error.without_url()))
}
