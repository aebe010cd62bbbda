//! Five houses, drawn from what is publicly known of their kinds: how many seats they have, how far their rows are apart, and
//! where the audience sits around the stage. None is a copy of a real house's plan.

mod arena;
mod black_box;
mod bowl;
mod concert_hall;
mod pen;
mod stadium;
mod theatre;

pub use arena::arena;
pub use black_box::black_box;
pub use concert_hall::concert_hall;
pub use stadium::stadium;
pub use theatre::theatre;

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        best::{Wanted, best_run, stretches},
        layout::{Layout, LayoutPlan, SeatIndex},
        seat::{SeatState, SeatStates},
    };
    use std::collections::BTreeSet;

    fn houses() -> [(LayoutPlan, u32); 5] {
        [
            (black_box(), 300),
            (theatre(), 1_000),
            (concert_hall(), 2_600),
            (arena(), 15_000),
            (stadium(), 66_000),
        ]
    }

    #[test]
    fn every_house_can_be_sold_and_its_seats_have_room() {
        for (plan, seats) in houses() {
            let layout = Layout::parse(plan).expect("a house");
            layout.check_apart().expect("room");
            assert_eq!(layout.seat_count(), seats);
        }
    }

    #[test]
    fn the_best_two_of_each_grade_are_as_near_as_any() {
        for (plan, _) in houses() {
            let layout = Layout::parse(plan).expect("a house");
            let mut states = SeatStates::available(layout.seat_count());
            layout.not_for_sale().for_each(|seat| states.set(seat.0, SeatState::NotForSale));
            for grade in layout.grades_for_sale().collect::<BTreeSet<_>>() {
                let Some(nearest) = nearest_of(&layout, grade) else { continue };
                let wanted = Wanted { grade, count: 2, with_accessible: false };
                let best = best_run(&stretches(&layout, &states, wanted, 500), 2).expect("two seats");
                let distance = distance(&layout, best).expect("a seat");
                assert!(
                    distance < nearest + 1.0,
                    "{grade}: {distance:.1} m, where others are {nearest:.1} m away"
                );
            }
        }
    }

    /// The distance of the nearest seat of a grade that every buyer may take; `None` where the grade stands.
    fn nearest_of(layout: &Layout, grade: &str) -> Option<f64> {
        let plain = layout.positions().filter(|(seat, _)| layout.kind_of(*seat).is_none());
        let of_grade = plain.filter(|(seat, _)| layout.grade_of(*seat) == Some(grade));
        of_grade.map(|(_, seat)| seat.distance_to(layout.focus())).min_by(f64::total_cmp)
    }

    fn distance(layout: &Layout, seat: SeatIndex) -> Option<f64> {
        Some(layout.row_of(seat)?.position(seat)?.distance_to(layout.focus()))
    }
}
