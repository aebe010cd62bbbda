//! Offers: the best places that are free, for a buyer who wants to see some before holding any.
//!
//! A question is worked out at most once a second for all clients, from a map in memory. Buyers who ask it in the same
//! second are offered different places as long as there are enough.

use axum::{
    Extension,
    extract::State,
    http::{HeaderName, header},
};
use domain::{
    PerformanceId,
    best::{Wanted, alternatives, outlook},
    booking::amount_of,
    layout::{Layout, Row, SeatIndex},
    money::Currency,
    performance::Performance,
    seat::{SeatState, SeatStates},
};
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Code, Problem,
        page::Query,
        path::Path,
        wire::{BookedPlaceView, ChosenView},
    },
    ports::{Clock, StoreError},
    services::{
        catalog::Catalog,
        fresh::Fresh,
        seat_maps::{SeatMaps, Snapshot},
    },
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use utoipa::{IntoParams, ToSchema};

/// How many one buyer is offered.
const OFFERS_PER_ANSWER: usize = 3;
/// How many are worked out at once: for so many buyers who ask in the same second, and one in reserve for each.
const OFFERS_MAX: usize = 12;
const MAX_AGE: Duration = Duration::from_secs(1);
const REMEMBERED_MAX: usize = 1_000;
/// No hold has more seats than this.
const COUNT_MAX: u32 = 100;

/// The questions that were asked lately.
pub(crate) struct Offers(Fresh<Question, Arc<Found>>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Question {
    performance: PerformanceId,
    grade: String,
    count: u32,
    wheelchair: u32,
    split: bool,
    with_accessible: bool,
}

/// What was found on a map, and which of it the next buyer is offered.
struct Found {
    version: u64,
    choices: Vec<Vec<SeatIndex>>,
    next: AtomicUsize,
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BestQuery {
    /// How many places, wheelchair places included.
    #[param(minimum = 1, maximum = 100)]
    count: u32,
    /// Their grade.
    #[param(max_length = 20)]
    grade: String,
    /// How many of them are wheelchair places.
    #[serde(default)]
    #[param(maximum = 100)]
    wheelchair: u32,
    /// Whether they may be in two rows behind each other, if no row has room for all.
    #[serde(default)]
    split: bool,
}

/// The best places that could be held.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BestOffers)]
pub(crate) struct OffersView {
    performance_id: uuid::Uuid,
    /// The version of the map on which they are free.
    version: u64,
    /// Up to three choices that have no seat in common, best first. Clients that ask in the same second are offered different
    /// ones where there are enough.
    alternatives: Vec<OfferView>,
    /// The standing sections of the grade. `POST /v1/holds` takes their places by `standing`.
    standing: Vec<StandingOfferView>,
    #[schema(value_type = String)]
    currency: Currency,
}

/// Seats that could be held, by name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BestOffer)]
struct OfferView {
    /// The seats' names, in layout order.
    seats: Vec<String>,
    /// The same places, with what a ticket says of each.
    places: Vec<BookedPlaceView>,
    /// The sum of the prices, in minor units.
    amount: u64,
    chosen: ChosenView,
}

/// A standing section in which so many could be held.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingOffer)]
struct StandingOfferView {
    section: String,
    /// How many of its places are free.
    left: u32,
    /// Whether as many as asked for follow each other.
    together: bool,
    /// What they cost, in minor units.
    amount: u64,
}

/// Find the best places without holding any. They may be gone when they are asked for.
#[utoipa::path(
    get, path = "/v1/seats/{performance_id}/best", tag = "seat-map",
    params(("performance_id" = Uuid, Path), BestQuery),
    responses(
        (status = 200, body = OffersView),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`too_many_seats` or `validation_failed`"),
    )
)]
pub(crate) async fn best(
    Path(performance): Path<PerformanceId>,
    Query(query): Query<BestQuery>,
    State(catalog): State<Arc<Catalog>>,
    State(maps): State<Arc<SeatMaps>>,
    State(clock): State<Arc<dyn Clock>>,
    Extension(offers): Extension<Arc<Offers>>,
) -> Result<([(HeaderName, &'static str); 1], axum::Json<OffersView>), Problem> {
    let performance = catalog.performance(performance).await?;
    let question = query.parse(&performance, performance.sale.accessible_released(clock.now()))?;
    let layout = catalog.layout(&performance).await?;
    let map = maps.snapshot(performance.performance_id, &layout).await?;
    let found = offers.found(&question, &layout, &map).await?;
    let alternatives = found.still_free(&map.states, OFFERS_PER_ANSWER).into_iter();
    let alternatives = alternatives.map(|seats| OfferView::new(seats, &performance, &layout));
    let standing = layout.rows().iter().filter(|row| row.is_standing() && row.grade == question.grade);
    let standing = standing.filter(|_| question.wheelchair == 0);
    let view = OffersView {
        performance_id: performance.performance_id.0,
        version: map.version,
        alternatives: alternatives.collect::<Option<_>>().ok_or(Code::Internal)?,
        standing: standing.map(|row| StandingOfferView::new(row, &question, &performance, &map)).collect(),
        currency: performance.currency.clone(),
    };
    // Each client is offered others.
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(view)))
}

