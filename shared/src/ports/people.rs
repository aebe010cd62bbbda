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

/// Families of refresh tokens: each use replaces the token by the one that follows from it, and a replaced one that comes
/// back later revokes the family. Of a token only the SHA-256 is kept.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// A family begins.
    async fn start(&self, session: &NewSession) -> Result<(), StoreError>;
    /// A family that is not past its end, whether or not it was revoked. One that an older version began has no key and
    /// gets `key`, once and for all.
    async fn find(
        &self,
        session: SessionId,
        key: FamilyKey,
        now: Timestamp,
    ) -> Result<Option<Family>, StoreError>;
    /// Replace the family's token. Replacing it by the same one again succeeds and changes nothing, for a while; of two that
    /// differ, one is refused as reused.
    async fn rotate(&self, rotation: &Rotation) -> Result<(), RotateError>;
    /// End a family. Ending it again changes nothing.
    async fn revoke(&self, session: SessionId) -> Result<(), StoreError>;
}

/// What the tokens of a family are made with. Alone it makes none: each needs the one before it, too, and that is not kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FamilyKey(pub [u8; 32]);

/// It is half of a secret.
impl fmt::Debug for FamilyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FamilyKey(…)")
    }
}

/// A family that begins.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its name.
    pub session: SessionId,
    /// The account.
    pub user: UserId,
    /// What its tokens are made with.
    pub key: FamilyKey,
    /// Of its first token.
    pub token_hash: [u8; 32],
    /// Without a use until then it ends.
    pub expires_at: Timestamp,
}

/// A family as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The account.
    pub user: UserId,
    /// What its tokens are made with.
    pub key: FamilyKey,
    /// Of the token that is good.
    pub token_hash: [u8; 32],
}

/// A token that is to be replaced.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// Of which family.
    pub session: SessionId,
    /// The token that was brought.
    pub old_hash: [u8; 32],
    /// The one that follows from it.
    pub new_hash: [u8; 32],
    /// When.
    pub now: Timestamp,
    /// A replacement that was made after that may be made again.
    pub repeatable_since: Timestamp,
    /// Without a use until then the family ends.
    pub expires_at: Timestamp,
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
