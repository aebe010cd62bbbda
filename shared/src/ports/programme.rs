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
    /// Adds a show. The store refuses the same id a second time, which changes nothing.
    async fn create_show(&self, show: &Show) -> Result<(), StoreError>;
    /// Returns a show with its performances' summaries.
    async fn show(&self, show: ShowId) -> Result<Option<Show>, StoreError>;
    /// An organizer's shows, published or not, newest first, at most `limit`, starting after the one at `after`; and whether
    /// there are more.
    async fn shows_of(
        &self,
        organizer: UserId,
        limit: usize,
        after: Option<ShowId>,
    ) -> Result<(Vec<Show>, bool), StoreError>;
    /// Replaces what is written about a show if its record still has the version that was read. Its performances stay.
    /// Returns the new version.
    async fn update_show(&self, read: &Show, details: &ShowDetails) -> Result<u64, ReplaceError>;
    /// Shows with at least one published performance, at most `limit`, in order of their first performance.
    async fn published_shows(&self, limit: usize) -> Result<Vec<Show>, StoreError>;
    /// Adds a performance and its layout to a show, all or nothing, if the show still has the prices and the limit that the
    /// performance copied. The secret behind the sale's commitment is stored with it if there is to be a draw.
    async fn add_performance(
        &self,
        performance: &Performance,
        layout: &LayoutPlan,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError>;
    /// The same for a performance whose layout is stored already: that of a version of a house.
    async fn add_performance_in_house(
        &self,
        performance: &Performance,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError>;
    /// Returns a performance, published or not.
    async fn performance(&self, performance: PerformanceId) -> Result<Option<Performance>, StoreError>;
    /// Returns a layout.
    async fn layout(&self, layout: LayoutId) -> Result<Option<LayoutPlan>, StoreError>;
    /// Publishes a performance with these final prices and this limit (`published_at` is set in the argument) if its show
    /// still has them. The first call wins and later ones change nothing. Returns the performance as published.
    async fn publish(&self, performance: &Performance) -> Result<Performance, ReplaceError>;
    /// Takes a publication back if both are still as they were read: the performance with its sale's opening and the
    /// organizer's order, and its show. Buyers then see it no more. So a second call is refused and changes nothing.
    async fn withdraw(
        &self,
        performance: &Performance,
        show: &Show,
        at: Timestamp,
    ) -> Result<(), ReplaceError>;
    /// Removes a performance that is not published, from its show's record, too. Its layout stays. If it is published, or
    /// not there, nothing changes and the answer is [`ReplaceError::Changed`].
    async fn remove_performance(&self, performance: &Performance) -> Result<(), ReplaceError>;
    /// Replaces a performance's sale, in its own record and in the show's summary, if it is still as read in
    /// `performance`, and records who changed what, and when. An unchanged sale writes nothing.
    async fn set_sale(
        &self,
        performance: &Performance,
        sale: &Sale,
        by: UserId,
        now: Timestamp,
    ) -> Result<(), ReplaceError>;
    /// The latest changes of a performance's sale, newest first, at most `limit`. They are kept for ever.
    async fn sale_changes(
        &self,
        performance: PerformanceId,
        limit: usize,
    ) -> Result<Vec<SaleChange>, StoreError>;
}

/// Why a show, performance or sale was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// It is no longer as it was read.
    #[error("another request changed it since it was read")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a performance was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddPerformanceError {
    /// The show already has the most performances allowed.
    #[error("the show has too many performances")]
    TooMany,
    /// The show's prices or limit are no longer those that were read.
    #[error("another request changed the show since it was read")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
