//! Time, as the protocol needs it. Production takes the machine's; the simulator makes its own.

use futures_util::future::{Either, select};
use jiff::Timestamp;
use std::{pin::pin, time::Duration};

/// A clock, and timers.
pub trait Time: Clone + Send + Sync + 'static {
    /// The wall clock. It may be set back.
    fn now(&self) -> Timestamp;
    /// The time since a fixed moment. It never goes back.
    fn elapsed(&self) -> Duration;
    /// Wait this long.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// Do work that may take up to `limit`. If it takes longer it is dropped, and nothing is returned.
pub(crate) async fn within<T>(time: &impl Time, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(time.sleep(limit))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
