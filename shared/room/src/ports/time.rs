//! Time, as the protocol needs it: production takes the machine's, the simulator makes its own.

use futures_util::future::{Either, select};
use jiff::Timestamp;
use std::{pin::pin, time::Duration};

/// A clock that can be waited on.
pub trait Time: Clone + Send + Sync + 'static {
    /// The wall clock. It may be set back.
    fn now(&self) -> Timestamp;
    /// How long it has been since some moment that does not change. It never goes back.
    fn elapsed(&self) -> Duration;
    /// Wait so long.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// Do work that may take so long. Nothing where it took longer: the work is then dropped.
pub(crate) async fn within<T>(time: &impl Time, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(time.sleep(limit))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
