//! The token of a device that an account has logged in from. Wrong guesses made elsewhere don't lock such a device out.

use domain::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::services::tokens::{Claims, Tokens};
use uuid::Uuid;

/// How long a token is valid, in seconds. Each log-in renews it.
const GOOD_S: i64 = 400 * 86_400;

/// The content of a `Device-Token`. It grants nothing: it only says which failures are counted together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KnownDevice {
    sub: UserId,
    name: Uuid,
    iat: i64,
    exp: i64,
}

impl Claims for KnownDevice {
    const AUDIENCE: &'static str = "yemae:device";
    fn is_good(&self, now: Timestamp) -> bool {
        now.as_second() < self.exp
    }
}

impl KnownDevice {
    /// The token for a device at a log-in: a new name, unless the device has one.
    pub(crate) fn new(account: UserId, name: Uuid, now: Timestamp) -> Self {
        let iat = now.as_second();
        Self { sub: account, name, iat, exp: iat + GOOD_S }
    }

    /// Reads the client's token, if it is ours and still valid.
    pub(crate) fn read(tokens: &Tokens, token: &str, now: Timestamp) -> Option<Self> {
        tokens.once(token, now)
    }

    /// The device's name, if this account knows the device.
    pub(crate) fn known_to(&self, account: UserId) -> Option<Uuid> {
        (self.sub == account).then_some(self.name)
    }
}
