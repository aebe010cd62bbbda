//! What a timer does in a cluster: calls `sweep` and `relay`. It waits for what is due, so that nothing runs while there
//! is nothing to do.

use axum::{
    Router,
    body::Body,
    http::{Method, Request},
};
use jiff::Timestamp;
use serde::Deserialize;
use shared::ports::Clock;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{Instant, sleep_until},
};
use tower::ServiceExt as _;

/// The shortest wait, however much is due.
const WAIT_LEAST: Duration = Duration::from_secs(1);
/// The longest wait, however little is known to be due. No reservation has less time to be paid than this.
const WAIT_MOST: Duration = Duration::from_mins(1);
/// The longest wait after a change of the books. Something may then be due earlier than was known, but no sooner than
/// this: a provider that did not answer is asked again.
const WAIT_AFTER_CHANGE: Duration = Duration::from_secs(10);
/// The bound on an answer, which takes a few hundred bytes.
const ANSWER_MAX: usize = 64 * 1024;

/// Calls the services until this is dropped. A call that is cut off has completed each step or not begun it.
pub(crate) struct SweepTimer(JoinHandle<()>);

/// What `sweep` says about the time.
#[derive(Deserialize)]
struct SweepReport {
    failed: u32,
    next_due_at: Option<Timestamp>,
}

impl SweepTimer {
    /// `changed` is notified when the books are about to change.
    pub(crate) fn start(sweep: Router, relay: Router, clock: Arc<dyn Clock>, changed: Arc<Notify>) -> Self {
        Self(tokio::spawn(async move {
            loop {
                // Both log their own failures, and the next call tries again.
                let (swept, _) = tokio::join!(call(&sweep), call(&relay));
                let until = Instant::now() + wait(&swept, clock.now());
                tokio::select! {
                    () = sleep_until(until) => {}
                    () = changed.notified() => sleep_until(until.min(Instant::now() + WAIT_AFTER_CHANGE)).await,
                }
            }
        }))
    }
}

impl Drop for SweepTimer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn call(service: &Router) -> Vec<u8> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::POST;
    let Ok(answer) = service.clone().oneshot(request).await;
    axum::body::to_bytes(answer.into_body(), ANSWER_MAX).await.map(Vec::from).unwrap_or_default()
}

/// How long to wait: until what `sweep` knows to be due, or after a failure until the store may be back.
fn wait(swept: &[u8], now: Timestamp) -> Duration {
    match serde_json::from_slice(swept) {
        Ok(SweepReport { failed: 1.., .. }) | Err(_) => WAIT_LEAST,
        Ok(SweepReport { next_due_at: Some(at), .. }) => {
            Duration::try_from(at.duration_since(now)).unwrap_or_default().clamp(WAIT_LEAST, WAIT_MOST)
        }
        Ok(SweepReport { next_due_at: None, .. }) => WAIT_MOST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_what_is_due_and_never_too_long() {
        let now: Timestamp = "2030-01-01T00:00:00Z".parse().expect("a time");
        let answer = |next: &str| format!(r#"{{"expired":0,"settled":0,"failed":0{next}}}"#).into_bytes();
        for (next, wanted) in [
            ("", WAIT_MOST),
            (r#","next_due_at":"2029-12-31T23:00:00Z""#, WAIT_LEAST),
            (r#","next_due_at":"2030-01-01T00:00:12Z""#, Duration::from_secs(12)),
            (r#","next_due_at":"2030-01-01T00:10:00Z""#, WAIT_MOST),
        ] {
            assert_eq!(wait(&answer(next), now), wanted, "{next}");
        }
        let problem = br#"{"type":"about:blank","status":503}"#;
        let failed = br#"{"expired":0,"settled":0,"failed":2}"#;
        assert_eq!(wait(failed, now), WAIT_LEAST, "what failed is due already");
        assert_eq!(wait(b"", now), WAIT_LEAST);
        assert_eq!(wait(problem, now), WAIT_LEAST, "a problem is not a sweep");
    }
}
