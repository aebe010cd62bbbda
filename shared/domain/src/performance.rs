//! A performance: one show, at one time, in one layout, with one sale.

use crate::{
    LayoutId, PerformanceId, ShowId, UserId,
    booking::{BookedKind, BookedSeat},
    house::HouseVersion,
    layout::{Layout, SeatIndex},
    money::{Currency, PriceRange},
    plain,
    queue::Flow,
    sale::{RoomTimes, Sale, SaleMode, SaleState},
    show::{Grade, ShowDetails, price_of},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything about a performance that its sale needs, including prices, which are fixed when it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// The performance's id.
    pub performance_id: PerformanceId,
    /// The show that is performed.
    pub show_id: ShowId,
    /// The organizer who manages it.
    pub organizer_id: UserId,
    /// When the curtain rises. Cancelling is possible until then.
    pub starts_at: Timestamp,
    /// Its seat plan.
    pub layout_id: LayoutId,
    /// The version of a house that its seat plan was made of, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<HouseVersion>,
    /// The number of seats of the layout.
    pub seat_count: u32,
    /// The number of seats for sale.
    pub for_sale_count: u32,
    /// Its sale.
    pub sale: Sale,
    /// The prices as published.
    pub grades: Vec<Grade>,
    /// What its seats for sale cost. `None` if the house keeps all of them, and in records older than this field.
    #[serde(default)]
    pub price_range: Option<PriceRange>,
    /// The currency of the prices.
    pub currency: Currency,
    /// The most seats of one buyer, holds and live bookings together, as published. Until then the show's limit counts.
    pub max_seats_per_user: u32,
    /// When it was published. Before that, buyers neither see it nor buy seats.
    pub published_at: Option<Timestamp>,
}

impl Performance {
    /// The price of a grade, if the performance has it.
    #[must_use]
    pub fn price_of(&self, grade: &str) -> Option<u64> {
        price_of(&self.grades, grade)
    }

    /// A seat as it is sold: its name, its grade and its price. Nothing where the house keeps it, the layout has none there, or
    /// its grade has no price.
    #[must_use]
    pub fn seat(&self, index: SeatIndex, layout: &Layout) -> Option<BookedSeat> {
        let grade = layout.grade_of(index).filter(|_| layout.is_for_sale(index))?;
        let price = self.price_of(grade)?;
        Some(BookedSeat {
            seat: layout.name_of(index)?,
            index,
            grade: grade.to_owned(),
            price,
            kind: BookedKind::of(index, layout),
            entrance: layout.entrance_of(index).map(ToOwned::to_owned),
            note: layout.note_of(index).map(ToOwned::to_owned),
        })
    }

    /// Take the prices and the limit of its show. They are final once it is published.
    ///
    /// # Errors
    /// A grade of the layout that the show has no price for.
    pub fn take_terms(&mut self, show: &ShowDetails, layout: &Layout) -> Result<(), NoPrice> {
        if let Some(unknown) = layout.grades().find(|grade| show.price_of(grade).is_none()) {
            return Err(NoPrice(unknown.to_owned()));
        }
        self.price_range = show.price_range_in(layout);
        self.grades.clone_from(&show.grades);
        self.currency.clone_from(&show.currency);
        self.max_seats_per_user = show.max_seats_per_user;
        Ok(())
    }

    /// Whether a show still has the prices and the limit that this took from it.
    #[must_use]
    pub fn has_terms_of(&self, show: &ShowDetails) -> bool {
        (&self.grades, &self.currency, self.max_seats_per_user)
            == (&show.grades, &show.currency, show.max_seats_per_user)
    }

    /// What its sale is, as far as the clock and the organizer decide it: as if a seat were left.
    #[must_use]
    pub fn sale_state(&self, now: Timestamp) -> SaleState {
        self.sale.state(self.starts_at, now, true)
    }

    /// How its waiting room is run; nothing where it has none.
    #[must_use]
    pub fn flow(&self, now: Timestamp, times: RoomTimes) -> Option<Flow> {
        self.sale.flow(self.starts_at, now, times)
    }

