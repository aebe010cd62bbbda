//! The listing: a summary of every listed show.

use crate::query::ListQuery;
use domain::{
    PerformanceId,
    money::Currency,
    performance::PerformanceSummary,
    sale::SaleState,
    search,
    show::{Playing, Show},
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

/// The most shows in a listing.
const SHOWS_MAX: usize = 2_000;
/// The most bytes of all ready-made answers of a listing, and how many answers to expect.
const ANSWERS_MAX_BYTES: u64 = 4 * 1024 * 1024;
const ANSWERS_EXPECTED: usize = 200;
/// How many of a show's performances are first checked for free seats, and the factor by which that grows in each round.
const ASKED_FIRST: usize = 1;
const ASKED_GROWS: usize = 4;

/// Every listed show, as of one moment.
pub(crate) struct Listing {
    pub(crate) shows: Vec<Listed>,
    pub(crate) made_at: Timestamp,
    /// The answers made from this listing.
    pub(crate) answers: Cache<ListQuery, Tagged, Bytes>,
}

/// Weighs answers by their size.
#[derive(Clone)]
pub(crate) struct Bytes;

/// A show and the values that it is searched and sorted by.
pub(crate) struct Listed {
    pub(crate) summary: ShowSummary,
    /// The first one first.
    pub(crate) runs: Vec<Playing>,
    pub(crate) title: String,
    pub(crate) venue: String,
    pub(crate) genre: String,
}

/// A show as a list shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ShowSummary {
    pub(crate) show_id: Uuid,
    pub(crate) title: String,
    pub(crate) genre: String,
    pub(crate) venue: String,
    pub(crate) poster_url: Option<String>,
    /// The first performance.
    pub(crate) from: Timestamp,
    /// The last performance.
    pub(crate) to: Timestamp,
    /// The lowest price of a seat for sale, in minor units.
    pub(crate) min_price: u64,
    /// The highest price of a seat for sale, in minor units.
    pub(crate) max_price: u64,
    #[schema(value_type = String)]
    pub(crate) currency: Currency,
    /// The state of the most open performance: `scheduled`, `prequeue`, `open`, `paused`, `closed` or `sold_out`.
    #[schema(value_type = SaleStateWords)]
    pub(crate) sale_state: SaleState,
}

impl Weighter<ListQuery, Tagged> for Bytes {
    fn weight(&self, _: &ListQuery, answer: &Tagged) -> u64 {
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

/// The state of a show's sale while it is being determined.
struct Selling<'a> {
    show: &'a Show,
    /// Whether an open performance has seats left: no state is more open, so the others need no check.
    is_open: bool,
    /// Open performances not yet checked, with their seats for sale, latest first, as it is least likely to be sold out.
    open: Vec<(PerformanceId, u32)>,
}

/// The most open state of each show's published performances, if there are any. Seats are counted only where the state
/// depends on them, and for all shows together: a few round trips, whatever the number of shows.
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
    sales.iter().map(|sale| sale.show.sale_state(now, |_| sale.is_open)).collect()
}

impl<'a> Selling<'a> {
    fn new(show: &'a Show, now: Timestamp) -> Self {
        let is_open = |summary: &PerformanceSummary| summary.sale_state(now, true) == SaleState::Open;
        let mut open: Vec<_> = show.published().filter(|(_, summary)| is_open(summary)).collect();
        open.sort_unstable_by_key(|(_, summary)| Reverse(summary.starts_at));
        let open = open.into_iter().map(|(id, summary)| (*id, summary.for_sale_count)).collect();
        Self { show, is_open: false, open }
    }
}
