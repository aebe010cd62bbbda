//! Time and identity, as arguments.

use super::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

/// The source of time.
pub trait Clock: Send + Sync {
    /// Now, to the microsecond at the finest.
    fn now(&self) -> Timestamp;
}

/// The source of new ids and secrets.
pub trait Ids: Send + Sync {
    /// A UUIDv7 that sorts after those made before.
    fn uuid(&self) -> Uuid;
    /// A random number where it need not be secret.
    fn dice(&self) -> u64 {
        let [.., a, b, c, d] = *self.uuid().as_bytes();
        u64::from(u32::from_be_bytes([a, b, c, d]))
    }
    /// 32 bytes that cannot be guessed.
    fn secret(&self) -> [u8; 32];
}

/// Whether a store is reachable, for `/readyz`.
#[async_trait]
pub trait Health: Send + Sync {
    /// One cheap call to the store.
    async fn check(&self) -> Result<(), StoreError>;
}
