//! A hold: seats that one buyer locked for a few minutes while they decide. It never outlives its time and never sells.

use crate::{PerformanceId, UserId, layout::SeatIndex};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Names a hold and the performance that it is of, so that one look-up finds it. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoldId {
    /// Of which performance.
    pub performance: PerformanceId,
    /// Which of its holds.
    pub token: Uuid,
}

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 32];
        let (performance, token) = bytes.split_at_mut(16);
        performance.copy_from_slice(self.performance.0.as_bytes());
        token.copy_from_slice(self.token.as_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// Not a name that a hold was ever given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hold id")]
pub struct NotAHoldId;

impl FromStr for HoldId {
    type Err = NotAHoldId;
    fn from_str(raw: &str) -> Result<Self, NotAHoldId> {
        let bytes = URL_SAFE_NO_PAD.decode(raw).map_err(|_| NotAHoldId)?;
        let (performance, token) = bytes.split_at_checked(16).ok_or(NotAHoldId)?;
        Ok(Self {
            performance: PerformanceId(Uuid::from_slice(performance).map_err(|_| NotAHoldId)?),
            token: Uuid::from_slice(token).map_err(|_| NotAHoldId)?,
        })
    }
}

/// Seats under one lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its name.
    pub hold_id: HoldId,
    /// Whose.
    pub user: UserId,
    /// In layout order.
    pub seats: Vec<SeatIndex>,
    /// When the seats become free by themselves.
    pub expires_at: Timestamp,
    /// Grows with every lock of the performance.
    pub fence: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_hold_id_survives_its_own_text(performance: u128, token: u128) {
            let id = HoldId { performance: PerformanceId(Uuid::from_u128(performance)), token: Uuid::from_u128(token) };
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn other_text_is_no_hold_id(raw in "\\PC{0,60}") {
            if let Ok(id) = raw.parse::<HoldId>() {
                prop_assert_eq!(id.to_string(), raw);
            }
        }
    }
}
