//! Server-sent events as bytes. Each is made once and sent to many; a library's event is made for one client.

use axum::body::Bytes;
use domain::PerformanceId;
use serde::Serialize;
use shared::{
    http::wire::{SeatChangesView, SeatStatesView},
    services::seat_maps::Snapshot,
};

/// How long a client waits before it reconnects, in milliseconds: short, because it misses all changes meanwhile.
const RETRY_MS: u32 = 250;

/// Tells the client when to reconnect.
pub(crate) fn retry() -> Bytes {
    format!("retry: {RETRY_MS}\n\n").into()
}

/// An empty comment, so that no proxy on the way mistakes silence for the end.
pub(crate) fn alive() -> Bytes {
    Bytes::from_static(b":\n\n")
}

/// The event with all seats.
pub(crate) fn states(performance: PerformanceId, map: &Snapshot) -> Bytes {
    event("states", map.version, &SeatStatesView::new(performance, map))
}

/// The event with what changed after a version, if that is still known; `None` if nothing did.
pub(crate) fn changes(map: &Snapshot, after: u64) -> Option<Bytes> {
    let changes = SeatChangesView::new(map.version, map.since(after)?);
    Some(event("changes", map.version, &changes))
}

fn event(name: &str, version: u64, data: &impl Serialize) -> Bytes {
    // Numbers and plain text always serialise, and in one line.
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\nid: {version}\ndata: {data}\n\n").into()
}
