//! Accounts: who people are and what they may do.

use crate::{Invalid, UserId, password, plain};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest e-mail address that SMTP can carry (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 10;
/// The most characters of a password, which bounds the work of hashing it.
pub const PASSWORD_MAX: usize = 128;
/// The most characters of a name.
pub const NAME_MAX: usize = 100;

/// An account. The hash of its password is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The account's id.
    pub user_id: UserId,
    /// The address to write to, and to log in with.
    pub email: Email,
    /// The name that the person chose.
    pub name: String,
    /// What the person may do.
    pub role: Role,
}

/// What a person may do. Every account begins as a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Buys seats.
    Buyer,
    /// Creates shows and opens their sales.
    Organizer,
    /// Manages all shows.
    Admin,
}

impl Role {
    /// Whether this role creates and manages shows.
    #[must_use]
    pub fn manages(self) -> bool {
        matches!(self, Self::Organizer | Self::Admin)
    }
}

/// An e-mail address: trimmed, in lower case and composed, none of which tells two people apart. An address from the store
/// was checked by the rules of its time and is taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Parses an address of the form `local@domain`.
    ///
    /// # Errors
    /// The text cannot be an address. Only sending mail to it would tell whether it is in use.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let email = plain::folded(raw);
        plain::check_visible(&email)?;
        if is_plausible(&email) {
            Ok(Self(email))
        } else {
            Err(Invalid::because("must be an e-mail address"))
        }
    }

    /// The spellings under which to look up an address. An older version folded only ASCII case and white space, so an
    /// address beyond ASCII may be stored in another spelling, or be one that is no longer accepted.
    ///
    /// # Errors
    /// The text could never have been an address.
    pub fn spellings(raw: &str) -> Result<Spellings, Invalid> {
        let old = raw.trim().to_lowercase();
        let old = is_plausible(&old).then_some(Self(old));
        match (Self::parse(raw), old) {
            (Ok(now), once) => Ok(Spellings { once: once.filter(|once| *once != now), now }),
            (Err(_), Some(now)) => Ok(Spellings { now, once: None }),
            (Err(why), None) => Err(why),
        }
    }

    /// The address as it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The spellings of one address: today's, and an older one if that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spellings {
    /// The spelling by today's rules.
    pub now: Email,
    /// The spelling by the rules of an older version.
    pub once: Option<Email>,
}

fn is_plausible(email: &str) -> bool {
    let parts = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && domain.contains('.')
            && !domain.contains('@')
            && domain.split('.').all(|label| !label.is_empty())
    });
    parts && email.len() <= EMAIL_MAX && !email.chars().any(|c| c.is_whitespace() || c.is_control())
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

/// A password as it was typed. It has no `Display`, and its `Debug` reveals nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Parses a new password: 10 to 128 characters, and not one that is guessed first (NIST SP 800-63B, 3.1.1.2).
    ///
    /// # Errors
    /// The password is too short, too long, too common, or a simple pattern.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&raw.chars().count()) {
            return Err(Invalid::because(format!("must be {PASSWORD_MIN} to {PASSWORD_MAX} characters")));
        }
        password::check_uncommon(raw)?;
        Ok(Self(raw.to_owned()))
    }

    /// Parses a new password of this person.
    ///
    /// # Errors
    /// As for [`Self::parse`], or the password is made of the name or the address alone.
    pub fn parse_for(raw: &str, email: &Email, name: &str) -> Result<Self, Invalid> {
        let password = Self::parse(raw)?;
        password::check_not_about(raw, email.as_str(), name)?;
        Ok(password)
    }

    /// Takes a password for comparison: any length up to the bound on the work.
    ///
    /// # Errors
    /// The password is too long.
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

/// A person's name: one line of 1 to 100 characters.
///
/// # Errors
/// The name is too short, too long, or contains control characters.
pub fn name(raw: &str) -> Result<String, Invalid> {
    plain::line(raw, 1, NAME_MAX)
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
    fn an_address_beyond_ascii_is_also_looked_up_in_its_older_spelling() {
        let spellings = |raw: &str| {
            Email::spellings(raw).ok().map(|email| (String::from(email.now), email.once.map(String::from)))
        };
        let same = |email: &str| Some((email.to_owned(), None));
        assert_eq!(spellings(" Ana@Example.org "), same("ana@example.org"));
        assert_eq!(spellings("josé@example.org"), same("josé@example.org"));
        let apart = "jose\u{301}@example.org";
        assert_eq!(
            spellings("Jose\u{301}@example.org"),
            Some(("josé@example.org".into(), Some(apart.into())))
        );
        assert_eq!(spellings("a@b.c\u{200B}"), same("a@b.c\u{200B}"));
        for never in ["ana", "a b@c.d", "a@b", "a\0@b.c"] {
            assert_eq!(spellings(never), None, "{never}");
        }
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
        fn a_password_is_accepted_exactly_within_its_bounds(raw in "x \\PC{0,138}y") {
            let length = raw.chars().count();
            prop_assert_eq!(Password::parse(&raw).is_ok(), (PASSWORD_MIN..=PASSWORD_MAX).contains(&length));
        }
    }
}
