//! Wire types that several functions answer with.

#![warn(missing_docs)]

pub mod words;

use super::problem::{Code, Problem};
use crate::services::{
    refresh_tokens::RefreshToken,
    seat_maps::Snapshot,
    tokens::{ACCESS_TTL_S, Access, Tokens},
};
use domain::{
    PerformanceId, UserId,
    booking::{Booking, BookingState},
    layout::SeatIndex,
    money::Currency,
    queue::{POLL_FAR_MS, POLL_NEAR_MS, Place, PlaceState, eta_s, jittered, poll_after_ms},
    seat::SeatState,
    user::{Role, User},
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use words::{BookingStateWords, PlaceStateWords, RoleWords};

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    /// The account's id.
    pub user_id: Uuid,
    /// The address, in lower case.
    pub email: String,
    /// The name that the person chose.
    pub name: String,
    /// `buyer`, `organizer` or `admin`.
    #[schema(value_type = RoleWords)]
    pub role: Role,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self { user_id: user.user_id.0, email: user.email.into(), name: user.name, role: user.role }
    }
}

/// The tokens of a log-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenPair {
    /// The token for `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// Good for one exchange at `POST /v1/tokens`.
    pub refresh_token: String,
}

impl TokenPair {
    /// A fresh access token beside this refresh token.
    pub fn new(
        tokens: &Tokens,
        user: UserId,
        role: Role,
        refresh: &RefreshToken,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let iat = now.as_second();
        let access = Access { sub: user, role, iat, exp: iat + ACCESS_TTL_S };
        Ok(Self {
            access_token: tokens.sign(&access).ok_or(Code::Internal)?,
            token_type: "Bearer",
            expires_in: ACCESS_TTL_S,
            refresh_token: refresh.text(),
        })
    }
}

/// A place in a queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Place)]
pub struct PlaceView {
    /// The queue number, from 1. It never changes while the place is kept. Null before the draw.
    #[schema(required = true)]
    pub number: Option<u64>,
    /// How many numbers before it are not called yet. Null before the draw.
    #[schema(required = true)]
    pub ahead: Option<u64>,
    /// `prequeue`, `waiting`, `called`, `admitted`, `lapsed` or `left`.
    #[schema(value_type = PlaceStateWords)]
    pub state: PlaceState,
    /// Seconds until the call, at the soonest and at the latest, by the measured rate. Null if none was measured.
    #[schema(required = true)]
    pub eta_s: Option<[u64; 2]>,
    /// How long to wait before asking again, in milliseconds. Asking much more often is answered with 429.
    pub poll_after_ms: u64,
}

impl PlaceView {
    /// Describes a place. `dice` is any random number: it spreads out when clients ask again.
    #[must_use]
    pub fn new(place: &Place, dice: u64) -> Self {
        let number = place.standing.number();
        let eta_s = match place.state {
            PlaceState::Waiting => eta_s(place.ahead, place.called_per_min),
            PlaceState::Called | PlaceState::Admitted => Some([0, 0]),
            PlaceState::Prequeue | PlaceState::Lapsed | PlaceState::Left => None,
        };
        let poll_ms = number.map_or(POLL_FAR_MS, |_| poll_after_ms(place.ahead));
        Self {
            number,
            ahead: number.map(|_| place.ahead),
            state: place.state,
            eta_s,
            poll_after_ms: jittered(poll_ms, dice),
        }
    }

    /// The place of staff, who need not wait.
    #[must_use]
    pub fn of_staff() -> Self {
        Self {
            number: None,
            ahead: Some(0),
            state: PlaceState::Called,
            eta_s: Some([0, 0]),
            poll_after_ms: POLL_NEAR_MS,
        }
    }
}

/// A booking.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Booking)]
pub struct BookingView {
    /// The booking's id.
    pub booking_id: Uuid,
    /// `reserved`, `confirmed`, `cancelled` or `expired`.
    #[schema(value_type = BookingStateWords)]
    pub state: BookingState,
    /// The performance's id.
    pub performance_id: Uuid,
    /// The show's id.
    pub show_id: Uuid,
    /// The show's title.
    pub title: String,
    /// The venue's name.
    pub venue: String,
    /// When the performance starts.
    pub starts_at: Timestamp,
    /// The seats' names, in layout order.
    pub seats: Vec<String>,
    /// The total, in minor units.
    pub amount: u64,
    /// The currency of `amount`.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// When it must be paid at the latest.
    pub pay_by: Timestamp,
    /// When the booking was made.
    pub created_at: Option<Timestamp>,
}

impl From<&Booking> for BookingView {
    fn from(booking: &Booking) -> Self {
        Self {
            booking_id: booking.booking_id.0,
            state: booking.state,
            performance_id: booking.performance_id.0,
            show_id: booking.show_id.0,
            title: booking.title.clone(),
            venue: booking.venue.clone(),
            starts_at: booking.starts_at,
            seats: booking.seats.iter().map(|booked| booked.seat.to_string()).collect(),
            amount: booking.amount,
            currency: booking.currency.clone(),
            pay_by: booking.pay_by,
            created_at: booking.history.first().map(|change| change.at),
        }
    }
}

/// The states of all seats: 2 bits each, lowest bits first, in layout order.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatStatesView {
    /// The performance's id.
    pub performance_id: Uuid,
    /// The map's version, which grows with every change.
    pub version: u64,
    /// The number of seats.
    pub seat_count: u32,
    /// Base64. 0 available, 1 held, 2 sold, 3 not for sale.
    #[schema(format = Byte)]
    pub states: String,
}

impl SeatStatesView {
    /// Describes a reading of the map.
    #[must_use]
    pub fn new(performance: PerformanceId, map: &Snapshot) -> Self {
        Self {
            performance_id: performance.0,
            version: map.version,
            seat_count: map.states.seat_count(),
            states: map.states.to_base64(),
        }
    }
}

/// What changed. If a seat appears more than once, its last entry counts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeatChanges)]
pub struct SeatChangesView {
    /// The map's version, which grows with every change.
    pub version: u64,
    /// Pairs of a seat's index in layout order and its state.
    pub changes: Vec<(u32, u8)>,
}

impl SeatChangesView {
    /// Describes what changed up to a version, oldest first.
    pub fn new(version: u64, changes: impl Iterator<Item = (SeatIndex, SeatState)>) -> Self {
        Self { version, changes: changes.map(|(index, state)| (index.0, state as u8)).collect() }
    }
}
