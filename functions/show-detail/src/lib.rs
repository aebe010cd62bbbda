//! `show-detail`: one show with its performances, as ready-made bytes that are refreshed in the background.

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use domain::{
    PerformanceId, ShowId,
    money::Currency,
    performance::PerformanceSummary,
    sale::{SaleMode, SaleState},
    seat::Left,
    show::Show,
};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    http::{
        Code, Floor, Function, Problem, Router,
        etag::Tagged,
        lasting::{Ages, Lasting},
        path::Path,
        routes,
        wire::words::{SaleModeWords, SaleStateWords},
    },
    ports::{Clock, Programme},
    services::availability::Availability,
};
use std::{collections::HashSet, sync::Arc};
use utoipa::ToSchema;
use uuid::Uuid;

/// The show comes from DynamoDB and the seats left from Redis; both are kept for a second.
pub const FUNCTION: Function = Function::new("show-detail")
    // Answers come from memory and wait for no store.
    .in_flight(100)
    .instances_max(8)
    .replicas(2, 6)
    .at_once_max(40)
    .on_sale(Floor::of(2).in_waves());

const ANSWERS_MAX: usize = 500;

type ShowAnswers = Lasting<ShowId, Tagged>;

pub fn routes() -> Router {
    let answers = Arc::new(ShowAnswers::new(ANSWERS_MAX, Ages::PAGE));
    Router::new().routes(routes!(show_detail)).layer(Extension(answers))
}

/// A show with its published performances.
#[derive(Debug, Serialize, ToSchema)]
struct ShowDetail {
    show_id: Uuid,
    title: String,
    genre: String,
    venue: String,
    description: String,
    /// The minimum age in years; 0 if there is none.
    age_limit: u32,
    /// The running time in minutes.
    runtime_min: u32,
    poster_url: Option<String>,
    /// The first performance.
    from: Timestamp,
    /// The last performance.
    to: Timestamp,
    /// The lowest price of a seat for sale, in minor units.
    min_price: u64,
    /// The highest price of a seat for sale, in minor units.
    max_price: u64,
    #[schema(value_type = String)]
    currency: Currency,
    /// The state of the most open performance.
    #[schema(value_type = SaleStateWords)]
    sale_state: SaleState,
    grades: Vec<GradeView>,
    /// The performances, in order of time.
    performances: Vec<PerformanceView>,
}

/// A kind of seat.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GradeWithCurrency)]
struct GradeView {
    grade: String,
    /// The price in minor units.
    price: u64,
    #[schema(value_type = String)]
    currency: Currency,
}

/// A performance as a buyer sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicPerformance)]
struct PerformanceView {
    performance_id: Uuid,
    starts_at: Timestamp,
    sale: SaleView,
    /// The most seats of one buyer, holds and live bookings together.
    max_seats_per_user: u32,
    /// The number of seats of the layout.
    seat_count: u32,
    /// The number of seats that could be held now.
    seats_left: u64,
}

/// When and how seats are sold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicSale)]
struct SaleView {
    opens_at: Timestamp,
    /// When people may begin to gather in the waiting room, to be called in an order drawn at `opens_at`; null if there is
    /// no draw.
    prequeue_at: Option<Timestamp>,
    /// When the sale ends: when the performance starts at the latest, unless latecomers are let in.
    closes_at: Timestamp,
    /// When wheelchair places and those of companions are sold like all others; null if they never are.
    accessible_release_at: Option<Timestamp>,
    /// `open`: seats may be held at once. `queue`: buyers go through the waiting room.
    #[schema(value_type = SaleModeWords)]
    mode: SaleMode,
    /// `scheduled`, `prequeue`, `open`, `paused`, `closed` or `sold_out`.
    #[schema(value_type = SaleStateWords)]
    state: SaleState,
}

/// Read a show with its performances.
///
/// An answer may be some seconds old. While the books do not answer, it is their last answer, up to an hour old.
#[utoipa::path(
    get, path = "/v1/shows/{show_id}", tag = "show-detail", params(("show_id" = Uuid, Path)),
    responses(
        (status = 200, body = ShowDetail),
        (status = 304, description = "Not modified"),
        (status = 404, description = "`not_found`"),
    )
)]
async fn show_detail(
    Path(show): Path<ShowId>,
    State(programme): State<Arc<dyn Programme>>,
    State(availability): State<Arc<Availability>>,
    State(clock): State<Arc<dyn Clock>>,
    Extension(answers): Extension<Arc<ShowAnswers>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let answer = answers.get(&show, || async move {
        let show = programme.show(show).await?.ok_or(Code::NotFound)?;
        let detail = ShowDetail::new(show, &availability, clock.now()).await.ok_or(Code::NotFound)?;
        let body = serde_json::to_vec(&detail).map_err(|_| Code::Internal)?;
        Ok(Tagged::json(body, "public, max-age=1"))
    });
    Ok(answer.await?.answer(&headers))
}

impl ShowDetail {
    /// `None` until a performance is published.
    async fn new(show: Show, availability: &Availability, now: Timestamp) -> Option<Self> {
        let (prices, period) = (show.price_range()?, show.period()?);
        let max_seats_per_user = show.details.max_seats_per_user;
        let published: Vec<_> = show.published().collect();
        let asked: Vec<_> = published.iter().map(|(id, summary)| (**id, summary.for_sale_count)).collect();
        let left = availability.left(&asked).await;
        let with_seats: HashSet<_> =
            asked.iter().zip(&left).filter(|(_, left)| left.any).map(|((id, _), _)| *id).collect();
        let sale_state = show.sale_state(now, |id| with_seats.contains(&id))?;
        let view = |((id, summary), left): ((&PerformanceId, &PerformanceSummary), Left)| {
            PerformanceView::new(*id, summary, max_seats_per_user, left, now)
        };
        let mut performances: Vec<_> = published.into_iter().zip(left).map(view).collect();
        performances.sort_by_key(|performance| (performance.starts_at, performance.performance_id));
        let details = show.details;
        let currency = details.currency;
        let grade = |grade: domain::show::Grade| GradeView {
            grade: grade.grade,
            price: grade.price,
            currency: currency.clone(),
        };
        Some(Self {
            show_id: show.show_id.0,
            from: period.from,
            to: period.to,
            min_price: prices.min,
            max_price: prices.max,
            sale_state,
            grades: details.grades.into_iter().map(grade).collect(),
            title: details.title,
            genre: details.genre,
            venue: details.venue,
            description: details.description,
            age_limit: details.age_limit,
            runtime_min: details.runtime_min,
            poster_url: details.poster_url,
            currency: currency.clone(),
            performances,
        })
    }
}

impl PerformanceView {
    fn new(
        id: PerformanceId,
        summary: &PerformanceSummary,
        max_seats_per_user: u32,
        left: Left,
        now: Timestamp,
    ) -> Self {
        Self {
            performance_id: id.0,
            starts_at: summary.starts_at,
            sale: SaleView {
                opens_at: summary.sale.opens_at,
                prequeue_at: summary.sale.door.prequeue.as_ref().map(|prequeue| prequeue.opens_at),
                closes_at: summary.sale.ends_at(summary.starts_at),
                accessible_release_at: summary.sale.accessible_release_at,
                mode: summary.sale.mode,
                state: summary.sale_state(now, left.any),
            },
            max_seats_per_user,
            seat_count: summary.seat_count,
            seats_left: left.now,
        }
    }
}
