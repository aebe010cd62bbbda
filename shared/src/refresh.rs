//! Refresh tokens: a session's id and a secret of which only the hash is stored.

use crate::{
    http::{Code, Problem},
    tokens::{ACCESS_TTL_S, Access, Tokens},
    wire::TokenPair,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{UserId, id::SessionId, user::Role};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A session that is not used for this long ends.
pub const SESSION_TTL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A refresh token as its owner holds it.
#[derive(Clone)]
pub struct RefreshToken {
    /// Of which session.
    pub session: SessionId,
    secret: [u8; 32],
}

impl RefreshToken {
    /// A session's next token.
    #[must_use]
    pub fn new(session: SessionId, secret: [u8; 32]) -> Self {
        Self { session, secret }
    }

    /// Read what a client sent.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let (session, secret) = raw.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { session: SessionId(Uuid::try_parse(session).ok()?), secret })
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    fn text(&self) -> String {
        format!("{}.{}", self.session.0.simple(), URL_SAFE_NO_PAD.encode(self.secret))
    }
}

/// A fresh access token beside this refresh token.
pub fn token_pair(
    tokens: &Tokens,
    user: UserId,
    role: Role,
    refresh: &RefreshToken,
    now: Timestamp,
) -> Result<TokenPair, Problem> {
    let iat = now.as_second();
    let access = Access { sub: user, role, iat, exp: iat + ACCESS_TTL_S };
    Ok(TokenPair {
        access_token: tokens.sign(&access).ok_or(Code::Internal)?,
        token_type: "Bearer",
        expires_in: ACCESS_TTL_S,
        refresh_token: refresh.text(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_survives_its_own_text_and_its_hash_tells_secrets_apart() {
        let token = RefreshToken::new(SessionId(Uuid::max()), [7; 32]);
        let read = RefreshToken::parse(&token.text()).expect("well formed");
        assert_eq!((read.session, read.hash()), (token.session, token.hash()));
        assert_ne!(RefreshToken::new(SessionId(Uuid::max()), [8; 32]).hash(), token.hash());
        for raw in ["", ".", "x.y", &token.text()[1..]] {
            assert!(RefreshToken::parse(raw).is_none(), "{raw}");
        }
    }
}
