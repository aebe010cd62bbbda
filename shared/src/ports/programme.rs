//! What is played: shows, performances and layouts.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    LayoutId, PerformanceId, ShowId,
    draw::Secret,
    layout::LayoutPlan,
    performance::Performance,
    sale::Sale,
    show::{Show, ShowDetails},
};
use jiff::Timestamp;

/// Shows, performances and layouts.
#[async_trait]
pub trait Programme: Send + Sync {
    /// Add a show. Adding the same id again is refused by the store and changes nothing.
    async fn create_show(&self, show: &Show) -> Result<(), StoreError>;
    /// A show with its performances' summaries.
    async fn show(&self, show: ShowId) -> Result<Option<Show>, StoreError>;
    /// Replace what is written about a show; its performances stay.
    async fn update_show(&self, show: ShowId, details: &ShowDetails) -> Result<(), StoreError>;
    /// Shows with at least one published performance, at most `limit`, by their first performance.
    async fn published_shows(&self, limit: usize) -> Result<Vec<Show>, StoreError>;
    /// Add a performance and its layout to a show, all or nothing; with the secret behind the commitment of its sale,
    /// where people gather for a draw.
    async fn add_performance(
        &self,
        performance: &Performance,
        layout: &LayoutPlan,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError>;
    /// A performance, published or not.
    async fn performance(&self, performance: PerformanceId) -> Result<Option<Performance>, StoreError>;
    /// A layout.
    async fn layout(&self, layout: LayoutId) -> Result<Option<LayoutPlan>, StoreError>;
    /// Make a performance public with these final prices (`published_at` is set in the argument). The first call
    /// wins; another changes nothing.
    async fn publish(&self, performance: &Performance) -> Result<(), StoreError>;
    /// Replace a performance's sale, in its own record and in the show's summary.
    async fn set_sale(
        &self,
        performance: &Performance,
        sale: &Sale,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}

/// Why a performance was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddPerformanceError {
    /// The show has as many as it may have.
    #[error("the show has too many performances")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
