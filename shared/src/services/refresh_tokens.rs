//! Refresh tokens: the id of a log-in session, and a secret of which only the hash is stored.
//!
//! A token carries a mark of its family, which tells a token that was given and replaced from one that was never given.
//! The next token follows from it and the family's key, so that asking again gives the same one.

use crate::ports::{Family, FamilyKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::id::SessionId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A log-in session that is not used for this long ends.
pub const SESSION_TTL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long a token may be exchanged again after it was exchanged: the answer may have been lost, or another tab was as
/// fast. It is longer than a request and its repeat take. A token that comes back later is a copy, and ends the family.
pub const REPEATABLE: SignedDuration = SignedDuration::from_secs(30);

/// A refresh token as its owner holds it.
#[derive(Clone)]
pub struct RefreshToken {
    /// The log-in session's id.
    pub session: SessionId,
    /// One half cannot be guessed; the other is the family's mark on it.
    secret: [u8; 32],
}

/// Bytes of each half of a token's secret.
const HALF: usize = 16;

impl RefreshToken {
    /// A family's first token, made from the first half of a fresh secret.
    #[must_use]
    pub fn new(session: SessionId, key: &FamilyKey, secret: [u8; 32]) -> Self {
        Self::marked(session, key, secret.split_at(HALF).0)
    }

    /// Read what a client sent.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let (session, secret) = raw.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { session: SessionId(Uuid::try_parse(session).ok()?), secret })
    }

    /// The token that replaces this one: always the same.
    #[must_use]
    pub fn next(&self, key: &FamilyKey) -> Self {
        let fresh = mac(key, b"next", &self.secret).finalize().into_bytes();
        Self::marked(self.session, key, fresh.split_at(HALF).0)
    }

    /// Whether it was ever given to a client of the family. A token from an older version carries no mark, and is
    /// recognised only while it is good or was just replaced.
    #[must_use]
    pub fn is_of(&self, family: &Family) -> bool {
        let (half, mark) = self.secret.split_at(HALF);
        mac(&family.key, b"mark", half).verify_truncated_left(mark).is_ok()
            || [self.hash(), self.next(&family.key).hash()].contains(&family.token_hash)
    }

    fn marked(session: SessionId, key: &FamilyKey, half: &[u8]) -> Self {
        let mark = mac(key, b"mark", half).finalize().into_bytes();
        let mut secret = [0; 2 * HALF];
        let (first, second) = secret.split_at_mut(HALF);
        first.copy_from_slice(half);
        second.copy_from_slice(mark.split_at(HALF).0);
        Self { session, secret }
    }

    /// The hash that is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// The token as the client holds it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}", self.session.0.simple(), URL_SAFE_NO_PAD.encode(self.secret))
    }
}

#[expect(clippy::expect_used, reason = "a key of any length will do (RFC 2104, 2)")]
fn mac(key: &FamilyKey, purpose: &[u8], message: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("a key");
    mac.chain_update(purpose).chain_update(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UserId;

    const KEY: FamilyKey = FamilyKey([1; 32]);

    fn token(secret: u8) -> RefreshToken {
        RefreshToken::new(SessionId(Uuid::max()), &KEY, [secret; 32])
    }

    fn family(good: &RefreshToken) -> Family {
        Family { user: UserId(Uuid::max()), key: KEY, token_hash: good.hash() }
    }

    #[test]
    fn a_refresh_token_survives_its_own_text_and_its_hash_tells_secrets_apart() {
        let read = RefreshToken::parse(&token(7).text()).expect("well formed");
        assert_eq!((read.session, read.hash()), (token(7).session, token(7).hash()));
        assert_ne!(token(8).hash(), token(7).hash());
        for raw in ["", ".", "x.y", &token(7).text()[1..]] {
            assert!(RefreshToken::parse(raw).is_none(), "{raw}");
        }
    }

    #[test]
    fn the_next_token_follows_from_the_one_before_and_the_key() {
        let next = token(7).next(&KEY);
        assert_eq!(next.hash(), token(7).next(&KEY).hash());
        for other in [token(7), token(8).next(&KEY), token(7).next(&FamilyKey([2; 32])), next.next(&KEY)] {
            assert_ne!(next.hash(), other.hash());
        }
    }

    #[test]
    fn a_token_that_was_never_given_is_told_from_one_that_was_replaced() {
        let family = family(&token(7).next(&KEY).next(&KEY));
        assert!(token(7).is_of(&family) && token(7).next(&KEY).is_of(&family));
        let forged = RefreshToken { session: SessionId(Uuid::max()), secret: [9; 32] };
        assert!(!forged.is_of(&family));
        let of_another = RefreshToken::new(SessionId(Uuid::max()), &FamilyKey([2; 32]), [7; 32]);
        assert!(!of_another.is_of(&family));
    }

    #[test]
    fn a_token_of_an_older_version_is_known_while_it_is_good_and_just_after() {
        let unmarked = RefreshToken { session: SessionId(Uuid::max()), secret: [9; 32] };
        assert!(unmarked.is_of(&family(&unmarked)) && unmarked.is_of(&family(&unmarked.next(&KEY))));
        assert!(!unmarked.is_of(&family(&unmarked.next(&KEY).next(&KEY))));
    }
}
