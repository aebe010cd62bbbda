//! Time and identity, as arguments.

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
    /// 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
}