    /// Whether seats may be held. While a sale is paused, buyers whom the waiting room let in go on: no seat is lost.
    ///
    /// # Errors
    /// Why the seats may not be held.
    pub fn check_holdable(&self, now: Timestamp) -> Result<(), NotOnSale> {
        match self.sale_state(now) {
            SaleState::Open | SaleState::SoldOut => Ok(()),
            SaleState::Paused if self.sale.mode == SaleMode::Queue => Ok(()),
            _ => self.check_bookable(now).and(Err(NotOnSale::NotOpen)),
        }
    }

    /// Whether held seats may be booked: also after the sale has closed, but not once the curtain is up, unless latecomers are
    /// let in.
    ///
    /// # Errors
    /// It has started.
    pub fn check_bookable(&self, now: Timestamp) -> Result<(), NotOnSale> {
        if now >= self.starts_at && !self.sale.late_entry { Err(NotOnSale::Started) } else { Ok(()) }
    }

    /// From when nothing of it happens any more: it has started, and its sale has ended.
    #[must_use]
    pub fn over_at(&self) -> Timestamp {
        self.starts_at.max(self.sale.ends_at(self.starts_at))
    }

    /// Finds a grade by name and returns it as the performance writes it. How its characters are composed does not matter.
    #[must_use]
    pub fn grade_named(&self, name: &str) -> Option<&str> {
        let composed = plain::composed(name);
        let same = |known: &&Grade| known.grade == name || known.grade == composed;
        self.grades.iter().find(same).map(|known| known.grade.as_str())
    }

    /// What the show's record keeps of the performance, so that listing shows is one query.
    #[must_use]
    pub fn summary(&self) -> PerformanceSummary {
        PerformanceSummary {
            starts_at: self.starts_at,
            sale: self.sale.listed(),
            seat_count: self.seat_count,
            for_sale_count: self.for_sale_count,
            price_range: self.price_range,
            published: self.published_at.is_some(),
        }
    }
}

/// A performance has seats of a grade that its show has no price for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("has seats of grade {0}, which the show has not")]
pub struct NoPrice(pub String);

/// Why no seat of a performance may be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOnSale {
    /// The curtain is up, and no latecomers are let in.
    #[error("the performance has started")]
    Started,
    /// Its sale is not open.
    #[error("the sale is not open")]
    NotOpen,
}

/// What a list of shows needs of a performance. Its prices and its limit are the show's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerformanceSummary {
    /// When it starts.
    pub starts_at: Timestamp,
    /// Its sale.
    pub sale: Sale,
    /// The number of seats of the layout.
    pub seat_count: u32,
    /// The number of seats for sale.
    pub for_sale_count: u32,
    /// What the seats for sale cost, as published.
    #[serde(default)]
    pub price_range: Option<PriceRange>,
    /// Whether buyers see it.
    pub published: bool,
}

