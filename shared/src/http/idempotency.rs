//! Answers that repeat: the same `Idempotency-Key` and request get the first answer again, byte for byte.
//!
//! A key is claimed before the work begins. The change and the answer to keep are one transaction, conditional on the
//! claim. So a process may die at any point: either nothing happened and the claim expires, or everything happened.
//!
//! A claim is short and is renewed while its work runs. If the work ends without an answer to keep (deadline, panic, 5xx),
//! the claim is released. A client that hangs up stops neither. So a key is taken only while its process is working.

use super::{
    background::Background,
    problem::{Code, PROBLEM_JSON, Problem},
};
use crate::{
    app::FromApp,
    error::chain,
    ports::{Begun, Clock, Completion, Ids, Replies, Reply, ReplyKey},
    services::projector::Projector,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::BookingId;
use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{convert::Infallible, future, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::time::{sleep, timeout, timeout_at};
use uuid::Uuid;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a claim lasts without renewal. If its process died, another may then take the key over.
const CLAIM: SignedDuration = SignedDuration::from_secs(6);
/// How often a claim is renewed: two renewals in a row may fail. Most requests are answered before the first.
const RENEWED_EVERY: Duration = Duration::from_secs(2);
/// How long an answer waits for its key to be released, so that an immediate repeat finds the key free.
const GIVING_UP_MAX: Duration = Duration::from_secs(1);
const KEY_LEN_MAX: usize = 255;

/// The client's name for one intention.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        let key = key.filter(|key| (1..=KEY_LEN_MAX).contains(&key.len()));
        key.map(|key| Self(key.to_owned())).ok_or_else(|| Code::IdempotencyKeyRequired.into())
    }
}

/// Runs a request's work once for its key.
#[derive(Clone, FromApp)]
pub struct Once {
    replies: Arc<dyn Replies>,
    projector: Projector,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// The right to answer for a key.
#[derive(Debug, Clone)]
pub struct KeyClaim {
    key: ReplyKey,
    token: Uuid,
    expires_at: Timestamp,
}

/// The answer of a piece of work.
#[derive(Debug)]
pub enum KeyedAnswer {
    /// The answer was kept in the transaction that made the change.
    Kept(Reply),
    /// The answer comes without a change and is still to be kept.
    Given(Reply),
}

impl KeyClaim {
    /// What is kept together with a change.
    #[must_use]
    pub fn completion(&self, reply: &Reply) -> Completion {
        Completion {
            key: self.key.clone(),
            claim: self.token,
            reply: reply.clone(),
            expires_at: self.expires_at,
        }
    }

    /// The client's key, for names that must be the same when the request is repeated.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key.key
    }
}

impl Reply {
    #[must_use]
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        Self {
            status: status.as_u16(),
            content_type: "application/json".into(),
            body: serde_json::to_string(body).unwrap_or_default(),
        }
    }

    /// The booking that the answer describes.
    fn booking(&self) -> Option<BookingId> {
        #[derive(Deserialize)]
        struct Told {
            booking_id: BookingId,
        }
        serde_json::from_str::<Told>(&self.body).ok().map(|told| told.booking_id)
    }

    fn problem(problem: &Problem) -> Self {
        Self {
            status: problem.code().status().as_u16(),
            content_type: PROBLEM_JSON.into(),
            body: problem.to_json(),
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let content_type = HeaderValue::try_from(self.content_type);
        let mut response = (status, self.body).into_response();
        if let Ok(content_type) = content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        response
    }
}

impl Once {
    /// Does the work unless it was already done for this key. After the claim, everything runs to its end or to the
    /// request's deadline, even if the client goes away.
    pub async fn run<F>(
        &self,
        background: &Background,
        key: ReplyKey,
        request: &impl Serialize,
        work: impl FnOnce(KeyClaim) -> F + Send + 'static,
    ) -> Result<Response, Problem>
    where
        F: Future<Output = Result<KeyedAnswer, Problem>> + Send + 'static,
    {
        let claim = KeyClaim { token: self.ids.uuid(), expires_at: self.clock.now() + KEPT, key };
        let fingerprint = fingerprint(claim.key.operation, request);
        let (once, own) = (self.clone(), background.clone());
        let task = background.spawn(async move { once.see_through(&own, claim, &fingerprint, work).await });
        task.await.unwrap_or_else(|_cancelled| Err(Code::Internal.into()))
    }

