//! The memory of answers: the same idempotency key and body get the first answer again, byte for byte.

use super::StoreError;
use async_trait::async_trait;
use domain::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Answers already given. A record past its `expires_at` counts as absent, even before the store deletes it.
#[async_trait]
pub trait Replies: Send + Sync {
    /// Claims a key for this request. A claim that is not completed by `claimed_until` may be taken over.
    async fn begin(
        &self,
        key: &ReplyKey,
        fingerprint: &[u8; 32],
        claim: Uuid,
        now: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<Begun, StoreError>;
    /// Extends the claim while the work runs. False if the claim was taken over or completed.
    async fn renew(&self, key: &ReplyKey, claim: Uuid, claimed_until: Timestamp) -> Result<bool, StoreError>;
    /// Keeps the answer of a request that changed nothing. No effect if the claim was taken over.
    async fn complete(&self, completion: &Completion) -> Result<(), StoreError>;
    /// Releases the key, as the answer is not worth keeping (429, 5xx). No effect if the claim was taken over or completed.
    async fn abandon(&self, key: &ReplyKey, claim: Uuid) -> Result<(), StoreError>;
}

/// An idempotency key, for one user and operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyKey {
    /// The user. Keys of different users never collide.
    pub user: UserId,
    /// `book`, `pay` or `cancel`.
    pub operation: &'static str,
    /// The key as the client sent it.
    pub key: String,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The body, JSON text.
    pub body: String,
}

/// An answer to keep, with the claim that entitles to it. If it belongs to a change, both are one transaction.
#[derive(Debug, Clone)]
pub struct Completion {
    /// The key that is answered.
    pub key: ReplyKey,
    /// The claim under which the key is answered.
    pub claim: Uuid,
    /// What a repeat gets.
    pub reply: Reply,
    /// When the answer may be forgotten.
    pub expires_at: Timestamp,
}

/// What is known about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// The key is now this request's to answer.
    Started,
    /// Another request with the same key and body is running.
    InProgress,
    /// The key was used with another body.
    KeyReused,
    /// The key was already answered.
    Replay(Reply),
}
