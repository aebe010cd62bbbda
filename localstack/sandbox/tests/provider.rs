//! The provider as its callers see it: through a real socket.
#![cfg(test)]

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use sandbox::{Sandbox, SandboxSettings};
use serde_json::{Value, json};

#[tokio::test]
async fn ok_authorizes_once() {
    let provider = Caller::start().await;
    let first = provider.order("r1", 30_000, "ok").await;
    let authorized =
        json!({"reference": "r1", "state": "authorized", "amount": 30_000, "currency": "KRW", "refunded": 0});
    assert_eq!(first, (StatusCode::CREATED, authorized.clone()));
    assert_eq!(provider.order("r1", 30_000, "ok").await, (StatusCode::OK, authorized.clone()));
    assert_eq!(provider.order("r1", 30_000, "decline").await, (StatusCode::OK, authorized.clone()));
    assert_eq!(provider.get("authorizations/r1").await, (StatusCode::OK, authorized));
    assert_eq!(
        refusal(provider.order("r1", 29_999, "ok").await),
        (StatusCode::CONFLICT, "reference_reused".into())
    );
    assert_eq!(provider.sum("authorized").await, (1, 30_000));
}

#[tokio::test]
async fn decline_and_unknown_tokens_decline() {
    let provider = Caller::start().await;
    for (reference, token) in [("r1", "decline"), ("r1", "ok"), ("r2", "stolen")] {
        let (status, payment) = provider.order(reference, 500, token).await;
        assert_eq!((status, &payment["state"]), (StatusCode::PAYMENT_REQUIRED, &json!("declined")));
    }
    assert_eq!(refusal(provider.post("authorizations/r1/capture", &json!({})).await).1, "not_capturable");
    assert_eq!(provider.sum("declined").await, (2, 1_000));
    assert_eq!(provider.sum("authorized").await, (0, 0));
}

#[tokio::test]
async fn slow_authorizes_late_even_when_the_caller_has_left() {
    let provider = Caller::start().await;
    let begun = Instant::now();
    assert_eq!(provider.order("r1", 500, "slow").await.0, StatusCode::CREATED);
    assert!(begun.elapsed() >= SLOW_TAKES);

    let left = provider.request("r2", 500, "slow").timeout(SLOW_TAKES / 4).send().await;
    assert!(left.is_err_and(|error| error.is_timeout()));
    assert_eq!(provider.get("authorizations/r2").await.0, StatusCode::NOT_FOUND);
    tokio::time::sleep(SLOW_TAKES).await;
    assert_eq!(provider.get("authorizations/r2").await.1["state"], "authorized");

    let begun = Instant::now();
    assert_eq!(provider.order("r2", 500, "slow").await.0, StatusCode::OK);
    assert!(begun.elapsed() < SLOW_TAKES, "a repeat does not wait");
}

#[tokio::test]
async fn lost_takes_the_money_and_hangs_up_once() {
    let provider = Caller::start().await;
    // The lost connection was used before: the client must not take it for a stale one and repeat the request.
    provider.order("r1", 100, "ok").await;
    let lost = provider.request("r2", 500, "lost").send().await;
    assert!(lost.is_err_and(|error| error.is_request() && !error.is_timeout()));
    assert_eq!(provider.sum("authorized").await, (2, 600));
    assert_eq!(provider.order("r2", 500, "lost").await.0, StatusCode::OK);
    assert_eq!(provider.sum("authorized").await, (2, 600));
}

#[tokio::test]
async fn capture_happens_once_and_rules_out_void() {
    let provider = Caller::start().await;
    provider.order("r1", 500, "ok").await;
    for _ in 0..2 {
        let (status, payment) = provider.post("authorizations/r1/capture", &json!({})).await;
        assert_eq!((status, &payment["state"]), (StatusCode::OK, &json!("captured")));
    }
    assert_eq!(provider.sum("captured").await, (1, 500));
    let void = provider.post("authorizations/r1/void", &json!({})).await;
    assert_eq!(refusal(void), (StatusCode::CONFLICT, "not_voidable".into()));
}

