//! `seat-stream`: what changes on a seat map, told as it happens, to those who choose seats.
//!
//! Server-sent events, read by `fetch` rather than by `EventSource`, because an admission goes along as a header. One
//! reader a performance looks at the map; what it sees is serialised once and shared by all streams: a stream costs what
//! sending costs.

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
    http::{Floor, Function, Memory, Problem, Router, Streaming, auth::MaybeAdmitted, path::Path},
    ports::Clock,
    services::{catalog::Catalog, seat_maps::SeatMaps},
};
use std::{sync::Arc, time::Duration};
use stream::{Seen, Stream};
use utoipa_axum::routes;

/// Streams of what changes: each is a request in flight for up to 50 s and costs next to nothing until something changes.
pub const FUNCTION: Function = Function::new("seat-stream")
    .verifies()
    .needs_redis()
    .streams()
    // So an instance takes many. They keep it alive, which is right: people look.
    .in_flight(800)
    .instances_max(12)
    .replicas(2, 8)
    .at_once_max(60)
    // Layouts and snapshots of the map stay in memory, as seat-map's do.
    .memory(Memory { replica_max_mb: 192, ..Memory::PLAIN })
    .on_sale(Floor::of(2).in_waves());

/// Shorter than any front lets a request last; the client goes on from where it was.
const STREAM_MAX: Duration = Duration::from_secs(50);

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Its routes.
pub fn routes() -> Router {
    Router::new().routes(routes!(changes)).layer(Extension(Arc::new(Readers::new())))
}

/// What changes on the map of a performance, as server-sent events.
///
/// First `states`: the data is that of `GET /v1/seats/{performance_id}`, its `version` is the event's id. From then on
/// `changes`: `{version, changes: [[index, state]…]}`. With `Last-Event-ID` it begins with the changes after that version,
/// where they are still known. A stream ends after 50 seconds, or with the admission: come back with the last id. Where answers
/// are not streamed (AWS Lambda) it ends with the first news, or without any after five seconds.
#[utoipa::path(
    get, path = "/v1/seat-stream/{performance_id}", tag = "seat-stream",
    params(
        ("performance_id" = Uuid, Path),
        ("Last-Event-ID" = Option<u64>, Header, description = "The version that is known already"),
        ("Admission-Token" = Option<String>, Header, description = "Needed where the sale has a queue"),
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
        // nginx would keep the beginning until it has some kilobytes.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(stream.events())).into_response())
}
