//! A hold: seats that one buyer locked for a few minutes while deciding. It never outlives its time and is never a sale.

use crate::{PerformanceId, UserId, layout::SeatIndex};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The name of a hold together with its performance, so that one look-up finds it. It is opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoldId {
    /// The performance that the hold is for.
    pub performance: PerformanceId,
    /// Tells the holds of one performance apart.
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

/// The text is not the id of any hold.
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

/// Seats that one buyer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The hold's id.
    pub hold_id: HoldId,
    /// The buyer.
    pub user: UserId,
    /// The locked seats, in layout order.
    pub seats: Vec<SeatIndex>,
    /// When the hold ends and the seats become free.
    pub expires_at: Timestamp,
    /// The map's version when the hold was given, so it grows with every hold of the performance.
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
