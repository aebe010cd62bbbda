//! The listing: every show that is played, as its summary.

use crate::query::Asked;
use domain::{
    PerformanceId,
    money::Currency,
    sale::SaleState,
    search,
    show::{Run, Show},
};
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;
use shared::{
    http::{etag::Tagged, wire::words::SaleStateWords},
    ports::{Programme, StoreError},
    services::availability::Availability,
};
use std::cmp::Reverse;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most shows that are listed.
const SHOWS_MAX: usize = 2_000;
/// What the ready-made answers of a listing may take together, and how many are expected.
const ANSWERS_MAX_BYTES: u64 = 4 * 1024 * 1024;
const ANSWERS_EXPECTED: usize = 200;
/// Of a show's performances so many are asked first whether they have seats left, and this many times as many each time after.
const ASKED_FIRST: usize = 1;
const ASKED_GROWS: usize = 4;

/// Every show that is played, as it was at a moment.
pub(crate) struct Listing {
    pub(crate) shows: Vec<Listed>,
    pub(crate) made_at: Timestamp,
    /// What was answered from it.
    pub(crate) answers: Cache<Asked, Tagged, Bytes>,
}

/// Weighs answers.
#[derive(Clone)]
pub(crate) struct Bytes;

/// A show and what it is searched and sorted by.
pub(crate) struct Listed {
    pub(crate) summary: ShowSummary,
    /// The first one first.
    pub(crate) runs: Vec<Run>,
    pub(crate) title: String,
    pub(crate) venue: String,
    pub(crate) genre: String,
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
    #[schema(value_type = SaleStateWords)]
    pub(crate) sale_state: SaleState,
}

impl Weighter<Asked, Tagged> for Bytes {
    fn weight(&self, _: &Asked, answer: &Tagged) -> u64 {
        answer.size() as u64
    }
}

impl Listing {
    pub(crate) async fn read(
        programme: &dyn Programme,
        availability: &Availability,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let shows = programme.published_shows(SHOWS_MAX).await?;
        let states = sale_states(&shows, availability, now).await;
        Ok(Self {
            shows: shows
                .into_iter()
                .zip(states)
                .filter_map(|(show, state)| Listed::new(show, state?))
                .collect(),
            made_at: now,
            answers: Cache::with_weighter(ANSWERS_EXPECTED, ANSWERS_MAX_BYTES, Bytes),
        })
    }
}

impl Listed {
    fn new(show: Show, sale_state: SaleState) -> Option<Self> {
        let (prices, period, runs) = (show.price_range()?, show.period()?, show.runs());
        let summary = ShowSummary {
            show_id: show.show_id.0,
            from: period.from,
            to: period.to,
            min_price: prices.min,
            max_price: prices.max,
            sale_state,
            title: show.details.title,
            genre: show.details.genre,
            venue: show.details.venue,
            poster_url: show.details.poster_url,
            currency: show.details.currency,
        };
        Some(Self {
            title: search::folded(&summary.title),
            venue: search::folded(&summary.venue),
            genre: search::folded(&summary.genre),
            runs,
            summary,
        })
    }
}

/// A show's sale, while it is found out.
struct Selling {
    /// Whether an open performance has seats left: then nothing is more open.
    is_open: bool,
    /// Its state if none has.
    otherwise: Option<SaleState>,
    /// Open performances that were not asked yet and their seats for sale, the latest first: it is the least likely to be sold out.
    open: Vec<(PerformanceId, u32)>,
}

/// Of each show the most open state of its published performances, if it has any. Seats are only counted where the answer depends
/// on them, and of all shows together: a few round trips, whatever their number.
async fn sale_states(shows: &[Show], availability: &Availability, now: Timestamp) -> Vec<Option<SaleState>> {
    let mut sales: Vec<_> = shows.iter().map(|show| Selling::new(show, now)).collect();
    let mut at_once = ASKED_FIRST;
    loop {
        let unsure = sales.iter().filter(|sale| !sale.is_open);
        let asked: Vec<_> = unsure.flat_map(|sale| sale.open.iter().take(at_once).copied()).collect();
        if asked.is_empty() {
            break;
        }
        let mut left = availability.left(&asked).await.into_iter();
        for sale in sales.iter_mut().filter(|sale| !sale.is_open) {
            let asked = sale.open.drain(..at_once.min(sale.open.len())).count();
            sale.is_open = left.by_ref().take(asked).filter(|left| left.any).count() > 0;
        }
        at_once *= ASKED_GROWS;
    }
    sales.into_iter().map(Selling::state).collect()
}

impl Selling {
    fn new(show: &Show, now: Timestamp) -> Self {
        let (mut open, mut otherwise) = (Vec::new(), None);
        for (id, performance) in show.published() {
            let mut state = performance.sale.state(performance.starts_at, now, true);
            if state == SaleState::Open {
                open.push((performance.starts_at, (*id, performance.for_sale_count)));
                state = SaleState::SoldOut;
            }
            otherwise = otherwise.max(Some(state));
        }
        open.sort_unstable_by_key(|(starts_at, _)| Reverse(*starts_at));
        Self { is_open: false, otherwise, open: open.into_iter().map(|(_, asked)| asked).collect() }
    }

    fn state(self) -> Option<SaleState> {
        if self.is_open { Some(SaleState::Open) } else { self.otherwise }
    }
}
