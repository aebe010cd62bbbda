//! What is played: shows, performances and layouts.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    LayoutId, PerformanceId, ShowId, UserId,
    draw::Secret,
    layout::LayoutPlan,
    performance::Performance,
    sale::Sale,
    show::{Show, ShowDetails},
    steering::SaleChange,
};
use jiff::Timestamp;

/// Shows, performances and layouts.
#[async_trait]
pub trait Programme: Send + Sync {
    /// Add a show. Adding the same id again is refused by the store and changes nothing.
    async fn create_show(&self, show: &Show) -> Result<(), StoreError>;
    /// A show with its performances' summaries.
    async fn show(&self, show: ShowId) -> Result<Option<Show>, StoreError>;
    /// An organizer's shows, published or not, newest first, at most `limit`, after the one at `after`; and whether there
    /// are more.
    async fn shows_of(
        &self,
        organizer: UserId,
        limit: usize,
        after: Option<ShowId>,
    ) -> Result<(Vec<Show>, bool), StoreError>;
    /// Replace what is written about a show, if its record still has the version that was read; its performances stay. The
    /// version that it has since.
    async fn update_show(&self, read: &Show, details: &ShowDetails) -> Result<u64, ReplaceError>;
    /// Shows with at least one published performance, at most `limit`, by their first performance.
    async fn published_shows(&self, limit: usize) -> Result<Vec<Show>, StoreError>;
    /// Add a performance and its layout to a show, all or nothing, if the show still has the prices and the limit that the
    /// performance took from it; with the secret behind the commitment of its sale, where people gather for a draw.
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
    /// Make a performance public with these final prices and this limit (`published_at` is set in the argument), if its show
    /// still has them. The first call wins; another changes nothing. The performance as it is public.
    async fn publish(&self, performance: &Performance) -> Result<Performance, ReplaceError>;
    /// Replace a performance's sale, in its own record and in the show's summary, if it still is as it was read in
    /// `performance`; and write down who did it, when, and what was changed. The same sale again writes nothing.
    async fn set_sale(
        &self,
        performance: &Performance,
        sale: &Sale,
        by: UserId,
        now: Timestamp,
    ) -> Result<(), ReplaceError>;
    /// The last changes of a performance's sale, at most `limit`, newest first. They are kept for ever.
    async fn sale_changes(
        &self,
        performance: PerformanceId,
        limit: usize,
    ) -> Result<Vec<SaleChange>, StoreError>;
}

/// Why a part of the programme was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// It is not what was read any more.
    #[error("another request changed it since it was read")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a performance was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddPerformanceError {
    /// The show has as many as it may have.
    #[error("the show has too many performances")]
    TooMany,
    /// The show's prices or its limit are not those that were read any more.
    #[error("another request changed the show since it was read")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
