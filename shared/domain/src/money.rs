//! Money: whole minor units of one currency. There is no arithmetic across currencies because a show has only one.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The highest ticket price, in minor units. It keeps the sum of any booking far below what a JSON number holds exactly.
pub const PRICE_MAX: u64 = 1_000_000_000;

/// The currencies of ISO 4217 in use as of 2026, without funds, precious metals, units of account and test codes: no
/// ticket can be paid in those.
const IN_USE: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP \
    CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR \
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG \
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV \
    WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// An ISO 4217 code such as `KRW`, whose minor unit is the won itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// The lowest and the highest of some prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRange {
    /// The lowest price in minor units.
    pub min: u64,
    /// The highest price in minor units.
    pub max: u64,
}

impl PriceRange {
    /// The range of some prices; `None` if there are none.
    #[must_use]
    pub fn of(prices: impl IntoIterator<Item = u64>) -> Option<Self> {
        prices.into_iter().map(|price| Self { min: price, max: price }).reduce(Self::and)
    }

    /// Returns the smallest range that contains both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

impl Currency {
    /// Parses the code of a currency in use.
    ///
    /// # Errors
    /// The text is not the code of a currency in use.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if IN_USE.split(' ').any(|code| code == raw) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::because("must be an ISO 4217 code of money in use, such as KRW"))
        }
    }

    /// The ISO 4217 code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The default is the won.
impl Default for Currency {
    fn default() -> Self {
        Self("KRW".to_owned())
    }
}

/// Reads a stored code. A booking stays readable after its currency goes out of use.
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
    fn only_a_currency_in_use_is_accepted_and_every_stored_one_is_read() {
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
    fn a_range_contains_all_of_its_prices() {
        assert_eq!(PriceRange::of([]), None);
        assert_eq!(PriceRange::of([5, 2, 9]), Some(PriceRange { min: 2, max: 9 }));
    }
}
