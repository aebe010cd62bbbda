//! `lock-seat`: hold seats for a few minutes while their buyer decides.

mod choice;
mod wanted;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    UserId,
    best::outlook,
    booking::amount_of,
    hold::{Hold, HoldId},
    layout::Layout,
    money::Currency,
    performance::Performance,
};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    app::FromApp,
    config::Limits,
    http::{
        Code, Floor, Function, Problem, Router,
        auth::{MaybeAdmitted, SignedIn},
        brake::Brake,
        json::Json,
        path::Path,
        problem::outcome,
        routes,
        wire::{BookedPlaceView, ChosenView},
    },
    ports::{Clock, Held, HoldError, HoldRequest, Ids, SeatLocks, WantedSeats},
    services::{
        catalog::{Catalog, NoPerformance},
        seat_maps::SeatMaps,
        second_look::SecondLook,
    },
    telemetry::metrics,
};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use wanted::{NewHold, Seats};

/// Holds, the hottest write; docs/PERFORMANCE.md says what one costs.
pub const FUNCTION: Function = Function::new("lock-seat")
    .verifies()
    .needs_redis()
    // 16 instances have 560 holds in flight before Knative wants more. At 13 ms each, that fills Redis's one core.
    .instances_max(16)
    // 10 replicas at half a core each make 39,000 holds a second if every buyer is new to them (128 µs each). That fills it, too.
    .replicas(2, 10)
    .at_once_max(100)
    .on_sale(Floor::of(4).in_waves());

pub fn routes() -> Router {
    Router::new().routes(routes!(lock_seats)).routes(routes!(hold, release))
}

/// A buyer's held seats.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hold)]
struct HoldView {
    /// The hold's opaque id.
    hold_id: String,
    performance_id: Uuid,
    /// The seats' names, in layout order.
    seats: Vec<String>,
    /// The same places, with what a ticket says of each.
    places: Vec<BookedPlaceView>,
    /// When the hold ends and the seats become free.
    expires_at: Timestamp,
    /// The sum of the prices, in minor units.
    amount: u64,
    #[schema(value_type = String)]
    currency: Currency,
    /// Where seats are that were chosen: in the answer to a request for `best`.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<ChosenView>,
}

/// Hold seats, all or none.
///
/// Asking for the same seats again returns the same hold (200). Asking for seats that only partly overlap an earlier hold
/// of one's own replaces that hold but keeps its expiry: a selection can grow and shrink, but not last for ever.
/// `best` and `standing` are chosen from what is free at that moment.
#[utoipa::path(
    post, path = "/v1/holds", tag = "lock-seat", security(("access_token" = [])), request_body = NewHold,
    params(("Admission-Token" = Option<String>, Header, description = "Needed if the sale has a queue")),
    responses(
        (status = 201, body = HoldView),
        (status = 200, body = HoldView, description = "The same hold"),
        (status = 403, description = "`not_admitted` or `sale_not_open`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`seat_held` or `seat_sold` with `seats`, or `limit_exceeded`"),
        (status = 422, description = "`too_many_seats`, `unknown_seat` or `validation_failed`"),
    )
)]
async fn lock_seats(
    SignedIn(user): SignedIn,
    admitted: MaybeAdmitted,
    State(locking): State<Locking>,
    State(brake): State<Brake>,
    Json(wanted): Json<NewHold>,
) -> Result<Response, Problem> {
    let performance = wanted.performance_id;
    let locked = locking.lock(user, &admitted, wanted).await;
    let is_same_again = locked.as_ref().is_ok_and(|answer| answer.status() == StatusCode::OK);
    if !is_same_again {
        metrics::HOLDS.add(1, &[outcome(&locked, "held")]);
    }
    brake.after(performance, locked).await
}

#[derive(Clone, FromApp)]
struct Locking {
    catalog: Arc<Catalog>,
    locks: Arc<dyn SeatLocks>,
    second_look: SecondLook,
    maps: Arc<SeatMaps>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    limits: Limits,
}

impl Locking {
    async fn lock(
        &self,
        user: UserId,
        admitted: &MaybeAdmitted,
        wanted: NewHold,
    ) -> Result<Response, Problem> {
        let performance = self.catalog.performance(wanted.performance_id).await?;
        performance.check_holdable(self.clock.now())?;
        let admitted = admitted.check(user, &performance)?;
        let layout = self.catalog.layout(&performance).await?;

        let hold_id = HoldId { performance: performance.performance_id, token: self.ids.uuid() };
        let request = |seats| HoldRequest {
            hold_id,
            user,
            admitted,
            seats,
            ttl_ms: u64::from(self.limits.hold_ttl_s) * 1_000,
            max_seats_per_user: performance.max_seats_per_user,
        };
        let wanted = wanted.parse(&performance, &layout, self.clock.now())?;
        let is_chosen = matches!(wanted, Seats::Chosen(_));
        let held = match wanted {
            Seats::Named(seats) => {
                let held = self.hold_checked(&request(WantedSeats::Named(seats))).await;
                held.map_err(|error| refusal(error, &layout))?
            }
            Seats::Chosen(choice) => {
                self.hold_chosen(hold_id.performance, &layout, &choice, request).await?
            }
        };
        let chosen = outlook(&layout, &held.hold.seats).filter(|_| is_chosen).map(ChosenView::from);
        match HoldView::new(&held.hold, &performance, &layout) {
            Ok(view) => Ok(HoldView { chosen, ..view }.answer(held.fresh)),
            // The performance does not have these seats, so it does not sell them.
            Err(problem) => {
                self.locks.release(held.hold.hold_id, user).await?;
                Err(problem)
            }
        }
    }

