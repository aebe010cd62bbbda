//! How many seats of a performance are taken, and how many are left.

use serde::{Deserialize, Serialize};

/// Live figures of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SeatFigures {
    /// Seats on hold.
    pub held: u64,
    /// Seats reserved, not yet paid for.
    pub reserved: u64,
    /// Seats paid for.
    pub sold: u64,
}

/// What is left of a performance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Seats that could be held now.
    pub now: u64,
    /// Whether any seat is not reserved or sold: held ones may come back.
    pub any: bool,
}

impl SeatFigures {
    /// What is left of so many seats for sale.
    #[must_use]
    pub fn left_of(&self, for_sale_count: u32) -> Left {
        let (for_sale, gone) = (u64::from(for_sale_count), self.reserved + self.sold);
        Left { now: for_sale.saturating_sub(gone + self.held), any: for_sale > gone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_seats_may_come_back_and_others_are_gone() {
        let figures = |held, reserved, sold| SeatFigures { held, reserved, sold };
        assert_eq!(figures(0, 0, 0).left_of(10), Left { now: 10, any: true });
        assert_eq!(figures(3, 2, 1).left_of(10), Left { now: 4, any: true });
        assert_eq!(figures(4, 4, 2).left_of(10), Left { now: 0, any: true });
        assert_eq!(figures(0, 4, 6).left_of(10), Left { now: 0, any: false });
        assert_eq!(figures(9, 9, 9).left_of(10), Left { now: 0, any: false }, "figures may lag behind");
        assert!(!figures(0, 0, 0).left_of(0).any, "nothing is for sale");
    }
}
