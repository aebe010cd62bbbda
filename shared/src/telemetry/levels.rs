//! The levels of a sale, shown by a process that has read them anyway.

use super::metrics::{self, Gauge, attribute, is_collected, key};
use domain::{
    PerformanceId,
    queue::{CLAIM_RATE_ONE, RoomStatus},
    seat::SeatFigures,
};
use opentelemetry::KeyValue;
use std::sync::Arc;

/// A waiting room as it is now, and how many may be inside.
pub fn see_queue(performance: PerformanceId, status: &RoomStatus, cap: u32) {
    if !is_collected() {
        return;
    }
    let of = [named(performance)];
    let see = |gauge: &'static Gauge, count| gauge.see(level(count), &of);
    see(&metrics::QUEUE_ISSUED, status.issued);
    see(&metrics::QUEUE_SERVING, status.serving);
    see(&metrics::QUEUE_CALLED, status.called);
    see(&metrics::QUEUE_LAPSED, status.called_again);
    see(&metrics::QUEUE_ACTIVE, status.active);
    see(&metrics::QUEUE_CAP, cap.into());
    metrics::QUEUE_CLAIM_RATE.see(level(status.claim_rate) / level(CLAIM_RATE_ONE), &of);
}

/// The seats of a performance as the map has them now, of which so many are for sale.
pub fn see_seats(performance: PerformanceId, figures: &SeatFigures, for_sale_count: u32) {
    if !is_collected() {
        return;
    }
    let performance = named(performance);
    let SeatFigures { held, reserved, sold } = *figures;
    let available = figures.left_of(for_sale_count).now;
    for (state, count) in [("available", available), ("held", held), ("reserved", reserved), ("sold", sold)] {
        metrics::SEATS.see(level(count), &[performance.clone(), attribute(key::SEAT_STATE, state)]);
    }
}

fn named(performance: PerformanceId) -> KeyValue {
    let name: Arc<str> = performance.to_string().into();
    attribute(key::PERFORMANCE, name)
}

/// No hall and no queue has as many as a `u32` can count.
fn level(count: u64) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}
