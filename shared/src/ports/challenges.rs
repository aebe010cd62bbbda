//! What somebody's machine must do before they may join a queue, where the organizer wants it.

use domain::{PerformanceId, UserId, challenge::Solution};
use jiff::Timestamp;

/// How a challenge's nonce is hashed.
pub const CHALLENGE_ALGORITHM: &str = "sha256";

/// Gives challenges and knows their solutions. Every instance accepts what any other gave.
pub trait Challenges: Send + Sync {
    /// A challenge for this person and performance, good for some minutes; nothing where this process may not give any.
    fn give(&self, user: UserId, performance: PerformanceId, bits: u8, now: Timestamp) -> Option<String>;
    /// Whether this is the solution of a challenge that was given to this person for this performance, is still good,
    /// and is at least so hard.
    fn accepts(
        &self,
        solution: &Solution,
        user: UserId,
        performance: PerformanceId,
        bits: u8,
        now: Timestamp,
    ) -> bool;
}
