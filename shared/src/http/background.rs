//! Work that does not end with its client's connection: it has until the request's deadline, and its process waits for it
//! before it ends.

use super::{
    problem::{Code, Problem},
    trace::Ids,
};
use crate::deadline;
use axum::{extract::FromRequestParts, http::request::Parts};
use std::convert::Infallible;
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};
use tracing::Instrument as _;

/// Runs what must not stop where the client hangs up: when it does, the handler is dropped at whatever it awaits.
#[derive(Debug, Clone)]
pub struct Background {
    deadline: Instant,
    running: Option<Running>,
}

impl Background {
    /// When the request's time is over, and with it that of its work.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Run work as a task of its own, under the request's ids. It is bounded by its caller.
    pub fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        let (running, ids) = (self.running.clone(), Ids::current());
        let work = deadline::inherited(self.deadline, work);
        let task = async move {
            let _running = running;
            match ids {
                Some(ids) => ids.scope(work).await,
                None => work.await,
            }
        };
        tokio::spawn(task.in_current_span())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Background {
    type Rejection = Problem;

    /// Every function's service sets the deadline; under Lambda and in tests there is no server that waits.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let deadline = deadline::ends_at().ok_or(Code::Internal)?;
        Ok(Self { deadline, running: parts.extensions.get::<Running>().cloned() })
    }
}

/// With a request: the server does not end while this is kept, as long as it has time to drain.
#[derive(Debug, Clone)]
pub(super) struct Running {
    _open: mpsc::Sender<Infallible>,
}

impl Running {
    /// The first of them, and what tells when all are gone.
    pub(super) fn new() -> (Self, AtRest) {
        let (open, closed) = mpsc::channel(1);
        (Self { _open: open }, AtRest(closed))
    }
}

/// Tells when nothing runs any more.
pub(super) struct AtRest(mpsc::Receiver<Infallible>);

impl AtRest {
    pub(super) async fn wait(&mut self) {
        // Nothing is ever sent: it ends when the last sender is dropped.
        let _ = self.0.recv().await;
    }
}
