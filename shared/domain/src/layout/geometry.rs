//! Where each seat of a section stands and how far it is turned.
//!
//! A row is centred on its section's middle line and lies behind the row before. In a curved section it is an arc around a
//! point in front of the section, so that all its seats look at that point.

use super::{
    measure::Metres,
    plan::{Point, RowPlan, SectionPlan},
};
use std::f64::consts::TAU;

/// From seat to seat, where a row does not say it.
pub(super) const PITCH: Metres = Metres::of_centimetres(55);
/// From row to row, where a row does not say it.
pub(super) const DEPTH: Metres = Metres::of_centimetres(90);
/// How much further than their pitch the seats beside an aisle lie apart.
pub(super) const AISLE: Metres = Metres::of_centimetres(120);
/// How much room an arc leaves between its ends, in metres.
const GAP_M: f64 = 1.0;
/// The least radius of a row, in metres.
const RADIUS_MIN_M: f64 = 1.0;

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

/// Where a section stands. Points of it are given by how far they are behind the middle of its first row, and how far across:
/// a length to the right, or in a curved section an angle around the middle of its arcs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    at: (f64, f64),
    turn: f64,
    /// The radius of the first row, if the section is curved.
    curve: Option<f64>,
}

impl Frame {
    pub(super) fn new(section: &SectionPlan, at: Point) -> Self {
        Self {
            at: (at.x.get(), at.y.get()),
            turn: section.turn_deg.get().to_radians(),
            curve: section.curve_m.map(Metres::get).filter(|curve| *curve != 0.0),
        }
    }

    pub(super) fn is_curved(&self) -> bool {
        self.curve.is_some()
    }

    pub(super) fn point(&self, across: f64, behind: f64) -> (f64, f64) {
        let (x, y) = match self.curve {
            None => (across, behind),
            Some(curve) => {
                let radius = curve + behind;
                (radius * across.sin(), radius * across.cos() - curve)
            }
        };
        let (sin, cos) = self.turn.sin_cos();
        (self.at.0 + x * cos - y * sin, self.at.1 + x * sin + y * cos)
    }

    /// How far across the nearest point of a row is.
    fn nearest(&self, (x, y): (f64, f64), behind: f64) -> f64 {
        let (x, y) = (x - self.at.0, y - self.at.1);
        let (sin, cos) = self.turn.sin_cos();
        let (x, y) = (x * cos + y * sin, y * cos - x * sin);
        match self.curve {
            None => x,
            // Seen from the middle of the arc, the nearest point lies in the direction of the other.
            Some(curve) => {
                let side = (curve + behind).signum();
                (x * side).atan2((y + curve) * side)
            }
        }
    }
}

/// A row that has its place in the house: what is needed to say where its seats stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowLine {
    pub(super) frame: Frame,
    /// How far it is behind the section's first row.
    pub(super) behind: f64,
    /// From seat to seat.
    pub(super) pitch: f64,
    offset: f64,
    /// From its first seat to its last, aisles included.
    length: f64,
}

impl RowLine {
    /// A row that lies behind the first row of its section.
    pub(super) fn new(frame: Frame, row: &RowPlan, behind: Metres) -> Self {
        Self {
            frame,
            behind: behind.get(),
            offset: row.offset_m.map_or(0.0, Metres::get),
            pitch: row.pitch().get(),
            length: row.length().get(),
        }
    }

    /// Where a seat of the row stands, given its place from the left, from 0, and how many aisles are to its left.
    pub(super) fn position(&self, place: u32, aisles: usize) -> SeatPosition {
        let across = self.across(self.along(place, aisles));
        let (x, y) = self.frame.point(across, self.behind);
        let turn = if self.frame.is_curved() { self.frame.turn - across } else { self.frame.turn };
        SeatPosition { x, y, turn_deg: turn.to_degrees() }
    }

    /// The length from its first seat to another.
    fn along(&self, place: u32, aisles: usize) -> f64 {
        let aisles = f64::from(u32::try_from(aisles).unwrap_or(u32::MAX));
        f64::from(place) * self.pitch + aisles * AISLE.get()
    }

    /// How far a seat is to the right of the section's middle line, along the row.
    pub(super) fn sideways(&self, place: u32, aisles: usize) -> f64 {
        self.offset + self.along(place, aisles) - self.length / 2.0
    }

    /// How far across the section a point of the row is, given as a length from its first seat along the row.
    fn across(&self, along: f64) -> f64 {
        let along = self.offset + along - self.length / 2.0;
        self.radius().map_or(along, |radius| along / radius)
    }

    /// How far across the section the row begins and ends, with a margin at both ends.
    pub(super) fn ends(&self, margin: f64) -> (f64, f64) {
        (self.across(-margin), self.across(self.length + margin))
    }

    /// The point of the row nearest to another, as a length from its first seat along the row. It may lie beyond its ends.
    pub(super) fn nearest(&self, to: (f64, f64)) -> f64 {
        let across = self.frame.nearest(to, self.behind);
        self.along_to(self.radius().map_or(across, |radius| across * radius))
    }

    /// The length from its first seat to a point that is so far to the right of the section's middle line.
    pub(super) fn along_to(&self, sideways: f64) -> f64 {
        sideways - self.offset + self.length / 2.0
    }

    /// The place of a point of the row, given as a length from its first seat, as a number that is nearest to the nearest seat's.
    pub(super) fn place_at(&self, length: f64, aisles: &[u32]) -> f64 {
        let step = self.pitch + AISLE.get();
        let mut rest = length;
        for after in aisles {
            let last = f64::from(after.saturating_sub(1));
            let beyond = rest - last * self.pitch;
            if beyond < step {
                return if beyond > 0.0 { last + beyond / step } else { rest / self.pitch };
            }
            rest -= AISLE.get();
        }
        rest / self.pitch
    }

    /// The radius of the row, if it is curved, in metres.
    pub(super) fn radius(&self) -> Option<f64> {
        self.frame.curve.map(|curve| curve + self.behind)
    }

    /// Whether it is an arc that would meet itself, or that lies around its own middle.
    pub(super) fn is_bent_too_far(&self) -> bool {
        let Some((curve, radius)) = self.frame.curve.zip(self.radius()) else { return false };
        let is_beyond_middle = curve * radius <= 0.0 || radius.abs() < RADIUS_MIN_M;
        is_beyond_middle || self.length + 2.0 * self.offset.abs() + GAP_M > TAU * radius.abs()
    }
}

/// How far each row of a section is behind the first.
pub(super) fn behind(rows: &[RowPlan]) -> impl Iterator<Item = Metres> {
    rows.iter().enumerate().scan(Metres::default(), |behind, (index, row)| {
        if index > 0 {
            *behind = *behind + row.depth();
        }
        Some(*behind)
    })
}
