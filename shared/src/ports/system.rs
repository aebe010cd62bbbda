//! Time and identity, as arguments.

use super::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now, to the microsecond at the finest.
    fn now(&self) -> Timestamp;
}

/// New names and secrets.
pub trait Ids: Send + Sync {
    /// A UUIDv7 that sorts after those made before.
    fn uuid(&self) -> Uuid;
    /// A random number, for what need not be a secret.
    fn dice(&self) -> u64 {
        let [.., a, b, c, d] = *self.uuid().as_bytes();
        u64::from(u32::from_be_bytes([a, b, c, d]))
    }
    /// 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
}

/// Whether a store is reachable, for `/readyz`.
#[async_trait]
pub trait Health: Send + Sync {
    /// One cheap call to the store.
    async fn check(&self) -> Result<(), StoreError>;
}
