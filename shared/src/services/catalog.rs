//! What is on sale, remembered: a performance for a second, within which an organizer's pause takes effect, its show's
//! details for as long, and a layout for as long as there is room for it, since it never changes.

use crate::{
    config::Limits,
    ports::{Clock, Programme, StoreError},
    services::fresh::Fresh,
};
use domain::{
    LayoutId, PerformanceId, ShowId,
    layout::Layout,
    performance::Performance,
    queue::Flow,
    sale::{RoomTimes, SaleState},
    show::ShowDetails,
};
use quick_cache::{Weighter, sync::Cache};
use std::{sync::Arc, time::Duration};

const REMEMBERED_PERFORMANCES: usize = 1_000;
const REMEMBERED_SHOWS: usize = 1_000;
/// The most bytes of all remembered layouts, and how many to expect. Each that is accepted has room, the heaviest alone.
pub const LAYOUTS_MAX_BYTES: u64 = 24 * 1024 * 1024;
const LAYOUTS_EXPECTED: usize = 50;
/// What of a performance and its show may change.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Why a performance is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum NoPerformance {
    /// There is no such performance, or it is not published.
    #[error("there is no such performance")]
    NotFound,
    /// The programme could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The sale has no waiting room, so there is no queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sale has no waiting room")]
pub struct NoQueue;

/// The remembered performances and layouts of a process.
pub struct Catalog {
    programme: Arc<dyn Programme>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    performances: Fresh<PerformanceId, Option<Arc<Performance>>>,
    shows: Fresh<ShowId, Option<Arc<ShowDetails>>>,
    layouts: Cache<LayoutId, Arc<Layout>, LayoutBytes>,
}

/// Counts what layouts take in memory.
#[derive(Clone)]
struct LayoutBytes;

impl Weighter<LayoutId, Arc<Layout>> for LayoutBytes {
    fn weight(&self, _: &LayoutId, layout: &Arc<Layout>) -> u64 {
        layout.weight() as u64
    }
}

impl Catalog {
    #[must_use]
    pub fn new(programme: Arc<dyn Programme>, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        Self {
            programme,
            clock,
            limits,
            performances: Fresh::new(REMEMBERED_PERFORMANCES, MAX_AGE),
            shows: Fresh::new(REMEMBERED_SHOWS, MAX_AGE),
            layouts: Cache::with_weighter(LAYOUTS_EXPECTED, LAYOUTS_MAX_BYTES, LayoutBytes),
        }
    }

    /// A published performance.
    ///
    /// # Errors
    /// It does not exist or is not published, or the store failed.
    pub async fn performance(&self, performance: PerformanceId) -> Result<Arc<Performance>, NoPerformance> {
        let read = self.performances.get(&performance, |_| async move {
            Ok::<_, StoreError>(self.programme.performance(performance).await?.map(Arc::new))
        });
        let found = read.await?.filter(|performance| performance.published_at.is_some());
        found.ok_or(NoPerformance::NotFound)
    }

    /// The details of a performance's show. They are words, which a booking copies: what a sale charges and allows is in
    /// the performance, final since it was published.
    ///
    /// # Errors
    /// It does not exist, or the store failed.
    pub async fn show(&self, performance: &Performance) -> Result<Arc<ShowDetails>, NoPerformance> {
        let id = performance.show_id;
        let read = self.shows.get(&id, |_| async move {
            Ok::<_, StoreError>(self.programme.show(id).await?.map(|show| Arc::new(show.details)))
        });
        read.await?.ok_or(NoPerformance::NotFound)
    }

    /// The layout of a performance.
    ///
    /// # Errors
    /// The store failed.
    pub async fn layout(&self, performance: &Performance) -> Result<Arc<Layout>, StoreError> {
        self.stored_layout(performance.layout_id).await
    }

    /// A layout by its id, [without the plans](Layout::without_plans) of its rows and places.
    ///
    /// # Errors
    /// It does not exist, or the store failed.
    pub async fn stored_layout(&self, id: LayoutId) -> Result<Arc<Layout>, StoreError> {
        // One request reads and checks it for all that come meanwhile: a crowd of copies would not fit the memory.
        self.layouts.get_or_insert_async(&id, self.read_layout(id)).await
    }

    async fn read_layout(&self, id: LayoutId) -> Result<Arc<Layout>, StoreError> {
        let unreadable = |what: String| StoreError::Unreadable { store: "dynamodb", what };
        let plan = self.programme.layout(id).await?;
        let plan = plan.ok_or_else(|| unreadable(format!("layout {id} is missing")))?;
        let layout = Layout::parse(plan).map_err(|why| unreadable(format!("layout {id} {why}")))?;
        Ok(Arc::new(layout.without_plans()))
    }

    /// The state of a performance's sale, as far as the clock and the organizer decide it.
    #[must_use]
    pub fn sale_state(&self, performance: &Performance) -> SaleState {
        performance.sale_state(self.clock.now())
    }

    /// How the waiting room of a performance is run now.
    ///
    /// # Errors
    /// It has no waiting room.
    pub fn flow(&self, performance: &Performance) -> Result<Flow, NoQueue> {
        let Limits { call_window_s, admission_s: session_s, .. } = self.limits;
        performance.flow(self.clock.now(), RoomTimes { call_window_s, session_s }).ok_or(NoQueue)
    }

    /// Forget a performance that has just been changed.
    pub fn forget(&self, performance: PerformanceId) {
        self.performances.forget(&performance);
    }
}
