//! Where each seat of a section stands and how far it is turned.
//!
//! A row is centred on its section's middle line and lies behind the row before. In a curved section it is an arc around a
//! point in front of the section, so that all its seats look at that point.

use super::plan::{Point, RowPlan, SectionPlan};
use std::f64::consts::TAU;

/// From seat to seat, where a row does not say it, in metres.
pub(super) const PITCH_M: f64 = 0.55;
/// From row to row, where a row does not say it, in metres.
pub(super) const DEPTH_M: f64 = 0.9;
/// The width of an aisle, in metres.
const AISLE_M: f64 = 1.2;

/// Where a seat stands.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SeatPosition {
    /// To the right, as one looks at the stage, in metres.
    pub x: f64,
    /// Away from the stage, in metres.
    pub y: f64,
    /// How far it is turned clockwise from looking towards smaller y, in degrees.
    pub turn_deg: f64,
}

impl SeatPosition {
    /// How far it is from a point, in metres.
    #[must_use]
    pub fn distance_to(&self, (x, y): (f64, f64)) -> f64 {
        (self.x - x).hypot(self.y - y)
    }
}

/// A row that has its place in the house: what is needed to say where its seats stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowLine {
    at: (f64, f64),
    turn: f64,
    /// The radius of the section's first row, where it is curved.
    curve: Option<f64>,
    /// How far behind the section's first row it is.
    behind: f64,
    offset: f64,
    pitch: f64,
    /// The length from its first seat to its last, aisles included.
    length: f64,
}

impl RowLine {
    /// The row of a section at a point, `behind` metres behind the first.
    #[must_use]
    pub(super) fn new(section: &SectionPlan, at: Point, row: &RowPlan, behind: f64) -> Self {
        let pitch = row.pitch_m.map_or(PITCH_M, |pitch| pitch.get());
        let aisles = f64::from(u32::try_from(row.aisles.len()).unwrap_or(u32::MAX));
        Self {
            at: (at.x.get(), at.y.get()),
            turn: section.turn_deg.get().to_radians(),
            curve: section.curve_m.map(|curve| curve.get()).filter(|curve| *curve != 0.0),
            behind,
            offset: row.offset_m.map_or(0.0, |offset| offset.get()),
            pitch,
            length: f64::from(row.seats.saturating_sub(1)) * pitch + aisles * AISLE_M,
        }
    }

    /// Where a seat of the row stands, given its place from the left, from 0, and how many aisles are to its left.
    #[must_use]
    pub(super) fn position(&self, place: u32, aisles: usize) -> SeatPosition {
        let aisles = f64::from(u32::try_from(aisles).unwrap_or(u32::MAX));
        let along = self.offset + f64::from(place) * self.pitch + aisles * AISLE_M - self.length / 2.0;
        let (x, y, turn) = match self.curve {
            None => (along, self.behind, self.turn),
            Some(curve) => {
                let radius = curve + self.behind;
                let angle = along / radius;
                (radius * angle.sin(), radius * angle.cos() - curve, self.turn - angle)
            }
        };
        let (sin, cos) = self.turn.sin_cos();
        SeatPosition {
            x: self.at.0 + x * cos - y * sin,
            y: self.at.1 + x * sin + y * cos,
            turn_deg: turn.to_degrees(),
        }
    }

    /// The point of the row nearest to another, as a length from its first seat along the row. It may lie beyond its ends.
    pub(super) fn nearest(&self, (x, y): (f64, f64)) -> f64 {
        let (x, y) = (x - self.at.0, y - self.at.1);
        let (sin, cos) = self.turn.sin_cos();
        let (x, y) = (x * cos + y * sin, y * cos - x * sin);
        let along = match self.curve {
            None => x,
            // Around the middle of the arc. Seen from there, the point's direction is the seat's.
            Some(curve) => {
                let radius = curve + self.behind;
                (x * radius.signum()).atan2((y + curve) * radius.signum()) * radius
            }
        };
        along - self.offset + self.length / 2.0
    }

    /// The place of a point of the row, given as a length from its first seat; between two seats there are halves.
    pub(super) fn place_at(&self, length: f64, aisles: &[u32]) -> f64 {
        let mut left = length;
        for after in aisles {
            let seat = f64::from(*after) * self.pitch;
            // Within an aisle, the seats on both sides are as near.
            if left < seat {
                break;
            }
            left = (left - AISLE_M).max(seat - self.pitch / 2.0);
        }
        left / self.pitch
    }

    /// The radius of the row, if it is curved, in metres.
    #[must_use]
    pub(super) fn radius(&self) -> Option<f64> {
        self.curve.map(|curve| curve + self.behind)
    }

    /// Whether it is an arc that would meet itself, or bend around its own middle.
    #[must_use]
    pub(super) fn is_bent_too_far(&self) -> bool {
        let Some((curve, radius)) = self.curve.zip(self.radius()) else { return false };
        curve * radius <= 0.0 || self.length + self.pitch + 2.0 * self.offset.abs() > TAU * radius.abs()
    }
}

/// How far each row of a section is behind the first, in metres.
pub(super) fn behind(rows: &[RowPlan]) -> impl Iterator<Item = f64> {
    rows.iter().enumerate().scan(0.0, |behind, (index, row)| {
        if index > 0 {
            *behind += row.depth_m.map_or(DEPTH_M, |depth| depth.get());
        }
        Some(*behind)
    })
}
