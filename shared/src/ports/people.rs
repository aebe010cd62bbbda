//! Accounts and their log-ins.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    UserId,
    id::SessionId,
    user::{Email, User},
};
use jiff::Timestamp;
use std::fmt;

/// The accounts.
#[async_trait]
pub trait Users: Send + Sync {
    /// Adds an account. The e-mail address is unique: of two simultaneous requests, one is refused.
    async fn create(&self, user: &User, password_hash: &str) -> Result<(), CreateUserError>;
    /// The account with this address, and its password's hash (a PHC string).
    async fn credentials(&self, email: &Email) -> Result<Option<(User, String)>, StoreError>;
    /// Returns an account.
    async fn find(&self, user: UserId) -> Result<Option<User>, StoreError>;
}

/// Why an account was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Another account has the address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Families of refresh tokens. Each use replaces the token by its successor, and a replaced token that comes back later
/// revokes the family. Only the SHA-256 of a token is kept.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Starts a family.
    async fn start(&self, session: &NewSession) -> Result<(), StoreError>;
    /// Returns a family that has not expired, revoked or not. A family started by an older version has no key and gets
    /// `key`, once and for all.
    async fn find(
        &self,
        session: SessionId,
        key: FamilyKey,
        now: Timestamp,
    ) -> Result<Option<Family>, StoreError>;
    /// Replaces the family's token. For a while, replacing it by the same successor again succeeds and changes nothing. Of
    /// two different successors, one is refused as reused.
    async fn rotate(&self, rotation: &Rotation) -> Result<(), RotateError>;
    /// Revokes a family. Revoking it again changes nothing.
    async fn revoke(&self, session: SessionId) -> Result<(), StoreError>;
}

/// The key that a family's tokens are made with. Each token also needs its predecessor, which is not kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FamilyKey(pub [u8; 32]);

/// Hidden, because it is half of a secret.
impl fmt::Debug for FamilyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FamilyKey(…)")
    }
}

/// A family to start.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The family's id.
    pub session: SessionId,
    /// The account.
    pub user: UserId,
    /// The key that its tokens are made with.
    pub key: FamilyKey,
    /// The SHA-256 of its first token.
    pub token_hash: [u8; 32],
    /// When the family ends unless it is used before.
    pub expires_at: Timestamp,
}

/// A family as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The account.
    pub user: UserId,
    /// The key that its tokens are made with.
    pub key: FamilyKey,
    /// The SHA-256 of the current token.
    pub token_hash: [u8; 32],
}

/// A token to replace.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// The family's id.
    pub session: SessionId,
    /// The SHA-256 of the token that the client brought.
    pub old_hash: [u8; 32],
    /// The SHA-256 of its successor.
    pub new_hash: [u8; 32],
    /// The time of the request.
    pub now: Timestamp,
    /// A replacement made after this may be repeated.
    pub repeatable_since: Timestamp,
    /// When the family ends unless it is used before.
    pub expires_at: Timestamp,
}

/// Why a refresh token was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The token was replaced before, or its family was revoked. The family is revoked now.
    #[error("the refresh token was used before")]
    Reused,
    /// There is no such family, or it has ended.
    #[error("no such session")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
