//! Proof of work: what a client must compute before it may join, so that joining with very many accounts costs much.

use crate::Invalid;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The longest nonce, in characters: far more than finding one takes.
pub const NONCE_MAX: usize = 64;

/// The text that makes the hash begin with zeros; found by trial.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Nonce(String);

/// A challenge and the nonce found for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The challenge's token, as it was issued.
    pub challenge: String,
    /// The nonce found for it.
    pub nonce: Nonce,
}

impl Nonce {
    /// Any text of at most 64 characters.
    ///
    /// # Errors
    /// The text is too long.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        Self::try_from(raw.to_owned())
    }
}

impl TryFrom<String> for Nonce {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        if raw.chars().count() <= NONCE_MAX {
            Ok(Self(raw))
        } else {
            Err(Invalid::because(format!("must be at most {NONCE_MAX} characters")))
        }
    }
}

impl Solution {
    /// Whether the SHA-256 of the challenge, a colon and the nonce begins with this many zero bits. The challenge's token
    /// says which buyer it belongs to and when it expires.
    #[must_use]
    pub fn has_zero_bits(&self, bits: u8) -> bool {
        let hash = Sha256::new().chain_update(&self.challenge).chain_update(":").chain_update(&self.nonce.0);
        leading_zero_bits(&hash.finalize()) >= u32::from(bits)
    }
}

fn leading_zero_bits(hash: &[u8]) -> u32 {
    let zeros = hash.iter().take_while(|byte| **byte == 0).count();
    let rest = hash.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).map_or(u32::MAX, |zeros| zeros * 8 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn solution(challenge: &str, nonce: &str) -> Solution {
        Solution { challenge: challenge.to_owned(), nonce: Nonce::parse(nonce).expect("short") }
    }

    #[test]
    fn zero_bits_are_counted_over_bytes() {
        for (hash, bits) in [
            (&[0xff, 0][..], 0),
            (&[0x7f, 0], 1),
            (&[1, 0], 7),
            (&[0, 0xff], 8),
            (&[0, 0x0f], 12),
            (&[0, 0], 16),
            (&[], 0),
        ] {
            assert_eq!(leading_zero_bits(hash), bits, "{hash:?}");
        }
    }

    #[test]
    fn the_hash_is_that_of_challenge_colon_nonce() {
        // Found by another implementation of SHA-256.
        for (nonce, bits) in [("3062", 9), ("157512", 20)] {
            let found = solution("header.payload.signature", nonce);
            assert!(found.has_zero_bits(bits) && !found.has_zero_bits(bits + 1), "{nonce}");
        }
    }

    #[test]
    fn a_nonce_is_bounded_in_characters() {
        assert!(Nonce::parse(&"예".repeat(NONCE_MAX)).is_ok());
        assert!(Nonce::parse(&"a".repeat(NONCE_MAX + 1)).is_err());
    }

    proptest! {
        #[test]
        fn trying_finds_a_nonce_that_holds_for_every_easier_challenge(challenge in "[a-z.]{1,40}") {
            let found = (0..u32::MAX).map(|n| solution(&challenge, &n.to_string())).find(|one| one.has_zero_bits(6));
            let found = found.expect("one in 64");
            prop_assert!((0..=6).all(|bits| found.has_zero_bits(bits)));
        }
    }
}
