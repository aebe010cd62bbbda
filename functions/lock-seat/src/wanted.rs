//! The places that a buyer asks for: named ones, the best together, or standing ones.

use crate::choice::{BestSeats, Choice};
use domain::{
    PerformanceId,
    accessible::{KeptForOthers, check_accessible},
    entry::ENTRIES_MAX,
    layout::{Layout, Row, SeatIndex},
    performance::Performance,
    plain,
    seat::SeatId,
};
use jiff::Timestamp;
use serde::Deserialize;
use shared::http::{Code, Problem};
use utoipa::ToSchema;

/// No hold has more seats than this, whatever the performance allows.
const SEATS_MAX: usize = 100;

/// Places to hold: either `seats`, `best` or `standing`.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewHold {
    #[schema(value_type = Uuid)]
    pub(crate) performance_id: PerformanceId,
    /// The seats' names, such as `A-12-7`.
    #[schema(min_items = 1, max_items = 100)]
    seats: Option<Vec<String>>,
    /// How many of `seats` are wheelchair places. Until the sale releases them, wheelchair places can be named only so, and a
    /// companion's seat only together with its wheelchair place.
    #[schema(maximum = 100)]
    wheelchair: Option<u32>,
    best: Option<Best>,
    standing: Option<StandingPlaces>,
}

/// The best free seats next to each other.
#[derive(Debug, Deserialize, ToSchema)]
struct Best {
    /// The number of seats, wheelchair places included.
    #[schema(minimum = 1, maximum = 20)]
    count: u32,
    /// The grade of the seats.
    #[schema(max_length = 20)]
    grade: String,
    /// How many of them are wheelchair places. The seats of their companions come first for the rest of the group.
    #[serde(default)]
    #[schema(maximum = 20)]
    wheelchair: u32,
    /// Whether they may be in two rows behind each other, if no row has room for all.
    #[serde(default)]
    split: bool,
}

/// The lowest free entry numbers of a standing section: such that follow each other, or else the lowest.
#[derive(Debug, Deserialize, ToSchema)]
struct StandingPlaces {
    /// The section's name.
    #[schema(max_length = 20)]
    section: String,
    /// The number of places.
    #[schema(minimum = 1, maximum = 100)]
    count: u32,
}

/// A parsed request.
pub(crate) enum Seats {
    /// These, in layout order.
    Named(Vec<SeatIndex>),
    /// Chosen from those that are free.
    Chosen(Choice),
}

impl NewHold {
    pub(crate) fn parse(
        self,
        performance: &Performance,
        layout: &Layout,
        now: Timestamp,
    ) -> Result<Seats, Problem> {
        let with_accessible = performance.sale.accessible_released(now);
        let wheelchairs = self.wheelchair.unwrap_or(0);
        let seats = match (self.seats, self.best, self.standing) {
            (Some(names), None, None) => {
                let seats = named(&names, performance, layout)?;
                if !with_accessible {
                    check_accessible(layout, &seats, wheelchairs).map_err(|why| kept(why, layout))?;
                }
                Seats::Named(seats)
            }
            _ if wheelchairs > 0 => return Err(Problem::field("wheelchair", "must come with seats")),
            (None, Some(best), None) => Seats::Chosen(Choice::Best(best.parse(performance, with_accessible)?)),
            (None, None, Some(standing)) => Seats::Chosen(standing.parse(layout)?),
            _ => return Err(Problem::field("seats", "one of seats, best and standing must be given")),
        };
        let count = match &seats {
            Seats::Named(indexes) => indexes.len(),
            Seats::Chosen(choice) => choice.count() as usize,
        };
        let max = performance.max_seats_per_user;
        if count > max as usize {
            return Err(Problem::new(Code::TooManySeats).detail(format!("One person may have {max} seats")));
        }
        Ok(seats)
    }
}

impl Best {
    fn parse(self, performance: &Performance, with_accessible: bool) -> Result<BestSeats, Problem> {
        if self.count == 0 {
            return Err(Problem::field("best.count", "must be at least 1"));
        }
        let Self { count, wheelchair, split, .. } = self;
        if wheelchair > count {
            return Err(Problem::field("best.wheelchair", "must not be more than count"));
        }
        let grade = performance.grade_named(&self.grade);
        let grade = grade.ok_or_else(|| Problem::field("best.grade", "must be a grade of the show"))?;
        Ok(BestSeats { grade: grade.to_owned(), count, wheelchair, split, with_accessible })
    }
}

impl StandingPlaces {
    fn parse(self, layout: &Layout) -> Result<Choice, Problem> {
        let Self { section, count } = self;
        let composed = plain::composed(&section);
        let is_meant = |row: &&Row| row.is_standing() && (row.section == section || row.section == composed);
        let row = layout.rows().iter().find(is_meant);
        let row = row.ok_or_else(|| Problem::field("standing.section", "must be a standing section"))?;
        match count {
            0 => Err(Problem::field("standing.count", "must be at least 1")),
            1..=ENTRIES_MAX => Ok(Choice::Entries { section: row.section.clone(), area: row.indexes(), count }),
            _ => Err(Code::TooManySeats.into()),
        }
    }
}

fn named(names: &[String], performance: &Performance, layout: &Layout) -> Result<Vec<SeatIndex>, Problem> {
    if names.is_empty() {
        return Err(Problem::field("seats", "must name at least one seat"));
    }
    if names.len() > SEATS_MAX {
        return Err(Code::TooManySeats.into());
    }
    let find = |name: &String| {
        let (index, _) = layout.find(&SeatId::parse(name).ok()?)?;
        performance.seat(index, layout).map(|seat| seat.index)
    };
    let unknown: Vec<_> = names.iter().filter(|name| find(name).is_none()).cloned().collect();
    if !unknown.is_empty() {
        return Err(Problem::new(Code::UnknownSeat).seats(unknown));
    }
    let mut indexes: Vec<_> = names.iter().filter_map(find).collect();
    indexes.sort_unstable();
    indexes.dedup();
    if indexes.len() == names.len() {
        Ok(indexes)
    } else {
        Err(Problem::field("seats", "must not repeat a seat"))
    }
}

/// Says which seat is kept for others, and what would let the buyer have it.
fn kept(why: KeptForOthers, layout: &Layout) -> Problem {
    let name = |seat| layout.name_of(seat).map(String::from).unwrap_or_default();
    let (detail, seat) = match why {
        KeptForOthers::Wheelchair(seat) => {
            let seat = name(seat);
            (format!("{seat} is a wheelchair place: say in `wheelchair` how many are needed"), Some(seat))
        }
        KeptForOthers::Companion(seat) => {
            let place = layout.companion_of(seat).map(name).unwrap_or_default();
            let seat = name(seat);
            (format!("{seat} is for the companion of a person in a wheelchair: name {place} too"), Some(seat))
        }
        KeptForOthers::TooFew(places) => {
            (format!("`wheelchair` must be {places}: so many of the seats are wheelchair places"), None)
        }
    };
    Problem::field("wheelchair", detail.clone()).detail(detail).seats(seat)
}