#[tokio::test]
async fn void_happens_once_and_rules_out_capture() {
    let provider = Caller::start().await;
    provider.order("r1", 500, "ok").await;
    for _ in 0..2 {
        let (status, payment) = provider.post("authorizations/r1/void", &json!({})).await;
        assert_eq!((status, &payment["state"]), (StatusCode::OK, &json!("voided")));
    }
    assert_eq!(provider.sum("voided").await, (1, 500));
    let capture = provider.post("authorizations/r1/capture", &json!({})).await;
    assert_eq!(refusal(capture), (StatusCode::CONFLICT, "not_capturable".into()));
}

#[tokio::test]
async fn refunds_are_kept_apart_by_their_reference_and_never_exceed_the_capture() {
    let provider = Caller::start().await;
    provider.order("r1", 500, "ok").await;
    assert_eq!(
        refusal(provider.refund("r1", "a", 200).await),
        (StatusCode::CONFLICT, "not_refundable".into())
    );
    provider.post("authorizations/r1/capture", &json!({})).await;
    for _ in 0..2 {
        let (status, payment) = provider.refund("r1", "a", 200).await;
        assert_eq!((status, &payment["refunded"]), (StatusCode::OK, &json!(200)));
    }
    assert_eq!(
        refusal(provider.refund("r1", "a", 100).await),
        (StatusCode::CONFLICT, "reference_reused".into())
    );
    assert_eq!(
        refusal(provider.refund("r1", "b", 301).await),
        (StatusCode::CONFLICT, "not_refundable".into())
    );
    assert_eq!(provider.refund("r1", "b", 300).await.1["refunded"], 500);
    assert_eq!(provider.sum("refunded").await, (2, 500));
}

#[tokio::test]
async fn unknown_or_malformed_requests_are_refused() {
    let provider = Caller::start().await;
    assert_eq!(refusal(provider.get("authorizations/r1").await), (StatusCode::NOT_FOUND, "not_found".into()));
    for step in ["capture", "void"] {
        let answer = provider.post(&format!("authorizations/r1/{step}"), &json!({})).await;
        assert_eq!(refusal(answer), (StatusCode::NOT_FOUND, "not_found".into()));
    }
    for reference in ["", &"r".repeat(129)] {
        let answer = provider.request(reference, 500, "ok").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn nothing_listens_after_drop() {
    let Caller { sandbox, client } = Caller::start().await;
    let url = format!("{}/v1/ledger", sandbox.url());
    assert_eq!(client.get(&url).send().await.unwrap().status(), StatusCode::OK);
    drop(sandbox);
    tokio::task::yield_now().await;
    assert!(client.get(&url).send().await.is_err());
}

const SLOW_TAKES: Duration = Duration::from_millis(400);

struct Caller {
    sandbox: Sandbox,
    client: Client,
}

impl Caller {
    async fn start() -> Self {
        let sandbox = Sandbox::start_with(SandboxSettings { slow_takes: SLOW_TAKES }).await.unwrap();
        Self { sandbox, client: Client::new() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.sandbox.url())
    }

    fn request(&self, reference: &str, amount: u64, token: &str) -> reqwest::RequestBuilder {
        let order = json!({
            "reference": reference, "amount": amount, "currency": "KRW", "method": "card", "token": token,
        });
        self.client.post(self.url("authorizations")).json(&order)
    }

    async fn order(&self, reference: &str, amount: u64, token: &str) -> (StatusCode, Value) {
        read(self.request(reference, amount, token)).await
    }

    async fn refund(&self, reference: &str, refund: &str, amount: u64) -> (StatusCode, Value) {
        let path = format!("authorizations/{reference}/refund");
        self.post(&path, &json!({"refund_reference": refund, "amount": amount})).await
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.client.post(self.url(path)).json(body)).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.client.get(self.url(path))).await
    }

    async fn sum(&self, of: &str) -> (u64, u64) {
        let (_, ledger) = self.get("ledger").await;
        (ledger[of]["count"].as_u64().unwrap(), ledger[of]["amount"].as_u64().unwrap())
    }
}

async fn read(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn refusal((status, body): (StatusCode, Value)) -> (StatusCode, String) {
    (status, body["code"].as_str().unwrap().to_owned())
}
