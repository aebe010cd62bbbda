//! One client's stream: how it begins, what it passes on, and when it ends.

use crate::{
    event,
    readers::{Listening, SeatNews},
};
use axum::body::Bytes;
use domain::PerformanceId;
use futures_util::stream;
use shared::{http::Streaming, services::seat_maps::Snapshot};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep_until, timeout},
};

/// Shorter than the silence after which proxies and phones give up.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// How long an answer that is not streamed waits for a change: well within a function's deadline.
const NEWS_WITHIN: Duration = Duration::from_secs(5);

/// The state when a stream begins.
pub(crate) struct Seen {
    pub(crate) performance: PerformanceId,
    /// Read after listening began, so that no change falls in between.
    pub(crate) map: Arc<Snapshot>,
    /// The version that the client already has.
    pub(crate) known: Option<u64>,
}

/// The events for one client.
pub(crate) struct Stream {
    listening: Listening,
    performance: PerformanceId,
    /// The version after the last event sent.
    version: u64,
    beginning: Option<Bytes>,
    end: End,
}

enum End {
    /// At this time, or when the process is about to exit.
    At(Instant, Streaming),
    /// With the first change, or at this time.
    WithNews(Instant),
    Now,
}

impl Stream {
    /// A stream that begins with what the client does not know yet.
    pub(crate) fn new(listening: Listening, Seen { performance, map, known }: Seen) -> Self {
        let news = match known.map(|known| (known, event::changes(&map, known))) {
            Some((known, Some(_))) if known == map.version => None,
            Some((_, Some(changes))) => Some(changes),
            _ => Some(event::states(performance, &map)),
        };
        let end = End::WithNews(Instant::now() + NEWS_WITHIN);
        Self { listening, performance, version: map.version, beginning: news, end }
    }

    /// Ends after at most this long, and not later than the process.
    pub(crate) fn until(self, streaming: Streaming, long: Duration) -> Self {
        Self { end: End::At(Instant::now() + long, streaming), ..self }
    }

    /// Ends with the first change, for answers that are handed over as a whole.
    pub(crate) fn first_news(self) -> Self {
        match self.beginning {
            Some(_) => Self { end: End::Now, ..self },
            None => self,
        }
    }

    /// The events as bytes.
    pub(crate) fn events(self) -> impl stream::Stream<Item = Result<Bytes, Infallible>> {
        let beginning: Bytes = [event::retry(), self.beginning.clone().unwrap_or_default()].concat().into();
        stream::unfold((Some(beginning), self), |(beginning, mut stream)| async move {
            let bytes = match beginning {
                Some(bytes) => Some(bytes),
                None => stream.next().await,
            };
            bytes.map(|bytes| (Ok(bytes), (None, stream)))
        })
    }

    /// The next event, or a sign of life; `None` when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        let Self { listening, end, performance, version, .. } = self;
        let news = timeout(ALIVE_EVERY, next_news(listening, *performance, version));
        let over = async {
            match end {
                End::Now => {}
                End::WithNews(at) => sleep_until(*at).await,
                End::At(at, streaming) => {
                    tokio::select! {
                        () = sleep_until(*at) => {}
                        () = streaming.over() => {}
                    }
                }
            }
        };
        let bytes = tokio::select! {
            biased;
            () = over => None,
            news = news => news.unwrap_or_else(|_silence| Some(event::alive())),
        };
        if matches!(self.end, End::WithNews(_)) {
            self.end = End::Now;
        }
        bytes
    }
}

/// A change that the client does not have yet; `None` when the reader is gone.
async fn next_news(
    listening: &mut Listening,
    performance: PerformanceId,
    version: &mut u64,
) -> Option<Bytes> {
    let mut behind = false;
    loop {
        let news: SeatNews = match listening.news.recv().await {
            Ok(news) => news,
            Err(RecvError::Lagged(_)) => {
                behind = true;
                continue;
            }
            Err(RecvError::Closed) => return None,
        };
        if news.version <= *version {
            continue;
        }
        // Changes that overlap with what is known lead to the same states; a gap does not.
        let whole = behind || news.after > *version;
        *version = news.version;
        return Some(if whole { event::states(performance, &news.map) } else { news.event });
    }
}
