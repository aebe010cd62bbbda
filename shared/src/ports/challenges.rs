//! The proof of work that a client must bring before it may join a queue, if the organizer wants one.

use domain::{PerformanceId, UserId, challenge::Solution};
use jiff::Timestamp;

/// How a challenge's nonce is hashed.
pub const CHALLENGE_ALGORITHM: &str = "sha256";

/// Issues challenges and checks their solutions. Every instance accepts what any other issued.
pub trait Challenges: Send + Sync {
    /// A challenge for this user and performance, good for some minutes; `None` if this process cannot issue any.
    fn give(&self, user: UserId, performance: PerformanceId, bits: u8, now: Timestamp) -> Option<String>;
    /// Whether this solves a challenge that was issued to this user for this performance, has not expired, and is at least
    /// this hard.
    fn accepts(
        &self,
        solution: &Solution,
        user: UserId,
        performance: PerformanceId,
        bits: u8,
        now: Timestamp,
    ) -> bool;
}