    /// Runs the work within its time, then answers or releases the claim.
    async fn see_through<F>(
        &self,
        background: &Background,
        claim: KeyClaim,
        fingerprint: &[u8; 32],
        work: impl FnOnce(KeyClaim) -> F + Send,
    ) -> Result<Response, Problem>
    where
        F: Future<Output = Result<KeyedAnswer, Problem>> + Send,
    {
        let work = AssertUnwindSafe(self.begin(&claim, fingerprint, work)).catch_unwind();
        let outcome = match timeout_at(background.deadline(), work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(Code::Internal.into()),
            Err(_elapsed) => Err(Code::Timeout.into()),
        };
        if outcome.as_ref().is_err_and(|problem| !is_kept(problem)) {
            self.give_up(background, claim).await;
        }
        outcome
    }

    async fn begin<F>(
        &self,
        claim: &KeyClaim,
        fingerprint: &[u8; 32],
        work: impl FnOnce(KeyClaim) -> F + Send,
    ) -> Result<Response, Problem>
    where
        F: Future<Output = Result<KeyedAnswer, Problem>> + Send,
    {
        let now = self.clock.now();
        match self.replies.begin(&claim.key, fingerprint, claim.token, now, now + CLAIM).await? {
            Begun::InProgress => Err(Code::IdempotencyInProgress.into()),
            Begun::KeyReused => Err(Code::IdempotencyKeyReused.into()),
            Begun::Replay(reply) => {
                self.show_again(&reply).await;
                Ok(reply.into_response())
            }
            Begun::Started => tokio::select! {
                outcome = self.finish(claim, work(claim.clone())) => outcome,
                never = self.keep_renewing(claim) => match never {},
            },
        }
    }

    /// The first request may have died before it told the seat map what it did.
    async fn show_again(&self, reply: &Reply) {
        if let Some(booking) = reply.booking()
            && let Err(error) = self.projector.show_from_books(booking).await
        {
            tracing::warn!(event = "map.may_be_behind", %booking, error = chain(&error), "the seat map may be behind the books");
        }
    }

    /// The answer of the work, kept if a repeat should get it too.
    async fn finish(
        &self,
        claim: &KeyClaim,
        work: impl Future<Output = Result<KeyedAnswer, Problem>>,
    ) -> Result<Response, Problem> {
        match work.await {
            Ok(KeyedAnswer::Kept(reply)) => Ok(reply.into_response()),
            Ok(KeyedAnswer::Given(reply)) => {
                self.replies.complete(&claim.completion(&reply)).await?;
                Ok(reply.into_response())
            }
            Err(problem) => {
                if is_kept(&problem) {
                    self.replies.complete(&claim.completion(&Reply::problem(&problem))).await?;
                }
                Err(problem)
            }
        }
    }

    /// A failed renewal is made up for by the next one. A refused one means that the claim is answered or taken over.
    async fn keep_renewing(&self, claim: &KeyClaim) -> Infallible {
        loop {
            sleep(RENEWED_EVERY).await;
            let until = self.clock.now() + CLAIM;
            if let Ok(false) = self.replies.renew(&claim.key, claim.token, until).await {
                return future::pending().await;
            }
        }
    }

    /// If the store cannot be reached, the claim expires by itself.
    async fn give_up(&self, background: &Background, claim: KeyClaim) {
        let replies = Arc::clone(&self.replies);
        let given_up = background.spawn(async move {
            if let Err(error) = replies.abandon(&claim.key, claim.token).await {
                tracing::warn!(
                    event = "idempotency.claim_left",
                    error = chain(&error),
                    "a claim runs out by itself"
                );
            }
        });
        let _ = timeout(GIVING_UP_MAX, given_up).await;
    }
}

/// Whether a repeat gets this answer too. A 429 or 5xx says nothing about what the next try will meet.
fn is_kept(problem: &Problem) -> bool {
    let status = problem.code().status();
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

/// What distinguishes two requests: the operation and the parsed body, so that white space does not count.
fn fingerprint(operation: &str, request: &impl Serialize) -> [u8; 32] {
    let body = serde_json::to_vec(request).unwrap_or_default();
    Sha256::new().chain_update(operation).chain_update([0]).chain_update(body).finalize().into()
}
