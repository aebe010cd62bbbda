//! The listing: every show that is played, as its summary.

use domain::{money::Currency, sale::SaleState, show::Show};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    availability::Availability,
    ports::{Programme, StoreError},
};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most shows that are listed.
const SHOWS_MAX: usize = 2_000;

/// Every show that is played.
pub(crate) struct Listing(pub(crate) Vec<Listed>);

/// A show and what it is searched by.
pub(crate) struct Listed {
    pub(crate) summary: ShowSummary,
    pub(crate) starts_at: Vec<Timestamp>,
    pub(crate) searched: String,
}

/// A show as a list shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ShowSummary {
    /// Which.
    pub(crate) show_id: Uuid,
    pub(crate) title: String,
    pub(crate) genre: String,
    pub(crate) venue: String,
    pub(crate) poster_url: Option<String>,
    /// The first performance.
    pub(crate) from: Timestamp,
    /// The last performance.
    pub(crate) to: Timestamp,
    /// The cheapest seat for sale, minor units.
    pub(crate) min_price: u64,
    /// The dearest seat for sale, minor units.
    pub(crate) max_price: u64,
    #[schema(value_type = String)]
    pub(crate) currency: Currency,
    /// Of the performance that is most open: `scheduled`, `prequeue`, `open`, `paused`, `closed` or `sold_out`.
    #[schema(value_type = String)]
    pub(crate) sale_state: SaleState,
}

impl Listing {
    pub(crate) async fn read(
        programme: &dyn Programme,
        availability: &Availability,
        now: Timestamp,
    ) -> Result<Arc<Self>, StoreError> {
        let mut listed = Vec::new();
        for show in programme.published_shows(SHOWS_MAX).await? {
            let sale_state = sale_state(&show, availability, now).await;
            listed.extend(sale_state.and_then(|sale_state| Listed::new(show, sale_state)));
        }
        Ok(Arc::new(Self(listed)))
    }
}

impl Listed {
    fn new(show: Show, sale_state: SaleState) -> Option<Self> {
        let mut starts_at: Vec<_> = show.published().map(|(_, performance)| performance.starts_at).collect();
        starts_at.sort_unstable();
        let prices = show.price_range()?;
        let summary = ShowSummary {
            show_id: show.show_id.0,
            from: *starts_at.first()?,
            to: *starts_at.last()?,
            min_price: prices.min,
            max_price: prices.max,
            sale_state,
            title: show.details.title,
            genre: show.details.genre,
            venue: show.details.venue,
            poster_url: show.details.poster_url,
            currency: show.details.currency,
        };
        let searched = format!("{}\n{}", summary.title, summary.venue).to_lowercase();
        Some(Self { summary, starts_at, searched })
    }
}

/// The most open state of its published performances. Seats are only counted where the answer depends on them.
async fn sale_state(show: &Show, availability: &Availability, now: Timestamp) -> Option<SaleState> {
    let mut most_open = None;
    for (id, performance) in show.published() {
        let mut state = performance.sale.state(performance.starts_at, now, true);
        if state == SaleState::Open && !availability.left(*id, performance.for_sale_count).await.any {
            state = SaleState::SoldOut;
        }
        most_open = most_open.max(Some(state));
        if most_open == Some(SaleState::Open) {
            break;
        }
    }
    most_open
}
