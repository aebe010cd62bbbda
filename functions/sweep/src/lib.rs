//! `sweep`: finish what requests left unfinished: expire unpaid reservations and settle payments. It also writes the
//! minute of each running sale to its history.
//!
//! It has no public path; a timer inside the cluster calls it. Any number may run at once: every step is conditional.

use axum::{Json, extract::State};
use domain::BookingId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use shared::{
    error::chain,
    http::{Function, Problem, Router, routes},
    ports::{BookingChange, Books, ChangeError, Clock, Due, StoreError},
    services::{history::SaleRecorder, projector::Projector, settlement::Settlement},
    telemetry::{
        context::unrecorded,
        metrics::{self, attribute, key},
    },
};
use std::sync::Arc;
use utoipa::ToSchema;

/// It finishes what requests left unfinished.
pub const FUNCTION: Function = Function::new("sweep")
    .pays()
    .wakes_relay()
    .every_minute()
    .deadline_s(60)
    // The timer makes one call at a time, so one instance is enough. While it is away, nothing is lost.
    .in_flight(10)
    .instances_max(2)
    .replicas(1, 2)
    .at_once_max(1);

/// How many items one call handles at most.
const DUE_MAX: usize = 200;

pub fn routes() -> Router {
    Router::new().routes(routes!(sweep))
}

/// What a sweep did.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Swept {
    /// Reservations that were not paid in time; their seats are free again.
    expired: u32,
    /// Payments that were brought further.
    settled: u32,
    /// Items that failed now and are left to the next sweep.
    failed: u32,
    /// When the next item will be due, as far as is known now; absent while nothing waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due_at: Option<Timestamp>,
}

/// Handle what is due.
#[utoipa::path(post, path = "/", tag = "sweep", responses((status = 200, body = Swept)))]
async fn sweep(
    State(books): State<Arc<dyn Books>>,
    State(settlement): State<Settlement>,
    State(projector): State<Projector>,
    State(recorder): State<SaleRecorder>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<Json<Swept>, Problem> {
    let swept = sweep_what_is_due(&*books, &settlement, &projector, &*clock).await;
    recorder.record(clock.now()).await;
    let is_done = swept.as_ref().is_ok_and(|swept| swept.failed == 0);
    metrics::SWEEPS.add(1, &[attribute(key::OUTCOME, if is_done { "done" } else { "failed" })]);
    Ok(Json(swept?))
}

async fn sweep_what_is_due(
    books: &dyn Books,
    settlement: &Settlement,
    projector: &Projector,
    clock: &dyn Clock,
) -> Result<Swept, StoreError> {
    let mut swept = Swept::default();
    let begun = clock.now();
    let due = unrecorded(books.due(begun, DUE_MAX)).await?;
    let delay = due.first().map_or(SignedDuration::ZERO, |(since, _)| begun.duration_since(*since));
    metrics::SWEEP_DELAY.see(delay.as_secs_f64(), &[]);
    let is_all = due.len() < DUE_MAX;
    for (_, due) in due {
        let done = match &due {
            Due::Reservation(booking) => expire(books, projector, clock, *booking).await,
            Due::Payment(booking, reference) => settle(books, settlement, *booking, reference).await,
        };
        match (done, due) {
            (Ok(true), Due::Reservation(_)) => swept.expired += 1,
            (Ok(true), Due::Payment(..)) => swept.settled += 1,
            (Ok(false), _) => {}
            (Err(error), due) => {
                tracing::error!(event = "sweep.left", ?due, error = chain(&error), "left for the next sweep");
                swept.failed += 1;
            }
        }
    }
    swept.next_due_at = if is_all { unrecorded(books.next_due(begun)).await? } else { Some(begun) };
    Ok(swept)
}

/// Whether the booking could expire: a payment may have come first.
async fn expire(
    books: &dyn Books,
    projector: &Projector,
    clock: &dyn Clock,
    booking: BookingId,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let Some(before) = books.booking(booking).await? else { return Ok(false) };
    let Ok(after) = before.expire(now) else { return Ok(false) };
    let change = BookingChange { before: &before, after: &after, payment: None, completion: None, now };
    match books.change(&change).await {
        Ok(()) => {
            projector.show(&after).await;
            Ok(true)
        }
        Err(ChangeError::Changed | ChangeError::Superseded) => Ok(false),
        Err(ChangeError::Store(error)) => Err(error),
    }
}

async fn settle(
    books: &dyn Books,
    settlement: &Settlement,
    booking: BookingId,
    reference: &str,
) -> Result<bool, StoreError> {
    let Some(payment) = books.payment(booking, reference).await? else { return Ok(false) };
    settlement.settle(&payment).await?;
    Ok(!payment.goal.is_settled())
}
