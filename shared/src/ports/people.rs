//! Accounts and their log-ins.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    UserId,
    id::SessionId,
    user::{Email, User},
};
use jiff::Timestamp;

/// Accounts.
#[async_trait]
pub trait Users: Send + Sync {
    /// Add an account. The e-mail address is unique: of two that come at once, one is refused.
    async fn create(&self, user: &User, password_hash: &str) -> Result<(), CreateUserError>;
    /// The account of an address, with its password's hash (a PHC string).
    async fn credentials(&self, email: &Email) -> Result<Option<(User, String)>, StoreError>;
    /// An account.
    async fn find(&self, user: UserId) -> Result<Option<User>, StoreError>;
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Somebody has the address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Families of refresh tokens: each use replaces the token, and a replaced one that comes back revokes the family.
/// Only the SHA-256 of a token is kept.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// A family begins.
    async fn start(
        &self,
        session: SessionId,
        user: UserId,
        token_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Replace the family's token; of two that try at once, one is refused as reused. A family past `expires_at` is unknown.
    async fn rotate(
        &self,
        session: SessionId,
        old_hash: &[u8; 32],
        new_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<UserId, RotateError>;
    /// End a family. Ending it again changes nothing.
    async fn revoke(&self, session: SessionId) -> Result<(), StoreError>;
}

/// Why a refresh token was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// It was replaced before, or its family was revoked; the family is revoked now.
    #[error("the refresh token was used before")]
    Reused,
    /// No such family, or it ended.
    #[error("no such session")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
