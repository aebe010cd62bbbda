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
    best::Outlook,
    booking::{BookedKind, BookedSeat, Booking, BookingState},
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
use words::{BookedKindWords, BookingStateWords, PlaceStateWords, RoleWords};

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
    /// The same places, with what a ticket says of each.
    pub places: Vec<BookedPlaceView>,
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
            places: booking.seats.iter().map(BookedPlaceView::from).collect(),
            amount: booking.amount,
            currency: booking.currency.clone(),
            pay_by: booking.pay_by,
            created_at: booking.history.first().map(|change| change.at),
        }
    }
}

/// A place that is held or booked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BookedPlace)]
pub struct BookedPlaceView {
    /// Its name, as in `seats`.
    pub seat: String,
    /// The name of its section.
    pub section: String,
    /// The name of its row. A standing place has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// What the seat is called in its row. A standing place has an entry number instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// `seat`, `standing`, `wheelchair`, `companion` or `restricted_view`.
    #[schema(value_type = BookedKindWords)]
    pub kind: BookedKind,
    /// The number by which a standing place's buyer goes in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_number: Option<u32>,
    /// The entrance that leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrance: Option<String>,
    /// Its grade.
    pub grade: String,
    /// A word to the buyer, such as what is in the way of the view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<&BookedSeat> for BookedPlaceView {
    fn from(booked: &BookedSeat) -> Self {
        let (section, row) = booked.seat.row_name().split_once('-').unwrap_or_default();
        let label = booked.seat.label();
        let is_standing = booked.kind == BookedKind::Standing;
        Self {
            seat: booked.seat.to_string(),
            section: section.to_owned(),
            row: (!is_standing).then(|| row.to_owned()),
            number: (!is_standing).then(|| label.to_owned()),
            kind: booked.kind,
            entry_number: label.parse().ok().filter(|_| is_standing),
            entrance: booked.entrance.clone(),
            grade: booked.grade.clone(),
            note: booked.note.clone(),
        }
    }
}

/// Where seats are that were chosen for a buyer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChosenSeats)]
pub struct ChosenView {
    /// From the best of their rows to what everybody looks at, in metres.
    pub row_distance_m: f64,
    /// Whether they are in more than one row.
    pub split: bool,
}

impl From<Outlook> for ChosenView {
    fn from(outlook: Outlook) -> Self {
        Self { row_distance_m: outlook.row_distance_m, split: outlook.is_split }
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
