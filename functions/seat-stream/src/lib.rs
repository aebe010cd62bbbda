//! `seat-stream`: sends the changes of a seat map, as they happen, to buyers who choose seats.
//!
//! Server-sent events, read by `fetch` rather than by `EventSource` because an admission is sent in a header. One reader
//! per performance looks at the map. What it sees is serialised once and shared by all streams, so a stream costs only the
//! sending.

mod event;
mod readers;
mod stream;

use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse as _, Response},
};
use domain::PerformanceId;
use readers::Readers;
pub use readers::STREAMS_MAX;
use shared::{
    http::{Floor, Function, Memory, Problem, Router, Streaming, auth::MaybeAdmitted, path::Path, routes},
    ports::Clock,
    services::{catalog::Catalog, seat_maps::SeatMaps},
};
use std::{sync::Arc, time::Duration};
use stream::{Seen, Stream};

/// A stream is in flight for up to 50 s and costs next to nothing until a seat changes.
pub const FUNCTION: Function = Function::new("seat-stream")
    .verifies()
    .needs_redis()
    .streams()
    // Streams cost little, so an instance takes many. They keep it awake while buyers watch, as they should.
    .in_flight(800)
    .instances_max(12)
    .replicas(2, 8)
    .at_once_max(60)
    // Layouts and snapshots of the map stay in memory, as seat-map's do.
    .memory(Memory { replica_max_mb: 192, ..Memory::PLAIN })
    .on_sale(Floor::of(2).in_waves());

/// Shorter than any proxy lets a request last. The client reconnects and continues where it was.
const STREAM_MAX: Duration = Duration::from_secs(50);

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub fn routes() -> Router {
    Router::new().routes(routes!(changes)).layer(Extension(Arc::new(Readers::new())))
}

/// Stream the changes of a performance's map as server-sent events.
///
/// The first event is `states`: its data is that of `GET /v1/seats/{performance_id}`, and its `version` is the event's id.
/// After that come `changes`: `{version, changes: [[index, state]…]}`. With `Last-Event-ID` the stream begins with the
/// changes after that version, if they are still known. A stream ends after 50 seconds, or with the admission: reconnect
/// with the last id. Where answers are not streamed (AWS Lambda), it ends with the first change, or after five seconds
/// without any.
#[utoipa::path(
    get, path = "/v1/seat-stream/{performance_id}", tag = "seat-stream",
    params(
        ("performance_id" = Uuid, Path),
        ("Last-Event-ID" = Option<u64>, Header, description = "The version that the client already knows"),
        ("Admission-Token" = Option<String>, Header, description = "Needed if the sale has a queue"),
    ),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 403, description = "`not_admitted`"),
        (status = 404, description = "`not_found`"),
        (status = 503, description = "`busy`, with `Retry-After`"),
    )
)]
async fn changes(
    Path(performance): Path<PerformanceId>,
    State(catalog): State<Arc<Catalog>>,
    State(maps): State<Arc<SeatMaps>>,
    State(clock): State<Arc<dyn Clock>>,
    Extension(readers): Extension<Arc<Readers>>,
    streaming: Option<Extension<Streaming>>,
    admitted: MaybeAdmitted,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let performance = catalog.performance(performance).await?;
    let admitted_until = admitted.check_looking(&performance)?;
    let layout = catalog.layout(&performance).await?;
    let listening = readers.listen(performance.performance_id, &layout, &maps)?;
    let map = maps.snapshot(performance.performance_id, &layout).await?;

    let known = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok());
    let left = admitted_until.map(|until| until.duration_since(clock.now()).unsigned_abs());
    let seen = Seen { performance: performance.performance_id, map, known };
    let stream = match streaming {
        Some(Extension(streaming)) => Stream::new(listening, seen)
            .until(streaming, left.map_or(STREAM_MAX, |left| left.min(STREAM_MAX))),
        None => Stream::new(listening, seen).first_news(),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // Otherwise nginx would hold the beginning back until it has some kilobytes.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(stream.events())).into_response())
}
