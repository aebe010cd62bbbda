//! The brake: where holds or bookings fail because a store does not answer, fewer people are let in.

use super::problem::{Code, Problem};
use crate::{app::FromApp, error::chain, ports::WaitingRoom};
use domain::PerformanceId;
use std::sync::Arc;

/// Slows a waiting room down while its sale is in trouble.
#[derive(Clone, FromApp)]
pub struct Brake(Arc<dyn WaitingRoom>);

impl Brake {
    /// Pass an outcome on; if it is 503, the waiting room calls half as fast from now on, and recovers slowly.
    pub async fn after<T>(
        &self,
        performance: PerformanceId,
        outcome: Result<T, Problem>,
    ) -> Result<T, Problem> {
        if outcome.as_ref().is_err_and(|problem| problem.code() == Code::StoreUnavailable)
            && let Err(error) = self.0.brake(performance).await
        {
            // Where Redis is the one that does not answer, nobody is called anyway.
            tracing::warn!(%performance, error = chain(&error), "the brake was not pulled");
        }
        outcome
    }
}
