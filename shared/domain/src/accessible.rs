//! Who may name wheelchair places and those of companions. Until their [release](crate::sale::Sale::accessible_released) they
//! are for those who need them.

use crate::layout::{Layout, PlaceKind, SeatIndex};

/// Why seats are kept for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeptForOthers {
    /// More wheelchair places than wheelchairs. This is the first that is not needed.
    #[error("it is a wheelchair place")]
    Wheelchair(SeatIndex),
    /// A companion's place without its wheelchair place.
    #[error("it is for the companion of a person in a wheelchair")]
    Companion(SeatIndex),
    /// Fewer wheelchair places than wheelchairs.
    #[error("only {0} of the seats are wheelchair places")]
    TooFew(u32),
}

/// Checks that as many wheelchair places are named as there are wheelchairs, and each companion's place together with its
/// wheelchair place.
///
/// # Errors
/// Why the seats are kept for others.
pub fn check_accessible(layout: &Layout, seats: &[SeatIndex], wheelchairs: u32) -> Result<(), KeptForOthers> {
    let of_kind = |kind| seats.iter().copied().filter(move |seat| layout.kind_of(*seat) == Some(kind));
    if let Some(beyond) = of_kind(PlaceKind::Wheelchair).nth(wheelchairs as usize) {
        return Err(KeptForOthers::Wheelchair(beyond));
    }
    let is_named = |seat: SeatIndex| seats.contains(&seat);
    let comes_along = |seat: &SeatIndex| layout.companion_of(*seat).is_some_and(is_named);
    if let Some(alone) = of_kind(PlaceKind::Companion).find(|seat| !comes_along(seat)) {
        return Err(KeptForOthers::Companion(alone));
    }
    let places = u32::try_from(of_kind(PlaceKind::Wheelchair).count()).unwrap_or(u32::MAX);
    if places < wheelchairs { Err(KeptForOthers::TooFew(places)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutPlan, PlacePlan, RowPlan, SectionPlan};

    /// Seats 0 and 3 are wheelchair places, 1 and 4 those of their companions.
    fn layout() -> Layout {
        let row = RowPlan { row: "1".into(), seats: 6, ..RowPlan::default() };
        let section = SectionPlan {
            section: "A".into(),
            grade: "R".into(),
            rows: vec![row],
            ..SectionPlan::default()
        };
        let wheelchair = PlacePlan { kind: Some(PlaceKind::Wheelchair), ..PlacePlan::default() };
        let companion = |of: &str| PlacePlan {
            kind: Some(PlaceKind::Companion),
            companion_of: Some(of.into()),
            ..PlacePlan::default()
        };
        let places = [
            ("A-1-1", wheelchair.clone()),
            ("A-1-2", companion("A-1-1")),
            ("A-1-4", wheelchair),
            ("A-1-5", companion("A-1-4")),
        ];
        let places = places.map(|(seat, place)| (seat.to_owned(), place)).into();
        Layout::parse(LayoutPlan { places, ..LayoutPlan::of(vec![section]) }).expect("valid")
    }

    #[test]
    fn wheelchair_places_are_for_wheelchairs_and_companions_come_along() {
        use KeptForOthers::{Companion, TooFew, Wheelchair};
        let layout = layout();
        for (seats, wheelchairs, outcome) in [
            (&[2, 5][..], 0, Ok(())),
            (&[0], 0, Err(Wheelchair(SeatIndex(0)))),
            (&[0], 1, Ok(())),
            (&[0, 3], 1, Err(Wheelchair(SeatIndex(3)))),
            (&[0, 1, 2], 1, Ok(())),
            (&[1], 0, Err(Companion(SeatIndex(1)))),
            (&[0, 4], 1, Err(Companion(SeatIndex(4)))),
            (&[0, 1, 3, 4], 2, Ok(())),
            (&[0, 2], 2, Err(TooFew(1))),
        ] {
            let seats: Vec<_> = seats.iter().copied().map(SeatIndex).collect();
            assert_eq!(check_accessible(&layout, &seats, wheelchairs), outcome, "{seats:?}, {wheelchairs}");
        }
    }
}
