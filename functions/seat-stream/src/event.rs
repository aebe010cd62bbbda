//! Server-sent events as bytes. Each is made once and sent to many, which a library's event, made for one, is not for.

use axum::body::Bytes;
use domain::PerformanceId;
use serde::Serialize;
use shared::{
    http::wire::{SeatChangesView, SeatStatesView},
    services::seat_maps::Snapshot,
};

/// How long a client waits before it comes back, milliseconds: short, since it misses what happens meanwhile for that long.
const RETRY_MS: u32 = 250;

/// Says when to come back.
pub(crate) fn retry() -> Bytes {
    format!("retry: {RETRY_MS}\n\n").into()
}

/// Says nothing, so that nobody on the way takes the silence for an end.
pub(crate) fn alive() -> Bytes {
    Bytes::from_static(b":\n\n")
}

/// All seats.
pub(crate) fn states(performance: PerformanceId, map: &Snapshot) -> Bytes {
    event("states", map.version, &SeatStatesView::new(performance, map))
}

/// What changed after a version, where that is still known: nothing when nothing did.
pub(crate) fn changes(map: &Snapshot, after: u64) -> Option<Bytes> {
    let changes = SeatChangesView::new(map.version, map.since(after)?);
    Some(event("changes", map.version, &changes))
}

fn event(name: &str, version: u64, data: &impl Serialize) -> Bytes {
    // Plain numbers and text: they always serialise, and in one line.
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\nid: {version}\ndata: {data}\n\n").into()
}
