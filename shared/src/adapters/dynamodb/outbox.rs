//! What happened, written with the change itself: one event a change, to be told to others later.

use super::{
    item::{Item, number, text, ttl},
    keys::Key,
    write::{ABSENT, Write},
};
use domain::{PerformanceId, booking::Booking};
use jiff::{SignedDuration, Timestamp};

/// How long an event waits for its reader.
const EVENT_KEPT_S: i64 = 14 * 86_400;

/// A booking came into its state. The key follows from what happened, so that it is told once.
pub(super) fn booking_changed(booking: &Booking, at: Timestamp) -> Write {
    let state = booking.state.as_str();
    let mut event = event(&format!("booking.{state}"), booking.performance_id, at);
    event.insert("booking_id".to_owned(), text(booking.booking_id));
    Write::put(Key::event(booking.booking_id.0, at.as_microsecond(), state), event).only_if(ABSENT)
}

/// A performance was published, or its sale changed.
pub(super) fn performance_changed(performance: PerformanceId, what: &'static str, at: Timestamp) -> Write {
    let event = event(&format!("performance.{what}"), performance, at);
    Write::put(Key::event(performance.0, at.as_microsecond(), what), event)
}

fn event(kind: &str, performance: PerformanceId, at: Timestamp) -> Item {
    Item::from([
        ("type".to_owned(), text(kind)),
        ("performance_id".to_owned(), text(performance)),
        ("at_us".to_owned(), number(at.as_microsecond())),
        ("expires_at_s".to_owned(), ttl(at + SignedDuration::from_secs(EVENT_KEPT_S))),
    ])
}
