//! `bookings`: a buyer's own bookings.

use axum::extract::State;
use domain::{
    BookingId,
    booking::{Booking, BookingState},
};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    http::{
        Code, Function, Problem, Router,
        auth::SignedIn,
        page::{Page, PageAfter, PageQuery},
        path::Path,
        routes,
        wire::{BookingView, words::BookingStateWords},
    },
    ports::Books,
};
use std::sync::Arc;
use utoipa::ToSchema;

/// It only reads DynamoDB.
pub const FUNCTION: Function =
    Function::new("bookings").verifies().without_redis().replicas(2, 6).at_once_max(20);

pub fn routes() -> Router {
    Router::new().routes(routes!(bookings)).routes(routes!(booking))
}

/// A booking with its seats' prices and its history.
#[derive(Debug, Serialize, ToSchema)]
struct BookingDetail {
    #[serde(flatten)]
    booking: BookingView,
    /// The booked seats with their prices.
    tickets: Vec<SeatTicket>,
    /// What was refunded on cancellation, in minor units.
    refund: u64,
    /// What was kept on cancellation, in minor units.
    fee: u64,
    /// The booking's states, oldest first.
    history: Vec<HistoryEntry>,
}

/// One seat of a booking.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ticket)]
struct SeatTicket {
    seat: String,
    grade: String,
    /// The price in minor units.
    price: u64,
}

/// When a booking entered a state.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryEntry {
    #[schema(value_type = BookingStateWords)]
    state: BookingState,
    at: Timestamp,
}

/// List one's own bookings, newest first.
#[utoipa::path(
    get, path = "/v1/me/bookings", tag = "bookings", security(("access_token" = [])), params(PageQuery),
    responses((status = 200, body = Page<BookingView>))
)]
async fn bookings(
    SignedIn(user): SignedIn,
    State(books): State<Arc<dyn Books>>,
    page: PageAfter<BookingId>,
) -> Result<axum::Json<Page<BookingView>>, Problem> {
    let (bookings, more) = books.bookings_of(user, page.limit, page.after).await?;
    let next = bookings.last().filter(|_| more).map(|last| last.booking_id);
    Ok(axum::Json(Page::new(bookings.iter().map(BookingView::from).collect(), next)))
}

/// Read one of one's own bookings.
#[utoipa::path(
    get, path = "/v1/me/bookings/{booking_id}", tag = "bookings", security(("access_token" = [])),
    params(("booking_id" = uuid::Uuid, Path)),
    responses((status = 200, body = BookingDetail), (status = 404, description = "`not_found`"))
)]
async fn booking(
    SignedIn(user): SignedIn,
    Path(booking): Path<BookingId>,
    State(books): State<Arc<dyn Books>>,
) -> Result<axum::Json<BookingDetail>, Problem> {
    let booking = books.booking(booking).await?;
    let booking = booking.filter(|booking| booking.user_id == user).ok_or(Code::NotFound)?;
    Ok(axum::Json(booking.into()))
}

impl From<Booking> for BookingDetail {
    fn from(booking: Booking) -> Self {
        let view = BookingView::from(&booking);
        let seats = booking.seats.into_iter();
        let history = booking.history.into_iter();
        Self {
            booking: view,
            tickets: seats
                .map(|booked| SeatTicket {
                    seat: booked.seat.into(),
                    grade: booked.grade,
                    price: booked.price,
                })
                .collect(),
            refund: booking.refund,
            fee: booking.fee,
            history: history.map(|change| HistoryEntry { state: change.state, at: change.at }).collect(),
        }
    }
}
