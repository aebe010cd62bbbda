//! The brake: when holds or bookings fail because a store does not answer, the waiting room calls fewer buyers.

use super::problem::{Code, Problem};
use crate::{app::FromApp, error::chain, ports::WaitingRoom};
use domain::PerformanceId;
use std::sync::Arc;

/// Slows a waiting room down while its sale is in trouble.
#[derive(Clone, FromApp)]
pub struct Brake(Arc<dyn WaitingRoom>);

impl Brake {
    /// Passes an outcome on. After a 503 the waiting room calls half as fast, and recovers slowly.
    pub async fn after<T>(
        &self,
        performance: PerformanceId,
        outcome: Result<T, Problem>,
    ) -> Result<T, Problem> {
        if outcome.as_ref().is_err_and(|problem| problem.code() == Code::StoreUnavailable)
            && let Err(error) = self.0.brake(performance).await
        {
            // The failure has its line already. If Redis is the store that does not answer, no buyer is called anyway.
            tracing::debug!(event = "brake.not_pulled", %performance, error = chain(&error), "the brake was not pulled");
        }
        outcome
    }
}
