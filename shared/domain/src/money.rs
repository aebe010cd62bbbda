//! Money: whole minor units of one currency. There is no arithmetic across currencies because a show has only one.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The dearest ticket, in minor units: keeps the sum of any booking far below what JSON numbers hold exactly.
pub const PRICE_MAX: u64 = 1_000_000_000;

/// Money of ISO 4217 that is in use, as of 2026: without funds, precious metals, units of account and codes for testing,
/// in none of which a ticket can be paid.
const IN_USE: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP \
    CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR \
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG \
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV \
    WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// An ISO 4217 code such as `KRW`, which has no minor unit below 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// The cheapest and the dearest of some seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRange {
    /// Minor units.
    pub min: u64,
    /// Minor units.
    pub max: u64,
}

impl PriceRange {
    /// From the lowest to the highest of some prices; nothing where there is none.
    #[must_use]
    pub fn of(prices: impl IntoIterator<Item = u64>) -> Option<Self> {
        prices.into_iter().map(|price| Self { min: price, max: price }).reduce(Self::and)
    }

    /// The range that holds both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

impl Currency {
    /// The code of money that is in use.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if IN_USE.split(' ').any(|code| code == raw) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::because("must be an ISO 4217 code of money in use, such as KRW"))
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

/// What was stored: a booking stays readable after its money went out of use.
impl TryFrom<String> for Currency {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        if raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(raw))
        } else {
            Err(Invalid::because("must be three capital letters"))
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_money_in_use_is_taken_and_all_that_was_stored_is_read() {
        for code in ["KRW", "USD", "EUR", "JPY", "ZWG", "AED"] {
            assert_eq!(Currency::parse(code).as_ref().map(Currency::as_str), Ok(code));
        }
        for code in ["ZZZ", "XXX", "XTS", "XAU", "HRK", "krw", "KR", "KRWN", "", " ", "KRW "] {
            assert!(Currency::parse(code).is_err(), "{code} was accepted");
        }
        assert!(Currency::try_from("HRK".to_owned()).is_ok());
        assert!(Currency::try_from("won".to_owned()).is_err());
    }

    #[test]
    fn a_range_holds_all_of_its_prices() {
        assert_eq!(PriceRange::of([]), None);
        assert_eq!(PriceRange::of([5, 2, 9]), Some(PriceRange { min: 2, max: 9 }));
    }
}
