//! `relay`: deliver committed events to their subscribers. The books write an event with each change. It waits in the
//! outbox until every subscriber has heard of it, whatever dies in between.
//!
//! It has no public path: functions wake it as they change the books, and a timer calls it. Any number may run at once.

mod pass;
mod subscriber;
mod watch;

use axum::{Extension, Json as Answer, extract::State, http::StatusCode};
use futures_util::{StreamExt as _, stream};
use pass::{Pass, Telling};
use serde::{Deserialize, Serialize};
use shared::{
    http::{Floor, Function, Problem, Router, json::Json, routes},
    ports::{Shard, StoreError},
    telemetry::metrics::OUTBOX_AGE,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;
use watch::Watches;

/// Functions wake it as they change the books, and the timer calls it.
pub const FUNCTION: Function = Function::new("relay")
    .needs_redis()
    .every_minute()
    .deadline_s(30)
    .in_flight(100)
    .instances_max(2)
    // It answers at once and then watches the outbox for some seconds.
    .kept_idle_s(30)
    // One is enough: while it is away, the events wait in the outbox.
    .replicas(1, 2)
    .at_once_max(2)
    // Each booking wakes it. Awake already, it tells the map even if the process that booked dies at once.
    .on_sale(Floor::of(1));

/// How long a call by the timer keeps trying to deliver what fails.
const TRIED: Duration = Duration::from_secs(20);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);

pub fn routes() -> Router {
    Router::new()
        .routes(routes!(deliver))
        .routes(routes!(deliver_news))
        .routes(routes!(poke))
        .layer(Extension(Watches::default()))
}

/// The outcome of a call.
#[derive(Debug, Serialize, ToSchema)]
struct Deliveries {
    /// Events that every subscriber has heard of.
    delivered: u32,
    /// Events that could not be delivered now. The next call tries again.
    waiting: u32,
    /// Events that could not be read: see the log.
    unreadable: u32,
}

/// The shards of the outbox that are about to be written to.
#[derive(Debug, Deserialize, ToSchema)]
struct Poke {
    /// Their numbers, from 0 to 15.
    #[schema(max_items = 16)]
    shards: Vec<u8>,
}

/// Deliver the events that wait in the outbox. The timer calls this.
#[utoipa::path(post, path = "/", tag = "relay", responses((status = 200, body = Deliveries)))]
async fn deliver(State(telling): State<Telling>) -> Result<Answer<Deliveries>, Problem> {
    let until = Instant::now() + TRIED;
    let mut all = Pass::default();
    loop {
        let round = round(&telling).await?;
        all = Pass { waiting: round.waiting, unreadable: round.unreadable, ..all.and(round) };
        if all.waiting == 0 || Instant::now() >= until {
            return Ok(Answer(Deliveries {
                delivered: all.told,
                waiting: all.waiting,
                unreadable: all.unreadable,
            }));
        }
        sleep(PAUSE).await;
    }
}

/// The same for the outbox's own stream (AWS Lambda). What the stream says is in the outbox, too.
#[utoipa::path(post, path = "/events", tag = "relay", responses((status = 200, body = Deliveries)))]
async fn deliver_news(telling: State<Telling>) -> Result<Answer<Deliveries>, Problem> {
    deliver(telling).await
}

/// Announce a commit. The shards are read now, and again for some seconds.
#[utoipa::path(
    post, path = "/pokes", tag = "relay", request_body = Poke,
    responses((status = 202, description = "The shards are watched"))
)]
async fn poke(
    State(telling): State<Telling>,
    Extension(watches): Extension<Watches>,
    Json(poke): Json<Poke>,
) -> StatusCode {
    // An unknown shard belongs to another version.
    watches.poked(&telling, poke.shards.into_iter().filter_map(Shard::new));
    StatusCode::ACCEPTED
}

/// One pass over all shards at once. No other look sees all that waits.
async fn round(telling: &Telling) -> Result<Pass, StoreError> {
    let passes = stream::iter(Shard::all()).map(|shard| telling.pass(shard));
    let passes: Vec<_> = passes.buffer_unordered(Shard::COUNT.into()).collect().await;
    let all =
        passes.into_iter().try_fold(Pass::default(), |all, pass| Ok::<_, StoreError>(all.and(pass?)))?;
    OUTBOX_AGE.see(telling.age(&all).as_secs_f64(), &[]);
    Ok(all)
}
