//! How a sale went, from its beginning until now.

use axum::{http::HeaderMap, response::Response};
use domain::{
    history::{Interval, POINTS_MAX, Reached, RoomLevels, SaleMinute},
    performance::Performance,
    seat::SeatFigures,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::{
    app::FromApp,
    http::{Code, Problem, etag::Tagged, wire::words::IntervalWords},
    ports::{Clock, SaleHistory},
};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which part of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// The beginning; by default that of the sale, or of the gathering for its draw.
    from: Option<Timestamp>,
    /// The end, not before `from`; by default now.
    to: Option<Timestamp>,
    /// Minutes between two points. By default the finest that shows the period in 1,500 points.
    #[param(value_type = Option<IntervalWords>)]
    step_min: Option<Interval>,
}

/// A sale's history: at most 1,500 points, oldest first; of more, the newest. A time without points is one in which no
/// look was possible, or in which the sale did not run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryOfSale {
    performance_id: Uuid,
    /// Minutes between two points. A point is the last look within them.
    #[schema(value_type = IntervalWords)]
    step_min: Interval,
    /// How many seats are for sale.
    seats_for_sale: u32,
    points: Vec<HistoryPoint>,
}

/// One look at the sale.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryPoint {
    at: Timestamp,
    seats: SeatsThen,
    room: RoomThen,
    reached: StepsReached,
}

/// Seats by state at that moment.
#[derive(Debug, Serialize, ToSchema)]
struct SeatsThen {
    held: u64,
    /// Waiting for payment.
    reserved: u64,
    sold: u64,
}

/// The waiting room at that moment.
#[derive(Debug, Serialize, ToSchema)]
struct RoomThen {
    /// People who wait, also those who are called and not yet inside.
    waiting: u64,
    inside: u64,
    cap: u32,
}

/// How many have reached each step since the sale began. None ever sinks, also when Redis was lost.
#[derive(Debug, Serialize, ToSchema)]
struct StepsReached {
    /// People who took a number.
    joined: u64,
    /// Those of them who were called.
    called: u64,
    /// Admissions given.
    entered: u64,
    /// Accounts that have held seats.
    held: u64,
    /// Accounts that have booked seats.
    booked: u64,
    /// Accounts that have paid for seats.
    paid: u64,
}

/// Reads what the sweep has written.
#[derive(Clone, FromApp)]
pub(crate) struct Archive {
    history: Arc<dyn SaleHistory>,
    clock: Arc<dyn Clock>,
}

impl HistoryQuery {
    /// A period that ends before it begins would look like one without points. Only if the client said both ends: the time
    /// of a point may be ahead of this process's clock, and a period may end before the sale begins.
    fn check(&self) -> Result<(), Problem> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(Problem::field("from", "must not be after to")),
            _ => Ok(()),
        }
    }
}

impl Archive {
    pub(crate) async fn read(
        &self,
        performance: &Performance,
        query: &HistoryQuery,
        headers: &HeaderMap,
    ) -> Result<Response, Problem> {
        query.check()?;
        let from = query.from.unwrap_or_else(|| performance.sale.history_from());
        let to = query.to.unwrap_or_else(|| self.clock.now());
        // A sale that is over does not lose its minutes because time goes on.
        let last = to.min(performance.sale.history_until(performance.starts_at));
        let interval = query.step_min.unwrap_or_else(|| Interval::finest_for(from, last));
        let looks = self.history.looks(performance.performance_id, interval, (from, to), POINTS_MAX).await?;
        let history = HistoryOfSale {
            performance_id: performance.performance_id.0,
            step_min: interval,
            seats_for_sale: performance.for_sale_count,
            points: looks.into_iter().map(HistoryPoint::from).collect(),
        };
        let body = serde_json::to_vec(&history).map_err(|_| Code::Internal)?;
        Ok(Tagged::json(body, "private, no-cache").answer(headers))
    }
}

impl From<SaleMinute> for HistoryPoint {
    fn from(look: SaleMinute) -> Self {
        let SeatFigures { held, reserved, sold } = look.seats;
        let RoomLevels { waiting, inside, cap } = look.room;
        Self {
            at: look.at,
            seats: SeatsThen { held, reserved, sold },
            room: RoomThen { waiting, inside, cap },
            reached: look.reached.into(),
        }
    }
}

impl From<Reached> for StepsReached {
    fn from(Reached { joined, called, entered, held, booked, paid }: Reached) -> Self {
        Self { joined, called, entered, held, booked, paid }
    }
}
