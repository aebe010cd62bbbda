//! How long the request that some work belongs to may still take: who has to wait for another's work waits that long, and
//! no longer.

use std::time::Duration;
use tokio::time::{Instant, error::Elapsed, timeout};

tokio::task_local! {
    static ENDS_AT: Instant;
}

/// Do work that may take so long.
///
/// # Errors
/// It took longer.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    ENDS_AT.scope(Instant::now() + limit, timeout(limit, work)).await
}

/// How much is left of it; nothing where no end was set.
#[must_use]
pub fn left() -> Option<Duration> {
    ENDS_AT.try_with(|ends_at| ends_at.saturating_duration_since(Instant::now())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_left_shrinks_until_the_work_is_cut_off() {
        assert_eq!(left(), None);
        let work = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            left()
        };
        assert_eq!(within(Duration::from_secs(10), work).await, Ok(Some(Duration::from_secs(7))));
        assert!(within(Duration::from_secs(1), std::future::pending::<()>()).await.is_err());
    }
}
