//! The proof of work that a client must bring before it may join a queue, if the organizer wants one. No store remembers
//! a challenge: it is a signed token that names its account, its performance and its difficulty.

use super::tokens::{Claims, Tokens};
use domain::{PerformanceId, UserId, challenge::Solution};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a challenge's nonce is hashed.
pub const CHALLENGE_ALGORITHM: &str = "sha256";
/// How long a challenge is good, in seconds: long enough for a phone, too short to solve many in advance.
pub const CHALLENGE_TTL_S: i64 = 300;

/// What a challenge says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Challenge {
    sub: UserId,
    performance: PerformanceId,
    bits: u8,
    exp: i64,
}

impl Claims for Challenge {
    const AUDIENCE: &'static str = "yemae:challenge";
    fn is_good(&self, now: Timestamp) -> bool {
        now.as_second() < self.exp
    }
}

/// Issues challenges and checks their solutions. Every instance accepts what any other issued.
#[derive(Debug, Clone)]
pub struct Challenges {
    tokens: Arc<Tokens>,
}

impl Challenges {
    /// Signs and verifies with these keys.
    #[must_use]
    pub fn new(tokens: Arc<Tokens>) -> Self {
        Self { tokens }
    }

    /// A challenge for this account and performance, good for [`CHALLENGE_TTL_S`]; `None` if this process has no private
    /// key.
    #[must_use]
    pub fn give(&self, user: UserId, performance: PerformanceId, bits: u8, now: Timestamp) -> Option<String> {
        let exp = now.as_second() + CHALLENGE_TTL_S;
        self.tokens.sign(&Challenge { sub: user, performance, bits, exp })
    }

    /// Whether this solves a challenge that was issued to this account for this performance, has not expired, and is at
    /// least this hard.
    #[must_use]
    pub fn accepts(
        &self,
        solution: &Solution,
        user: UserId,
        performance: PerformanceId,
        bits: u8,
        now: Timestamp,
    ) -> bool {
        // The hash first: it costs a hundredth of a signature, so that nonsense costs little.
        solution.has_zero_bits(bits)
            && self.tokens.once(&solution.challenge, now).is_some_and(|given: Challenge| {
                given.sub == user
                    && given.performance == performance
                    && given.bits >= bits
                    && solution.has_zero_bits(given.bits)
            })
    }
}
