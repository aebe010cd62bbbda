//! Five houses, drawn from what is publicly known of their kinds: how many seats they have, how far their rows are apart, and
//! where the audience sits around the stage. None is a copy of a real house's plan.

mod arena;
mod black_box;
mod bowl;
mod concert_hall;
mod pen;
mod stadium;
mod theatre;

use domain::layout::LayoutPlan;
use serde::Serialize;
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// A house as the organizer's library has it, and as the editor of houses reads it from a file.
#[derive(Debug, Clone, Serialize)]
pub struct NamedPlan {
    /// What its file is called.
    #[serde(skip)]
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its plan.
    #[serde(flatten)]
    pub plan: LayoutPlan,
}

/// Writes each house into a folder, as JSON that the editor of houses imports.
///
/// # Errors
/// A file cannot be written.
pub fn write_all(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for house in all() {
        let mut file = BufWriter::new(File::create(folder.join(house.slug).with_extension("json"))?);
        serde_json::to_writer(&mut file, &house)?;
        file.flush()?;
    }
    Ok(())
}

/// All houses, the smallest first.
#[must_use]
pub fn all() -> [NamedPlan; 5] {
    [black_box(), theatre(), concert_hall(), arena(), stadium()]
}

/// A black box: 300 seats on three sides of the stage.
#[must_use]
pub fn black_box() -> NamedPlan {
    NamedPlan { slug: "black-box", name: "모퉁이 소극장 · Corner Black Box", plan: black_box::plan() }
}

/// A theatre of 1,000 seats with two balconies.
#[must_use]
pub fn theatre() -> NamedPlan {
    NamedPlan { slug: "theatre", name: "별빛 극장 · Starlight Theatre", plan: theatre::plan() }
}

/// A concert hall of 2,600 seats in the vineyard style.
#[must_use]
pub fn concert_hall() -> NamedPlan {
    NamedPlan {
        slug: "concert-hall",
        name: "한강 콘서트홀 · Hangang Concert Hall",
        plan: concert_hall::plan(),
    }
}

/// An arena for 15,000, with a standing floor.
#[must_use]
pub fn arena() -> NamedPlan {
    NamedPlan { slug: "arena", name: "파도 아레나 · Wave Arena", plan: arena::plan() }
}

/// A stadium of 66,000 seats.
#[must_use]
pub fn stadium() -> NamedPlan {
    NamedPlan { slug: "stadium", name: "달빛 스타디움 · Moonlight Stadium", plan: stadium::plan() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        best::{Wanted, best_run, stretches},
        layout::{Layout, SeatIndex},
        seat::{SeatState, SeatStates},
    };
    use std::collections::BTreeSet;

    const SEATS: [u32; 5] = [300, 1_000, 2_600, 15_000, 66_000];

    #[test]
    fn every_house_can_be_sold_and_its_seats_have_room() {
        for (NamedPlan { plan, .. }, seats) in all().into_iter().zip(SEATS) {
            let layout = Layout::parse(plan).expect("a house");
            layout.check_apart().expect("room");
            assert_eq!(layout.seat_count(), seats);
        }
    }

    #[test]
    fn the_best_two_of_each_grade_are_as_near_as_any() {
        for NamedPlan { plan, .. } in all() {
            let layout = Layout::parse(plan).expect("a house");
            let mut states = SeatStates::available(layout.seat_count());
            layout.not_for_sale().for_each(|seat| states.set(seat.0, SeatState::NotForSale));
            for grade in layout.grades_for_sale().collect::<BTreeSet<_>>() {
                let Some(nearest) = nearest_of(&layout, grade) else { continue };
                let wanted = Wanted { grade, count: 2, with_accessible: false, split: false, wheelchair: 0 };
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
