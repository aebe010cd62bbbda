//! Money: whole minor units of one currency. There is no arithmetic across currencies because a show has only one.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The dearest ticket, in minor units: keeps the sum of any booking far below what JSON numbers hold exactly.
pub const PRICE_MAX: u64 = 1_000_000_000;

/// An ISO 4217 code such as `KRW`, which has no minor unit below 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

impl Currency {
    /// Three capital letters.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::because("must be an ISO 4217 code such as KRW"))
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The won.
impl Default for Currency {
    fn default() -> Self {
        Self("KRW".to_owned())
    }
}

impl TryFrom<String> for Currency {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        Self::parse(&raw)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
