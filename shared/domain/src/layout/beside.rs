//! How the seats of a section lie to each other: beside one another, and behind.

use super::{Layout, PlaceKind, Row, SeatIndex};
use std::ops::Range;

/// Rows further behind than this, in metres, are not just behind: there is a way between them.
const BEHIND_MAX_M: f64 = 1.8;

impl Layout {
    /// The rows just before and just behind another, in the same section.
    pub(crate) fn rows_around<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a Row> {
        let before = row.number.checked_sub(1).and_then(|number| self.rows.get(number));
        let next = self.rows.get(row.number + 1);
        before.into_iter().chain(next).filter(|other| row.behind_m(other).is_some_and(|m| m <= BEHIND_MAX_M))
    }

    /// All wheelchair places, best first.
    pub(crate) fn wheelchair_places(&self) -> &[SeatIndex] {
        &self.wheelchair_places
    }

    /// The places of the companions of a wheelchair place, in layout order.
    pub(crate) fn companions_of(&self, wheelchair: SeatIndex) -> &[SeatIndex] {
        self.companions_by.get(&wheelchair).map_or(&[], Vec::as_slice)
    }

    pub(super) fn find_wheelchair_places(&mut self) {
        let is_wheelchair = |index: &SeatIndex| self.kind_of(*index) == Some(PlaceKind::Wheelchair);
        let mut places: Vec<_> = self.special.keys().copied().filter(is_wheelchair).collect();
        let goodness = |index: &SeatIndex| {
            let row = self.row_of(*index);
            row.map(|row| (row.rank(), (2 * index.0 + 1).abs_diff(row.twice_best()), *index))
        };
        places.sort_by_cached_key(goodness);
        let mut companions: Vec<_> = self.companions.iter().map(|(index, of)| (*index, *of)).collect();
        companions.sort_unstable();
        for (index, of) in companions {
            self.companions_by.entry(of).or_default().push(index);
        }
        self.wheelchair_places = places;
    }
}

impl Row {
    /// How far the middle of a seat is to the right of the section's middle line, in metres along the row.
    pub(crate) fn sideways_m(&self, index: SeatIndex) -> f64 {
        let place = index.0.saturating_sub(self.first_index);
        let aisles = self.aisles.partition_point(|after| *after <= place);
        self.line.as_ref().map_or(0.0, |line| line.sideways(place, aisles))
    }

    /// Its seats whose middles lie between two points, given like [`Self::sideways_m`].
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the row")]
    pub(crate) fn between(&self, left: f64, right: f64) -> Range<u32> {
        let Some(line) = &self.line else { return 0..0 };
        let seats = |place: f64| self.first_index + place.clamp(0.0, f64::from(self.seats)) as u32;
        let place = |sideways| line.place_at(line.along_to(sideways), &self.aisles);
        seats(place(left).ceil())..seats(place(right).floor() + 1.0)
    }

    /// The length of its arc as it is seen on the arc of another row of the section, for each metre.
    pub(crate) fn scale_to(&self, other: &Self) -> f64 {
        let radius = |row: &Self| row.line.as_ref().and_then(super::geometry::RowLine::radius);
        radius(other).zip(radius(self)).map_or(1.0, |(other, own)| other / own)
    }

    /// From seat to seat, in metres.
    pub(crate) fn pitch_m(&self) -> f64 {
        self.line.as_ref().map_or(0.0, |line| line.pitch)
    }

    /// The distance to another row of the same section, in metres.
    pub(crate) fn behind_m(&self, other: &Self) -> Option<f64> {
        let (line, behind) = self.line.as_ref().zip(other.line.as_ref())?;
        (self.section_index == other.section_index).then(|| (behind.behind - line.behind).abs())
    }
}
