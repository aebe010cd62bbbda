//! Whether the seats of a drawn house have room.

use super::{Layout, SeatIndex, SeatPosition};
use crate::Invalid;

/// The least distance between the middles of two seats, in metres: less is a mistake of the drawing.
const APART_M: f64 = 0.25;

/// A seat and the strip of the house that it stands in. Strips are as wide as seats must be apart.
type Stand = (i64, SeatPosition, SeatIndex);

impl Layout {
    /// Checks that no two seats stand in the same place. It takes a moment for a stadium, so a plan is checked once, when it
    /// comes in.
    ///
    /// # Errors
    /// Names two seats that stand too near each other.
    pub fn check_apart(&self) -> Result<(), Invalid> {
        let mut stands: Vec<Stand> =
            self.positions().map(|(index, seat)| (strip(seat), seat, index)).collect();
        stands.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.x.total_cmp(&other.1.x)));
        let mut strips = stands.chunk_by(|one, other| one.0 == other.0).peekable();
        while let Some(own) = strips.next() {
            let next = strips.peek().filter(|next| strip_of(next) == strip_of(own).map(|number| number + 1));
            let near = within_strip(own).or_else(|| next.and_then(|next| between_strips(own, next)));
            if let Some((one, other)) = near {
                let name = |index| self.name_of(index).map(String::from).unwrap_or_default();
                let (one, other) = (name(one.min(other)), name(one.max(other)));
                return Err(Invalid::because(format!("seats {one} and {other} stand in the same place")));
            }
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
fn strip(seat: SeatPosition) -> i64 {
    (seat.y / APART_M).floor() as i64
}

fn strip_of(stands: &[Stand]) -> Option<i64> {
    stands.first().map(|stand| stand.0)
}

/// Two seats of a strip that are too near each other. Its seats are in order from left to right.
fn within_strip(stands: &[Stand]) -> Option<(SeatIndex, SeatIndex)> {
    let mut rest = stands;
    while let [one, after @ ..] = rest {
        if let Some(pair) = near(one, after) {
            return Some(pair);
        }
        rest = after;
    }
    None
}

fn between_strips(own: &[Stand], next: &[Stand]) -> Option<(SeatIndex, SeatIndex)> {
    let mut rest = next;
    own.iter().find_map(|one| {
        let passed = rest.iter().take_while(|other| other.1.x <= one.1.x - APART_M).count();
        rest = rest.get(passed..).unwrap_or_default();
        near(one, rest)
    })
}

/// The first that is too near, among others from left to right of which none is far to the left.
fn near(one: &Stand, others: &[Stand]) -> Option<(SeatIndex, SeatIndex)> {
    let mut beside = others.iter().take_while(|other| other.1.x < one.1.x + APART_M);
    let other = beside.find(|other| other.1.distance_to((one.1.x, one.1.y)) < APART_M)?;
    Some((one.2, other.2))
}
