//! Typed identifiers, so that a show's id cannot be passed where a booking's is expected. All are UUIDv7 and sort by
//! the time they were made.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId,
    /// What is played, shown or sung. It has one or more performances.
    ShowId,
    /// One show at one time in one layout: what seats are sold for.
    PerformanceId,
    /// A seat plan; it never changes once it exists.
    LayoutId,
    /// A house of an organizer's library: a seat plan with versions.
    HouseId,
    /// Seats that one buyer reserved or bought together.
    BookingId,
    /// One chain of refresh tokens, from a log-in to its log-out.
    SessionId,
}
