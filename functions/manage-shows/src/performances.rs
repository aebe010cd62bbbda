//! Performances: when, in which layout, and how their seats are sold.

use crate::shows::{TRIES, overtaken, own_show};
use axum::{extract::State, http::StatusCode};
use domain::{
    LayoutId, PerformanceId, ShowId,
    draw::Secret,
    layout::{Layout, LayoutPlan, ROWS_MAX, RowPlan, SEATS_MAX, SECTIONS_MAX, SectionPlan},
    money::Currency,
    performance::{NoPrice, Performance},
    sale::{CAP_DEFAULT, JoinPolicy, Prequeue, RATE_DEFAULT, Sale, SaleControl, SaleMode},
    show::PERFORMANCES_MAX,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Code, Problem,
        auth::Manager,
        json::{BODY_MAX, Json},
        path::Path,
        validation::Check,
        wire::words::SaleModeWords,
    },
    ports::{AddPerformanceError, Clock, Ids, Programme, ReplaceError},
    services::catalog::Catalog,
};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// The largest body of a new performance, in bytes: a plan at all of its bounds, with each character of its names escaped
/// as a pair of surrogates (12 bytes), and no seat for sale.
pub const PLAN_BODY_MAX: usize = 4 * 1024 * 1024;

const _: () = {
    let (name, frame, number) = (20 * 12, 64, "1000, ".len());
    let sections = SECTIONS_MAX * (2 * name + frame);
    let rows = ROWS_MAX * (name + frame);
    let not_for_sale = SEATS_MAX as usize * number;
    assert!(sections + rows + not_for_sale + BODY_MAX <= PLAN_BODY_MAX);
};

/// A new performance.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewPerformance)]
pub(crate) struct PerformanceForm {
    starts_at: Timestamp,
    layout: LayoutForm,
    sale: SaleForm,
}

/// A seat plan.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewLayout)]
struct LayoutForm {
    #[schema(min_items = 1, max_items = 500)]
    sections: Vec<SectionForm>,
}

/// A part of the house whose seats have one grade.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSection)]
struct SectionForm {
    /// Letters and digits of any script, `_` and `.`.
    #[schema(min_length = 1, max_length = 20)]
    section: String,
    /// One of the show's grades.
    #[schema(max_length = 20)]
    grade: String,
    /// The rows, best first.
    #[schema(min_items = 1, max_items = 5_000)]
    rows: Vec<RowForm>,
}

/// A row of adjacent seats, numbered from 1.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewRow)]
struct RowForm {
    #[schema(min_length = 1, max_length = 20)]
    row: String,
    #[schema(minimum = 1, maximum = 1_000)]
    seats: u32,
    /// Numbers of seats that the house keeps.
    #[serde(default)]
    not_for_sale: Vec<u32>,
}

/// When and how seats are sold.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSale)]
struct SaleForm {
    opens_at: Timestamp,
    /// When the gathering begins whose members are called in an order drawn when the sale opens. Only with the mode
    /// `queue`, and before `opens_at`. Without it there is no gathering.
    prequeue_at: Option<Timestamp>,
    /// When the sale closes; by default when the performance starts. It may be later only with `late_entry`.
    closes_at: Option<Timestamp>,
    /// Whether seats are still sold after the performance has started.
    #[serde(default)]
    late_entry: bool,
    /// From when wheelchair places and those of companions are sold like all others; before `closes_at`. Without it: never.
    accessible_release_at: Option<Timestamp>,
    /// `open` or `queue`.
    #[schema(value_type = SaleModeWords)]
    mode: SaleMode,
    /// How many may be inside at once; 500 by default.
    #[schema(minimum = 1, maximum = 100_000)]
    cap: Option<u32>,
    /// How many are called per minute; 600 by default.
    #[schema(minimum = 1, maximum = 1_000_000)]
    rate_per_min: Option<u32>,
}

/// A performance as its organizer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedPerformance {
    performance_id: Uuid,
    show_id: Uuid,
    starts_at: Timestamp,
    layout_id: Uuid,
    seat_count: u32,
    sale: ManagedSale,
    max_seats_per_user: u32,
    /// When buyers began to see it; null until it is published.
    published_at: Option<Timestamp>,
}

/// When and how its seats are sold.
#[derive(Debug, Serialize, ToSchema)]
struct ManagedSale {
    opens_at: Timestamp,
    /// When the gathering for the draw begins; null if there is none.
    prequeue_at: Option<Timestamp>,
    /// When the sale ends.
    closes_at: Timestamp,
    /// Whether seats are still sold after the performance has started.
    late_entry: bool,
    /// From when wheelchair places and those of companions are sold like all others; null: never.
    #[schema(required)]
    accessible_release_at: Option<Timestamp>,
    #[schema(value_type = SaleModeWords)]
    mode: SaleMode,
    cap: u32,
    rate_per_min: u32,
}

