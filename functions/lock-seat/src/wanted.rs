//! The seats that a buyer asks for: named ones, or the best together.

use domain::{
    PerformanceId,
    layout::{Layout, SeatIndex},
    performance::Performance,
    seat::SeatId,
};
use serde::Deserialize;
use shared::http::{Code, Problem};
use utoipa::ToSchema;

/// No hold has more seats than this, whatever the performance allows.
const SEATS_MAX: usize = 100;

/// Seats to hold: either `seats` or `best`.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewHold {
    #[schema(value_type = Uuid)]
    pub(crate) performance_id: PerformanceId,
    /// The seats' names, such as `A-12-7`.
    #[schema(min_items = 1, max_items = 100)]
    seats: Option<Vec<String>>,
    best: Option<Best>,
}

/// The best adjacent free seats.
#[derive(Debug, Deserialize, ToSchema)]
struct Best {
    /// The number of seats together.
    #[schema(minimum = 1, maximum = 20)]
    count: u32,
    /// The grade of the seats.
    #[schema(max_length = 20)]
    grade: String,
}

/// A parsed request.
pub(crate) enum Seats {
    /// These, in layout order.
    Named(Vec<SeatIndex>),
    /// The best that are free.
    Best { count: u32, grade: String },
}

impl NewHold {
    pub(crate) fn parse(self, performance: &Performance, layout: &Layout) -> Result<Seats, Problem> {
        let seats = match (self.seats, self.best) {
            (Some(names), None) => Seats::Named(named(&names, performance, layout)?),
            (None, Some(best)) => best.parse(performance)?,
            _ => return Err(Problem::field("seats", "either seats or best must be given")),
        };
        let count = match &seats {
            Seats::Named(indexes) => indexes.len(),
            Seats::Best { count, .. } => *count as usize,
        };
        let max = performance.max_seats_per_user;
        if count > max as usize {
            return Err(Problem::new(Code::TooManySeats).detail(format!("One person may have {max} seats")));
        }
        Ok(seats)
    }
}

impl Best {
    fn parse(self, performance: &Performance) -> Result<Seats, Problem> {
        if self.count == 0 {
            return Err(Problem::field("best.count", "must be at least 1"));
        }
        let grade = performance.grade_named(&self.grade);
        let grade = grade.ok_or_else(|| Problem::field("best.grade", "must be a grade of the show"))?;
        Ok(Seats::Best { count: self.count, grade: grade.to_owned() })
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
