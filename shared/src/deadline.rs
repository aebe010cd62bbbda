//! How long the request that some work belongs to may still take. Work that waits for other work waits that long, and
//! no longer.

use std::time::Duration;
use tokio::time::{Instant, error::Elapsed, timeout};

tokio::task_local! {
    static ENDS_AT: Instant;
}

/// Do work that may take up to `limit`.
///
/// # Errors
/// It took longer.
pub fn within<T>(limit: Duration, work: impl Future<Output = T>) -> impl Future<Output = Result<T, Elapsed>> {
    ENDS_AT.scope(Instant::now() + limit, timeout(limit, work))
}

/// Go on with a request's work in a task of its own, which knows the same end. The caller has to cut it off.
pub fn inherited<T>(ends_at: Instant, work: impl Future<Output = T>) -> impl Future<Output = T> {
    ENDS_AT.scope(ends_at, work)
}

/// When this work has to be done; nothing where no end was set.
#[must_use]
pub fn ends_at() -> Option<Instant> {
    ENDS_AT.try_with(|ends_at| *ends_at).ok()
}

/// How much time is left; nothing where no end was set.
#[must_use]
pub fn left() -> Option<Duration> {
    ends_at().map(|ends_at| ends_at.saturating_duration_since(Instant::now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_left_shrinks_until_the_work_is_cut_off() {
        assert_eq!(left(), None);
        let limit = Duration::from_secs(30);
        let work = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            left().expect("an end was set")
        };
        let left = within(limit, work).await.expect("in time");
        assert!(left > Duration::ZERO && left + Duration::from_millis(20) <= limit, "{left:?}");
        assert!(within(Duration::from_millis(1), std::future::pending::<()>()).await.is_err());
    }
}