/// Add a performance with its seat plan of at most 100,000 seats in 5,000 rows. Buyers see it once it is published.
///
/// The body may be larger than others: up to 2,400 KiB.
#[utoipa::path(
    post, path = "/v1/manage/shows/{show_id}/performances", tag = "manage-shows", security(("access_token" = [])),
    params(("show_id" = Uuid, Path)), request_body = PerformanceForm,
    responses(
        (status = 201, body = ManagedPerformance),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    )
)]
pub(crate) async fn create_performance(
    manager: Manager,
    Path(show_id): Path<ShowId>,
    State(programme): State<Arc<dyn Programme>>,
    State(ids): State<Arc<dyn Ids>>,
    Json(form): Json<PerformanceForm, PLAN_BODY_MAX>,
) -> Result<(StatusCode, axum::Json<ManagedPerformance>), Problem> {
    let show = own_show(manager, show_id, &*programme).await?;
    let secret = Secret(ids.secret());
    let sale = form.sale.parse(form.starts_at, &secret);
    let layout = form.layout.parse()?;
    let mut performance = Performance {
        performance_id: PerformanceId(ids.uuid()),
        show_id,
        organizer_id: show.organizer_id,
        starts_at: form.starts_at,
        layout_id: LayoutId(ids.uuid()),
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale: sale?,
        grades: vec![],
        price_range: None,
        currency: Currency::default(),
        max_seats_per_user: 0,
        published_at: None,
    };
    performance.take_terms(&show.details, &layout).map_err(|why| no_price(&why))?;
    let secret = performance.sale.door.prequeue.as_ref().map(|_| &secret);
    for _ in 0..TRIES {
        match programme.add_performance(&performance, layout.plan(), secret).await {
            Ok(()) => return Ok((StatusCode::CREATED, axum::Json(performance.into()))),
            Err(AddPerformanceError::Changed) => {
                let show = own_show(manager, show_id, &*programme).await?;
                performance.take_terms(&show.details, &layout).map_err(|why| no_price(&why))?;
            }
            Err(AddPerformanceError::TooMany) => {
                let why = format!("a show may have {PERFORMANCES_MAX} performances");
                return Err(Problem::field("performances", why));
            }
            Err(AddPerformanceError::Store(error)) => return Err(error.into()),
        }
    }
    Err(overtaken())
}

/// Show a performance to buyers and fix its prices. Publishing again changes nothing.
#[utoipa::path(
    post, path = "/v1/manage/performances/{performance_id}/publish", tag = "manage-shows",
    security(("access_token" = [])), params(("performance_id" = Uuid, Path)),
    responses(
        (status = 200, body = ManagedPerformance),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    )
)]
pub(crate) async fn publish(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(programme): State<Arc<dyn Programme>>,
    State(catalog): State<Arc<Catalog>>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<axum::Json<ManagedPerformance>, Problem> {
    for _ in 0..TRIES {
        let mut draft = programme.performance(performance).await?.ok_or(Code::NotFound)?;
        manager.check_owns(draft.organizer_id)?;
        if draft.published_at.is_some() {
            return Ok(axum::Json(draft.into()));
        }
        let show = own_show(manager, draft.show_id, &*programme).await?;
        let layout = catalog.layout(&draft).await?;
        draft.take_terms(&show.details, &layout).map_err(|why| no_price(&why))?;
        draft.published_at = Some(clock.now());
        match programme.publish(&draft).await {
            Ok(public) => {
                catalog.forget(performance);
                return Ok(axum::Json(public.into()));
            }
            Err(ReplaceError::Changed) => {}
            Err(ReplaceError::Store(error)) => return Err(error.into()),
        }
    }
    Err(overtaken())
}

fn no_price(why: &NoPrice) -> Problem {
    Problem::field("layout", why.to_string())
}

impl SaleForm {
    /// The secret is for the draw, if there is one: the sale reveals only its hash.
    fn parse(self, starts_at: Timestamp, secret: &Secret) -> Result<Sale, Problem> {
        let prequeue =
            self.prequeue_at.map(|opens_at| Prequeue { opens_at, commitment: secret.commitment() });
        if self.closes_at.is_none() && self.opens_at >= starts_at {
            return Err(Problem::field("sale.opens_at", "must be before starts_at"));
        }
        let sale = Sale {
            opens_at: self.opens_at,
            closes_at: self.closes_at.unwrap_or(starts_at),
            late_entry: self.late_entry,
            accessible_release_at: self.accessible_release_at,
            mode: self.mode,
            cap: self.cap.unwrap_or(CAP_DEFAULT),
            rate_per_min: self.rate_per_min.unwrap_or(RATE_DEFAULT),
            control: SaleControl::Open,
            door: JoinPolicy { prequeue, ..JoinPolicy::default() },
        };
        sale.check(starts_at)
            .map_err(|(field, why)| Problem::field(format!("sale.{field}"), why.to_string()))?;
        Ok(sale)
    }
}

impl LayoutForm {
    fn parse(self) -> Result<Layout, Problem> {
        let row = |row: RowForm| RowPlan {
            row: row.row,
            seats: row.seats,
            not_for_sale: row.not_for_sale,
            ..RowPlan::default()
        };
        let section = |section: SectionForm| SectionPlan {
            section: section.section,
            grade: section.grade,
            rows: section.rows.into_iter().map(row).collect(),
            ..SectionPlan::default()
        };
        let plan = LayoutPlan::of(self.sections.into_iter().map(section).collect());
        let mut check = Check::new();
        let layout = check.field("layout", Layout::parse(plan.tidied()));
        layout.ok_or_else(|| check.into())
    }
}

impl From<Performance> for ManagedPerformance {
    fn from(performance: Performance) -> Self {
        let closes_at = performance.sale.ends_at(performance.starts_at);
        let Sale { opens_at, late_entry, accessible_release_at, mode, cap, rate_per_min, door, .. } =
            performance.sale;
        let prequeue_at = door.prequeue.map(|prequeue| prequeue.opens_at);
        Self {
            performance_id: performance.performance_id.0,
            show_id: performance.show_id.0,
            starts_at: performance.starts_at,
            layout_id: performance.layout_id.0,
            seat_count: performance.seat_count,
            sale: ManagedSale {
                opens_at,
                prequeue_at,
                closes_at,
                late_entry,
                accessible_release_at,
                mode,
                cap,
                rate_per_min,
            },
            max_seats_per_user: performance.max_seats_per_user,
            published_at: performance.published_at,
        }
    }
}
