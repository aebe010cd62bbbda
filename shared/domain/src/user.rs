//! People: who they are and what they may do.

use crate::{Invalid, UserId, text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest e-mail address that SMTP can carry (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 10;
/// The most characters of a password: a bound on the work of hashing it.
pub const PASSWORD_MAX: usize = 128;
/// The most characters of a name.
pub const NAME_MAX: usize = 100;

/// An account as everybody who may see it sees it; the password's hash is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Who.
    pub user_id: UserId,
    /// Where they are written to, and what they log in with.
    pub email: Email,
    /// What they call themselves.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// What a person may do. Nobody signs up as anything but a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Buys seats.
    Buyer,
    /// Makes shows and opens their sales.
    Organizer,
    /// Manages everybody's shows.
    Admin,
}

impl Role {
    /// Whether this role makes and manages shows.
    #[must_use]
    pub fn manages(self) -> bool {
        matches!(self, Self::Organizer | Self::Admin)
    }
}

/// An e-mail address, trimmed, in lower case and composed: none of these tells two people apart. What is read from a store
/// was checked when it was written, by the rules of that time, and is taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// An address of the form `local@domain`.
    ///
    /// # Errors
    /// What cannot be an address. Whether it is in use is only known by writing to it.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let email = text::folded(raw);
        text::check_visible(&email)?;
        let plausible = email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && domain.contains('.')
                && !domain.contains('@')
                && domain.split('.').all(|label| !label.is_empty())
        });
        // A variation selector only chooses between two shapes of the character before it.
        let clean = !email.chars().any(|c| c.is_whitespace() || matches!(c, '\u{FE00}'..='\u{FE0F}'));
        if plausible && clean && email.len() <= EMAIL_MAX {
            Ok(Self(email))
        } else {
            Err(Invalid::because("must be an e-mail address"))
        }
    }

    /// The key under which an older version kept this address, where that is another: it knew lower case and white space
    /// alone, so only addresses beyond ASCII have one. Nothing is made under it any more.
    #[must_use]
    pub fn of_older_version(raw: &str) -> Option<Self> {
        let old = raw.trim().to_lowercase();
        let differs = Self::parse(raw).ok().is_none_or(|email| email.0 != old);
        (differs && old.contains('@') && old.len() <= EMAIL_MAX).then_some(Self(old))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Email {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A password as it was typed. It has no `Display` and its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// 10 to 128 characters; nothing else is asked of it (NIST SP 800-63B, 3.1.1).
    ///
    /// # Errors
    /// Too short or too long.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if (PASSWORD_MIN..=PASSWORD_MAX).contains(&raw.chars().count()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::because(format!("must be {PASSWORD_MIN} to {PASSWORD_MAX} characters")))
        }
    }

    /// A password to be compared: any length up to the bound on the work.
    ///
    /// # Errors
    /// Too long.
    pub fn attempt(raw: &str) -> Result<Self, Invalid> {
        if raw.chars().count() <= PASSWORD_MAX {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::because(format!("must be at most {PASSWORD_MAX} characters")))
        }
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a person calls themselves: one line of 1 to 100 characters.
///
/// # Errors
/// Too short, too long, or with characters that cannot be seen.
pub fn name(raw: &str) -> Result<String, Invalid> {
    text::line(raw, 1, NAME_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_composition_and_surrounding_space_do_not_tell_addresses_apart() {
        assert_eq!(Email::parse("  Ana@Example.ORG "), Email::parse("ana@example.org"));
        assert_eq!(Email::parse("JOSÉ@example.org"), Email::parse("jose\u{301}@example.org"));
    }

    #[test]
    fn an_address_beyond_ascii_is_also_looked_for_as_it_once_was_kept() {
        let old = |raw: &str| Email::of_older_version(raw).map(String::from);
        assert_eq!((old(" Ana@Example.org "), old("josé@example.org"), old("ana")), (None, None, None));
        assert_eq!(old("Jose\u{301}@example.org"), Some("jose\u{301}@example.org".into()));
        assert_eq!(old("a@b.c\u{200B}"), Some("a@b.c\u{200B}".into()));
        let stored = Email::from("a@b.c\u{200B}".to_owned());
        assert_eq!(stored.as_str(), "a@b.c\u{200B}");
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for raw in ["", "a", "@b.c", "a@", "a@b", "a@b..c", "a b@c.d", "a@b.c@d.e", "a@.b", "a\u{0}@b.c"] {
            assert!(Email::parse(raw).is_err(), "{raw:?} was accepted");
        }
        for hidden in ['\u{200B}', '\u{200E}', '\u{202E}', '\u{2060}', '\u{FEFF}', '\u{FE0F}', '\u{AD}'] {
            for raw in [format!("{hidden}a@b.c"), format!("a{hidden}@b.c"), format!("a@b.c{hidden}")] {
                assert!(Email::parse(&raw).is_err(), "{raw:?} was accepted");
            }
        }
    }

    #[test]
    fn a_password_never_shows_in_debug_output() {
        let password = Password::parse("correct horse").expect("long enough");
        assert!(!format!("{password:?}").contains("horse"));
    }

    proptest! {
        #[test]
        fn parsing_an_address_twice_changes_nothing(local in "[A-Za-z0-9.+]{1,20}", domain in "[A-Za-z0-9]{1,10}\\.[A-Za-z]{2,5}") {
            let once = Email::parse(&format!("{local}@{domain}")).expect("well formed");
            prop_assert_eq!(Email::parse(once.as_str()), Ok(once.clone()));
        }

        #[test]
        fn a_password_is_accepted_exactly_within_its_bounds(raw in "\\PC{0,140}") {
            let length = raw.chars().count();
            prop_assert_eq!(Password::parse(&raw).is_ok(), (PASSWORD_MIN..=PASSWORD_MAX).contains(&length));
        }
    }
}