impl PerformanceSummary {
    /// What its sale is, given whether seats are left.
    #[must_use]
    pub fn sale_state(&self, now: Timestamp, seats_left: bool) -> SaleState {
        self.sale.state(self.starts_at, now, seats_left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{at, house},
        layout::{Corner, PlaceKind, PlacePlan, Point, SectionKind, SectionPlan},
        sale::SaleControl,
    };

    #[test]
    fn a_seat_is_sold_at_the_price_of_its_grade() {
        let (_, performance, layout) = house();
        let sold = |index| performance.seat(SeatIndex(index), &layout);
        let seat = sold(2).expect("for sale");
        assert_eq!(
            (seat.seat.as_str(), seat.index, seat.grade.as_str(), seat.price),
            ("A-1-3", SeatIndex(2), "R", 500)
        );
        assert_eq!(sold(4).map(|seat| seat.price), Some(0));
        assert_eq!((sold(1), sold(5)), (None, None), "kept by the house, and not there");
    }

    #[test]
    fn each_place_of_a_mixed_row_has_its_own_price_and_says_what_it_is() {
        use BookedKind::{RestrictedView, Seat, Standing, Wheelchair};

        let (show, performance, layout) = house();
        let mut plan = layout.plan().clone();
        let place = |kind, grade: &str, note: &str| PlacePlan {
            kind,
            grade: Some(grade.to_owned()),
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            ..PlacePlan::default()
        };
        plan.places = [
            ("A-1-1".into(), place(Some(PlaceKind::Wheelchair), "S", "")),
            ("B-1-2".into(), place(Some(PlaceKind::RestrictedView), "R", "behind a pillar")),
        ]
        .into();
        plan.sections.push(SectionPlan {
            section: "F".into(),
            grade: "R".into(),
            kind: SectionKind::Standing,
            outline: vec![Corner::default(); 3],
            capacity: Some(10),
            entrance: Some("Gate 2".into()),
            ..SectionPlan::default()
        });
        for section in &mut plan.sections {
            section.at = Some(Point::default());
        }
        let layout = Layout::parse(plan).expect("valid");
        let sold = |index| {
            let seat = performance.seat(SeatIndex(index), &layout).expect("for sale");
            (String::from(seat.seat), seat.grade, seat.price, seat.kind, seat.entrance)
        };
        for (index, name, grade, price, kind, entrance) in [
            (0, "A-1-1", "S", 0, Wheelchair, None),
            (2, "A-1-3", "R", 500, Seat, None),
            (3, "B-1-1", "S", 0, Seat, None),
            (4, "B-1-2", "R", 500, RestrictedView, None),
            (14, "F-entry-10", "R", 500, Standing, Some("Gate 2")),
        ] {
            assert_eq!(sold(index), (name.into(), grade.into(), price, kind, entrance.map(Into::into)));
        }
        let note = |index| performance.seat(SeatIndex(index), &layout).expect("for sale").note;
        assert_eq!((note(4), note(2)), (Some("behind a pillar".into()), None));
        assert_eq!(show.price_range_in(&layout), Some(PriceRange { min: 0, max: 500 }));
    }

    #[test]
    fn the_terms_of_a_performance_are_its_shows() {
        let (mut show, mut performance, layout) = house();
        show.grades[0].price = 700;
        show.max_seats_per_user = 2;
        assert!(!performance.has_terms_of(&show));
        performance.take_terms(&show, &layout).expect("every seat has a price");
        assert!(performance.has_terms_of(&show));
        assert_eq!(performance.price_range, Some(PriceRange { min: 0, max: 700 }));
        assert_eq!((performance.price_of("R"), performance.max_seats_per_user), (Some(700), 2));
        show.grades.pop();
        assert_eq!(performance.take_terms(&show, &layout), Err(NoPrice("S".into())));
        assert!(!performance.has_terms_of(&show), "nothing was taken");
    }

    #[test]
    fn seats_are_held_while_the_sale_is_open_and_booked_until_the_start() {
        let (_, open, _) = house();
        let holds = |performance: &Performance, s| performance.check_holdable(at(s));
        for (s, outcome) in [
            (99, Err(NotOnSale::NotOpen)),
            (100, Ok(())),
            (200, Err(NotOnSale::NotOpen)),
            (300, Err(NotOnSale::Started)),
        ] {
            assert_eq!(holds(&open, s), outcome, "at {s}");
        }
        let steered =
            |control, mode| Performance { sale: Sale { mode, control, ..open.sale.clone() }, ..open.clone() };
        assert_eq!(holds(&steered(SaleControl::Paused, SaleMode::Queue), 150), Ok(()), "those inside go on");
        assert_eq!(holds(&steered(SaleControl::Paused, SaleMode::Open), 150), Err(NotOnSale::NotOpen));
        assert_eq!(holds(&steered(SaleControl::Closed, SaleMode::Queue), 150), Err(NotOnSale::NotOpen));
        assert_eq!(open.check_bookable(at(299)), Ok(()), "a hold outlives the sale");
        assert_eq!(open.check_bookable(at(300)), Err(NotOnSale::Started));
    }

    #[test]
    fn latecomers_hold_and_book_after_the_start() {
        let (_, performance, _) = house();
        let sale = Sale { late_entry: true, closes_at: at(400), ..performance.sale.clone() };
        let late = Performance { sale, ..performance };
        assert_eq!((late.check_holdable(at(350)), late.check_bookable(at(350))), (Ok(()), Ok(())));
        assert_eq!(late.check_holdable(at(400)), Err(NotOnSale::NotOpen));
        assert_eq!(late.over_at(), at(400));
    }

    #[test]
    fn a_performance_is_over_when_it_has_started_and_is_sold_no_more() {
        let (_, performance, _) = house();
        assert_eq!(performance.over_at(), at(300));
    }
}