impl BestQuery {
    fn parse(self, performance: &Performance, with_accessible: bool) -> Result<Question, Problem> {
        let Self { count, grade, wheelchair, split } = self;
        if count == 0 {
            return Err(Problem::field("count", "must be at least 1"));
        }
        if wheelchair > count {
            return Err(Problem::field("wheelchair", "must not be more than count"));
        }
        let grade = performance.grade_named(&grade);
        let grade = grade.ok_or_else(|| Problem::field("grade", "must be a grade of the show"))?.to_owned();
        let max = performance.max_seats_per_user.min(COUNT_MAX);
        if count > max {
            return Err(Problem::new(Code::TooManySeats).detail(format!("One person may have {max} seats")));
        }
        let performance = performance.performance_id;
        Ok(Question { performance, grade, count, wheelchair, split, with_accessible })
    }
}

impl Offers {
    pub(crate) fn new() -> Self {
        Self(Fresh::new(REMEMBERED_MAX, MAX_AGE))
    }

    /// What was found lately, unless too little of it is left on a newer map.
    async fn found(
        &self,
        question: &Question,
        layout: &Layout,
        map: &Snapshot,
    ) -> Result<Arc<Found>, StoreError> {
        let serves = |found: &Arc<Found>| {
            let left =
                found.choices.iter().filter(|seats| are_free(seats, &map.states)).take(OFFERS_PER_ANSWER);
            found.version >= map.version || left.count() == OFFERS_PER_ANSWER
        };
        let find = |_| async { Ok(Arc::new(Found::on(question, layout, map))) };
        self.0.get_if(question, serves, find).await
    }
}

impl Found {
    fn on(question: &Question, layout: &Layout, map: &Snapshot) -> Self {
        let Question { ref grade, count, wheelchair, split, with_accessible, .. } = *question;
        let wanted = Wanted { grade, count, wheelchair, split, with_accessible };
        let choices = alternatives(layout, &map.states, wanted, OFFERS_MAX);
        Self { version: map.version, choices, next: AtomicUsize::new(0) }
    }

    /// The next of those that are free, as many as are offered to one buyer.
    fn still_free(&self, states: &SeatStates, count: usize) -> Vec<&[SeatIndex]> {
        let free: Vec<_> =
            self.choices.iter().map(Vec::as_slice).filter(|seats| are_free(seats, states)).collect();
        let from = self.next.fetch_add(count, Ordering::Relaxed);
        let from = if from + count <= free.len() { from } else { from % free.len().max(1) };
        let mut offered: Vec<_> = free.into_iter().enumerate().collect();
        offered.rotate_left(from);
        offered.truncate(count);
        // Whichever they are, the best of them comes first.
        offered.sort_by_key(|(rank, _)| *rank);
        offered.into_iter().map(|(_, seats)| seats).collect()
    }
}

fn are_free(seats: &[SeatIndex], states: &SeatStates) -> bool {
    seats.iter().all(|seat| states.get(seat.0) == SeatState::Available)
}

impl OfferView {
    /// Nothing where the performance does not sell the seats.
    fn new(seats: &[SeatIndex], performance: &Performance, layout: &Layout) -> Option<Self> {
        let chosen = outlook(layout, seats)?.into();
        let seats: Vec<_> =
            seats.iter().map(|seat| performance.seat(*seat, layout)).collect::<Option<_>>()?;
        Some(Self {
            places: seats.iter().map(BookedPlaceView::from).collect(),
            amount: amount_of(&seats),
            seats: seats.into_iter().map(|seat| seat.seat.into()).collect(),
            chosen,
        })
    }
}

impl StandingOfferView {
    fn new(row: &Row, question: &Question, performance: &Performance, map: &Snapshot) -> Self {
        let runs = map.states.free_runs(row.indexes()).map(|run| run.end - run.start);
        let (left, longest) = runs.fold((0, 0), |(left, longest), run| (left + run, run.max(longest)));
        Self {
            section: row.section.clone(),
            left,
            together: longest >= question.count,
            amount: performance.price_of(&row.grade).unwrap_or_default() * u64::from(question.count),
        }
    }
}
