//! The memory of answers: the same idempotency key and body get the first answer again, byte for byte.

use super::StoreError;
use async_trait::async_trait;
use domain::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Answers already given. A record past its `expires_at` counts as absent, whenever the store deletes it.
#[async_trait]
pub trait Replies: Send + Sync {
    /// Claim a key for this request. A claim that did not complete until `claimed_until` may be taken over.
    async fn begin(
        &self,
        key: &ReplyKey,
        fingerprint: &[u8; 32],
        claim: Uuid,
        now: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<Begun, StoreError>;
    /// Keep the key until then, while the work takes its time. False when the claim was taken over or completed.
    async fn renew(&self, key: &ReplyKey, claim: Uuid, claimed_until: Timestamp) -> Result<bool, StoreError>;
    /// Keep the answer of a request that changed nothing. Without effect when the claim was taken over.
    async fn complete(&self, completion: &Completion) -> Result<(), StoreError>;
    /// Let the key go: the answer is not worth keeping (429, 5xx). Without effect when the claim was taken over or completed.
    async fn abandon(&self, key: &ReplyKey, claim: Uuid) -> Result<(), StoreError>;
}

/// Whose key, for which operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyKey {
    /// Keys of different users never meet.
    pub user: UserId,
    /// `book`, `pay` or `cancel`.
    pub operation: &'static str,
    /// As the client sent it.
    pub key: String,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The body: JSON text.
    pub body: String,
}

/// An answer to keep, with the claim that entitles to it. Where a store change goes with it, both are one transaction.
#[derive(Debug, Clone)]
pub struct Completion {
    /// For which key.
    pub key: ReplyKey,
    /// Under which claim.
    pub claim: Uuid,
    /// What a repeat gets.
    pub reply: Reply,
    /// How long.
    pub expires_at: Timestamp,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is this request's to answer.
    Started,
    /// Another request with the same key and body is on it.
    InProgress,
    /// The key was used with another body.
    KeyReused,
    /// It was answered.
    Replay(Reply),
}
