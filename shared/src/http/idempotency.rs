//! Answers that repeat: the same `Idempotency-Key` and request get the first answer again, byte for byte.
//!
//! A key is claimed before the work begins; the change itself and the answer to keep are one transaction, conditioned
//! on the claim. So a process may die at any point: either nothing happened and the claim runs out, or everything did.

use super::problem::{Code, PROBLEM_JSON, Problem, chain};
use super::trace::Ids as TraceIds;
use crate::{
    ports::{Begun, Clock, Completion, Ids, Replies, Reply, ReplyKey},
    projector::Projector,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::BookingId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use tracing::Instrument as _;
use uuid::Uuid;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After this long a claim whose process died may be taken over. Longer than any function's deadline.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
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
#[derive(Clone)]
pub struct Once {
    replies: Arc<dyn Replies>,
    projector: Projector,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// The right to answer for a key.
#[derive(Debug, Clone)]
pub struct Claim {
    key: ReplyKey,
    token: Uuid,
    expires_at: Timestamp,
}

/// The answer of a piece of work.
#[derive(Debug)]
pub enum Answer {
    /// It was kept in the transaction that made the change.
    Kept(Reply),
    /// It comes without a change and is still to be kept.
    Given(Reply),
}

impl Claim {
    /// What is to be kept together with a change.
    #[must_use]
    pub fn completion(&self, reply: &Reply) -> Completion {
        Completion {
            key: self.key.clone(),
            claim: self.token,
            reply: reply.clone(),
            expires_at: self.expires_at,
        }
    }

    /// The client's key, for naming things that must be the same when the request is repeated.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key.key
    }
}

impl Reply {
    /// A JSON answer.
    #[must_use]
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        Self {
            status: status.as_u16(),
            content_type: "application/json".into(),
            body: serde_json::to_string(body).unwrap_or_default(),
        }
    }

    /// The booking that it tells of.
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
    /// On this memory of answers.
    #[must_use]
    pub fn new(
        replies: Arc<dyn Replies>,
        projector: Projector,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { replies, projector, clock, ids }
    }

    /// Do the work if nobody did it for this key yet. It runs to its end even if the client goes away meanwhile.
    pub async fn run<F>(
        &self,
        key: ReplyKey,
        request: &impl Serialize,
        work: impl FnOnce(Claim) -> F + Send,
    ) -> Result<Response, Problem>
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        let now = self.clock.now();
        let claim = Claim { token: self.ids.uuid(), expires_at: now + KEPT, key };
        let fingerprint = fingerprint(claim.key.operation, request);
        match self.replies.begin(&claim.key, &fingerprint, claim.token, now, now + CLAIM).await? {
            Begun::InProgress => Err(Code::IdempotencyInProgress.into()),
            Begun::KeyReused => Err(Code::IdempotencyKeyReused.into()),
            Begun::Replay(reply) => {
                self.show_again(&reply).await;
                Ok(reply.into_response())
            }
            Begun::Started => self.finish(claim.clone(), work(claim)).await,
        }
    }

    /// The first request may have died before the seat map heard of what it did.
    async fn show_again(&self, reply: &Reply) {
        if let Some(booking) = reply.booking()
            && let Err(error) = self.projector.show_from_books(booking).await
        {
            tracing::warn!(%booking, error = chain(&error), "the seat map may be behind the books");
        }
    }

    async fn finish<F>(&self, claim: Claim, work: F) -> Result<Response, Problem>
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        let once = self.clone();
        let to_its_end = async move { once.keep(&claim, work.await).await };
        let ids = TraceIds::current();
        let task = tokio::spawn(
            async move {
                match ids {
                    Some(ids) => ids.scope(to_its_end).await,
                    None => to_its_end.await,
                }
            }
            .in_current_span(),
        );
        task.await.unwrap_or_else(|_panic| Err(Code::Internal.into()))
    }

    async fn keep(&self, claim: &Claim, answer: Result<Answer, Problem>) -> Result<Response, Problem> {
        let problem = match answer {
            Ok(Answer::Kept(reply)) => return Ok(reply.into_response()),
            Ok(Answer::Given(reply)) => {
                self.replies.complete(&claim.completion(&reply)).await?;
                return Ok(reply.into_response());
            }
            Err(problem) => problem,
        };
        let status = problem.code().status();
        if status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS) {
            self.replies.abandon(&claim.key, claim.token).await?;
        } else {
            self.replies.complete(&claim.completion(&Reply::problem(&problem))).await?;
        }
        Err(problem)
    }
}

/// What tells two requests apart: the operation and the parsed body, so that white space does not count.
fn fingerprint(operation: &str, request: &impl Serialize) -> [u8; 32] {
    let body = serde_json::to_vec(request).unwrap_or_default();
    Sha256::new().chain_update(operation).chain_update([0]).chain_update(body).finalize().into()
}
