//! The mark of a device that an account was logged in to from: guesses that come from elsewhere do not stand in its way.

use domain::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::services::tokens::{Claims, Tokens};
use uuid::Uuid;

/// How long a mark is good, seconds; each log-in makes it good for as long again.
const GOOD_S: i64 = 400 * 86_400;

/// What a `Device-Token` says. It opens nothing: it only says which failures are counted together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    /// The account.
    sub: UserId,
    name: Uuid,
    iat: i64,
    exp: i64,
}

impl Claims for Device {
    const AUDIENCE: &'static str = "yemae:device";
    fn is_good(&self, now: Timestamp) -> bool {
        now.as_second() < self.exp
    }
}

impl Device {
    /// The mark of a device at a log-in: a new name, unless it has one.
    pub(crate) fn new(account: UserId, name: Uuid, now: Timestamp) -> Self {
        let iat = now.as_second();
        Self { sub: account, name, iat, exp: iat + GOOD_S }
    }

    /// What a client brought, if it is ours and still good.
    pub(crate) fn read(tokens: &Tokens, token: &str, now: Timestamp) -> Option<Self> {
        tokens.once(token, now)
    }

    /// The device's name, if it is known to that account.
    pub(crate) fn known_to(&self, account: UserId) -> Option<Uuid> {
        (self.sub == account).then_some(self.name)
    }
}
