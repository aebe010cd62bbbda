//! What a timer does in a cluster: calls `sweep` every second.

use axum::{
    Router,
    body::Body,
    http::{Method, Request},
};
use std::time::Duration;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tower::ServiceExt as _;

const EVERY: Duration = Duration::from_secs(1);

/// Calls the service until this is dropped. A call that is cut off has done each of its steps or not begun it.
pub(crate) struct Sweeper(JoinHandle<()>);

impl Sweeper {
    pub(crate) fn start(sweep: Router) -> Self {
        Self(tokio::spawn(async move {
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let mut request = Request::new(Body::empty());
                *request.method_mut() = Method::POST;
                // It logs its own failures, and the next tick tries again.
                let _ = sweep.clone().oneshot(request).await;
            }
        }))
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}
