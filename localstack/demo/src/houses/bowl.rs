//! Tiers of seats around a floor with rounded corners, open towards the stage.

use super::pen::{Wedge, through, wide_block};
use domain::layout::SectionPlan;

/// The floor that the tiers stand around. The stage is at its upper end, at `y` = 0.
#[derive(Clone, Copy)]
pub(super) struct Bowl {
    /// From the middle to the side.
    pub(super) half_width: f64,
    /// From the stage to the far end.
    pub(super) length: f64,
    /// The radius of the two far corners.
    pub(super) corner: f64,
}

/// A ring of sections at one height.
#[derive(Clone, Copy)]
pub(super) struct Tier<'a> {
    /// Its sections are called by this number and the next ones, from the stage's left around to its right.
    pub(super) first: u32,
    pub(super) grade: &'a str,
    /// From the floor to the first row.
    pub(super) behind: f64,
    pub(super) rows: u32,
    pub(super) depth: f64,
    /// How many sections each side has, each corner, and the far end.
    pub(super) pieces: (u32, u32, u32),
}

impl Bowl {
    /// The sections of a tier, counted from the stage's left around to its right.
    pub(super) fn tier(self, tier: Tier<'_>) -> Vec<SectionPlan> {
        let (side, corner, end) = tier.pieces;
        let (x, straight) = (self.half_width + tier.behind, self.length - self.corner);
        let mut numbers = tier.first..;
        let mut name = || numbers.next().unwrap_or_default().to_string();
        let wide = |name: String, at, turn, width| {
            wide_block(&name, tier.grade, at, turn, (width, tier.rows, tier.depth))
        };
        let mut sections = Vec::new();
        for middle in middles(0.0, straight, side) {
            sections.push(through(wide(name(), (-x, middle), 90.0, straight / f64::from(side)), "서문"));
        }
        for (from, to) in pieces(-90.0, 0.0, corner) {
            sections.push(through(self.corner(&name(), tier, -1.0, (from, to)), "남서문"));
        }
        let width = 2.0 * (self.half_width - self.corner);
        for middle in middles(-width / 2.0, width / 2.0, end) {
            sections.push(through(
                wide(name(), (middle, self.length + tier.behind), 0.0, width / f64::from(end)),
                "남문",
            ));
        }
        for (from, to) in pieces(0.0, 90.0, corner) {
            sections.push(through(self.corner(&name(), tier, 1.0, (from, to)), "남동문"));
        }
        for middle in middles(straight, 0.0, side) {
            sections.push(through(wide(name(), (x, middle), -90.0, straight / f64::from(side)), "동문"));
        }
        sections
    }

    /// A piece of the left corner, or of the right.
    fn corner(self, name: &str, tier: Tier<'_>, side: f64, (from, to): (f64, f64)) -> SectionPlan {
        let around = (side * (self.half_width - self.corner), self.length - self.corner);
        let radius = self.corner + tier.behind;
        Wedge { around, radius, from, to, rows: tier.rows, depth: tier.depth }.section(name, tier.grade)
    }
}

fn pieces(from: f64, to: f64, count: u32) -> impl Iterator<Item = (f64, f64)> {
    let step = (to - from) / f64::from(count);
    (0..count).map(move |piece| (from + f64::from(piece) * step, from + f64::from(piece + 1) * step))
}

fn middles(from: f64, to: f64, count: u32) -> impl Iterator<Item = f64> {
    pieces(from, to, count).map(|(from, to)| f64::midpoint(from, to))
}