    /// Seats that the map refuses may be free in the books: if so, the hold is tried once more.
    async fn hold_checked(&self, request: &HoldRequest) -> Result<Held, HoldError> {
        let held = self.locks.hold(request).await;
        match &held {
            Err(error)
                if self.second_look.finds_free(request.hold_id.performance, request.user, error).await =>
            {
                self.locks.hold(request).await
            }
            _ => held,
        }
    }
}

/// Read a hold of one's own.
#[utoipa::path(
    get, path = "/v1/holds/{hold_id}", tag = "lock-seat", security(("access_token" = [])),
    params(("hold_id" = String, Path)),
    responses((status = 200, body = HoldView), (status = 404, description = "`hold_not_found`"))
)]
async fn hold(
    SignedIn(user): SignedIn,
    Path(hold): Path<String>,
    State(catalog): State<Arc<Catalog>>,
    State(locks): State<Arc<dyn SeatLocks>>,
) -> Result<axum::Json<HoldView>, Problem> {
    let hold_id: HoldId = hold.parse().map_err(|_| Code::HoldNotFound)?;
    let performance = catalog.performance(hold_id.performance).await.map_err(no_such_hold)?;
    let hold = locks.find(hold_id, user).await?.ok_or(Code::HoldNotFound)?;
    let layout = catalog.layout(&performance).await?;
    HoldView::new(&hold, &performance, &layout).map(axum::Json)
}

/// Release the seats of a hold.
#[utoipa::path(
    delete, path = "/v1/holds/{hold_id}", tag = "lock-seat", security(("access_token" = [])),
    params(("hold_id" = String, Path)),
    responses((status = 204, description = "Free again"), (status = 404, description = "`hold_not_found`"))
)]
async fn release(
    SignedIn(user): SignedIn,
    Path(hold): Path<String>,
    State(catalog): State<Arc<Catalog>>,
    State(locks): State<Arc<dyn SeatLocks>>,
) -> Result<StatusCode, Problem> {
    let hold_id: HoldId = hold.parse().map_err(|_| Code::HoldNotFound)?;
    catalog.performance(hold_id.performance).await.map_err(no_such_hold)?;
    if locks.release(hold_id, user).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Code::HoldNotFound.into())
    }
}

fn no_such_hold(why: NoPerformance) -> Problem {
    match why {
        NoPerformance::NotFound => Code::HoldNotFound.into(),
        NoPerformance::Store(error) => error.into(),
    }
}

fn refusal(error: HoldError, layout: &Layout) -> Problem {
    let (code, seats) = match error {
        HoldError::Held(seats) => (Code::SeatHeld, seats),
        HoldError::Sold(seats) => (Code::SeatSold, seats),
        HoldError::NoneTogether => (Code::SeatHeld, Vec::new()),
        HoldError::LimitExceeded => return Code::LimitExceeded.into(),
        HoldError::Outside => return Code::NotAdmitted.into(),
        HoldError::Store(error) => return error.into(),
    };
    Problem::new(code).seats(seats.into_iter().filter_map(|seat| layout.name_of(seat)).map(Into::into))
}

impl HoldView {
    fn new(hold: &Hold, performance: &Performance, layout: &Layout) -> Result<Self, Problem> {
        let seats = hold.seats.iter().map(|index| performance.seat(*index, layout));
        let seats: Vec<_> = seats.collect::<Option<_>>().ok_or(Code::Internal)?;
        Ok(Self {
            hold_id: hold.hold_id.to_string(),
            performance_id: performance.performance_id.0,
            amount: amount_of(&seats),
            places: seats.iter().map(BookedPlaceView::from).collect(),
            seats: seats.into_iter().map(|seat| seat.seat.into()).collect(),
            expires_at: hold.expires_at,
            currency: performance.currency.clone(),
            chosen: None,
        })
    }

    fn answer(self, is_fresh: bool) -> Response {
        let status = if is_fresh { StatusCode::CREATED } else { StatusCode::OK };
        let location = [(header::LOCATION, format!("/v1/holds/{}", self.hold_id))];
        (status, location, axum::Json(self)).into_response()
    }
}
