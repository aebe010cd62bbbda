//! Work that outlives its client's connection. It may run until the request's deadline, and the process waits for it
//! before it exits.

use super::{
    observed::GoesOn,
    problem::{Code, Problem},
};
use crate::{deadline, telemetry::context::carried};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::convert::Infallible;
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};

/// Runs work that must not stop when the client hangs up: the handler itself is then dropped at whatever it awaits.
#[derive(Debug, Clone)]
pub struct Background {
    deadline: Instant,
    running: Option<Running>,
    goes_on: Option<GoesOn>,
}

impl Background {
    /// The deadline of the request and its work.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Runs work as a task of its own, under the request's ids. The caller bounds it.
    pub fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        let going = (self.running.clone(), self.goes_on.clone());
        let work = deadline::inherited(self.deadline, work);
        tokio::spawn(carried(async move {
            let _going = going;
            work.await
        }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Background {
    type Rejection = Problem;

    /// Every function's service sets the deadline. Under Lambda and in tests there is no server that waits.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let deadline = deadline::ends_at().ok_or(Code::Internal)?;
        let extensions = &parts.extensions;
        let (running, goes_on) = (extensions.get::<Running>().cloned(), extensions.get::<GoesOn>().cloned());
        Ok(Self { deadline, running, goes_on })
    }
}

/// A token that travels with a request. While one exists, a server that drains does not exit until its time is over.
#[derive(Debug, Clone)]
pub(super) struct Running {
    _open: mpsc::Sender<Infallible>,
}

impl Running {
    /// Returns the first token, and the receiver that learns when all its clones are gone.
    pub(super) fn new() -> (Self, AtRest) {
        let (open, closed) = mpsc::channel(1);
        (Self { _open: open }, AtRest(closed))
    }
}

/// Learns when no request and no work is running any more.
pub(super) struct AtRest(mpsc::Receiver<Infallible>);

impl AtRest {
    pub(super) async fn wait(&mut self) {
        // Nothing is ever sent: the channel closes when the last sender is dropped.
        let _ = self.0.recv().await;
    }
}
