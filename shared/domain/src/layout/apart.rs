//! Whether the seats of a drawn house have room.

use super::{Layout, SeatIndex, SeatPosition};
use crate::Invalid;
use std::collections::HashMap;

/// The least distance between the middles of two seats, in metres: less is a mistake of the drawing.
const APART_M: f64 = 0.25;

impl Layout {
    /// Checks that no two seats stand in the same place. It takes a moment for a stadium, so a plan is checked once, when it
    /// comes in.
    ///
    /// # Errors
    /// Names two seats that stand too near each other.
    pub fn check_apart(&self) -> Result<(), Invalid> {
        let mut cells: HashMap<(i64, i64), Vec<(SeatIndex, SeatPosition)>> = HashMap::new();
        for (index, seat) in self.positions() {
            let (x, y) = cell(seat);
            let near = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
            let mut others = near.filter_map(|cell| cells.get(&cell)).flatten();
            if let Some((other, _)) = others.find(|(_, other)| other.distance_to((seat.x, seat.y)) < APART_M)
            {
                let name = |index| self.name_of(index).map(String::from).unwrap_or_default();
                let (one, other) = (name(*other), name(index));
                return Err(Invalid::because(format!("seats {one} and {other} stand in the same place")));
            }
            cells.entry((x, y)).or_default().push((index, seat));
        }
        Ok(())
    }

    /// All seats that have a position, in layout order.
    pub fn positions(&self) -> impl Iterator<Item = (SeatIndex, SeatPosition)> {
        let seats = self.rows.iter().flat_map(|row| row.indexes().map(move |index| (row, SeatIndex(index))));
        seats.filter_map(|(row, index)| Some((index, row.position(index)?)))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a house is a few kilometres wide at most")]
fn cell(seat: SeatPosition) -> (i64, i64) {
    ((seat.x / APART_M).floor() as i64, (seat.y / APART_M).floor() as i64)
}
