//! One reader per performance, however many streams listen to it. It stops when none is left.

use crate::event;
use axum::body::Bytes;
use domain::{PerformanceId, layout::Layout};
use shared::{
    error::chain,
    http::{Code, Problem},
    services::seat_maps::{SeatMaps, Snapshot},
    telemetry::metrics::{Occupancy, STREAMS},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, broadcast},
    time::{MissedTickBehavior, interval},
};

/// Another buyer's hold shows within a second: this, the age of a snapshot (100 ms), and the way to the client.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How many events a slow client may fall behind before it gets all states anew.
const NEWS_KEPT: usize = 32;
/// The most streams of a process. Each takes 14 KiB (`make bench`): less than half of the smallest instance in all.
pub const STREAMS_MAX: usize = 2_000;
const COME_BACK_MS: u64 = 2_000;

/// What a reader saw, shared by all listeners.
#[derive(Debug, Clone)]
pub(crate) struct SeatNews {
    /// The version before the changes.
    pub(crate) after: u64,
    /// The version after the changes.
    pub(crate) version: u64,
    /// The event as it is sent.
    pub(crate) event: Bytes,
    /// The map that it was made from.
    pub(crate) map: Arc<Snapshot>,
}

/// A stream's subscription, which ends when this is dropped.
pub(crate) struct Listening {
    pub(crate) news: broadcast::Receiver<SeatNews>,
    _place: OwnedSemaphorePermit,
    _counted: Occupancy,
}

impl Listening {
    fn new(news: broadcast::Receiver<SeatNews>, place: OwnedSemaphorePermit) -> Self {
        Self { news, _place: place, _counted: STREAMS.enter(&[]) }
    }
}

pub(crate) struct Readers {
    running: Arc<Mutex<HashMap<PerformanceId, broadcast::Sender<SeatNews>>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new() -> Self {
        Self { running: Arc::default(), places: Arc::new(Semaphore::new(STREAMS_MAX)) }
    }

    /// Listens to a performance from now on.
    pub(crate) fn listen(
        &self,
        performance: PerformanceId,
        layout: &Arc<Layout>,
        maps: &Arc<SeatMaps>,
    ) -> Result<Listening, Problem> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Problem::new(Code::Busy).retry_after_ms(COME_BACK_MS))?;
        let mut running = lock(&self.running);
        if let Some(reader) = running.get(&performance) {
            return Ok(Listening::new(reader.subscribe(), place));
        }
        let (reader, news) = broadcast::channel(NEWS_KEPT);
        running.insert(performance, reader.clone());
        tokio::spawn(self.reader(performance, reader, Arc::clone(layout), Arc::clone(maps)));
        Ok(Listening::new(news, place))
    }

    fn reader(
        &self,
        performance: PerformanceId,
        reader: broadcast::Sender<SeatNews>,
        layout: Arc<Layout>,
        maps: Arc<SeatMaps>,
    ) -> impl Future<Output = ()> + use<> {
        let running = Arc::clone(&self.running);
        async move {
            let mut seen = None;
            let mut looks = interval(LOOK_EVERY);
            looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            while !stops(&running, performance, &reader) {
                looks.tick().await;
                match maps.snapshot(performance, &layout).await {
                    Ok(map) => seen = Some(told(performance, &reader, seen, map)),
                    // Listeners keep what they show, and hear more when the store is back.
                    Err(error) => {
                        tracing::warn!(event = "map.not_read", %performance, error = chain(&error), "a seat map cannot be read");
                    }
                }
            }
        }
    }
}

/// Sends what is new, and returns the version up to which everything has been sent. The first look sends everything, as
/// streams that began to listen before it may have read an older map.
fn told(
    performance: PerformanceId,
    reader: &broadcast::Sender<SeatNews>,
    seen: Option<u64>,
    map: Arc<Snapshot>,
) -> u64 {
    let version = map.version;
    if seen != Some(version) {
        let changes = seen.and_then(|after| event::changes(&map, after));
        let event = changes.unwrap_or_else(|| event::states(performance, &map));
        // No stream listens: the next look ends the reader.
        let _ = reader.send(SeatNews { after: seen.unwrap_or(version), version, event, map });
    }
    version
}

/// Whether no stream listens any more. Decided under the mutex that new listeners take, so that none joins an ending reader.
fn stops(
    running: &Mutex<HashMap<PerformanceId, broadcast::Sender<SeatNews>>>,
    performance: PerformanceId,
    reader: &broadcast::Sender<SeatNews>,
) -> bool {
    let mut running = lock(running);
    let alone = reader.receiver_count() == 0;
    if alone {
        running.remove(&performance);
    }
    alone
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
