//! Performances: when, in which layout, and how their seats are sold.

use crate::{
    houses::chosen,
    plan::{PLAN_BODY_MAX, check_size},
    publication::no_price,
    schema::{ChosenHouseSchema, LayoutSchema, PlaceSchema},
    shows::{TRIES, overtaken, own_show},
};
use axum::{extract::State, http::StatusCode};
use domain::{
    HouseId, Invalid, LayoutId, PerformanceId, ShowId,
    draw::Secret,
    house::{House, HouseVersion},
    layout::{Layout, LayoutPlan, Overrides},
    money::Currency,
    performance::{NoPrice, Performance},
    sale::{CAP_DEFAULT, JoinPolicy, Prequeue, RATE_DEFAULT, Sale, SaleControl, SaleMode},
    show::PERFORMANCES_MAX,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::{
    app::FromApp,
    http::{
        Code, Problem, auth::Manager, json::LargeJson, path::Path, validation::Check,
        wire::words::SaleModeWords,
    },
    ports::{AddPerformanceError, Houses, Ids, Programme},
    services::catalog::Catalog,
};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// A new performance.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewPerformance)]
pub(crate) struct PerformanceForm {
    starts_at: Timestamp,
    /// Its seat plan, if it is not that of a house.
    #[schema(value_type = Option<LayoutSchema>)]
    layout: Option<LayoutPlan>,
    /// The house whose seat plan it has. Either this or `layout` must be given.
    #[schema(value_type = Option<ChosenHouseSchema>)]
    house: Option<ChosenHouse>,
    /// What is different in this performance from the house: what is special about single places, by their names.
    #[schema(value_type = Option<BTreeMap<String, PlaceSchema>>)]
    overrides: Option<Overrides>,
    sale: SaleForm,
}

/// A house of the organizer's library.
#[derive(Debug, Clone, Copy, Deserialize)]
struct ChosenHouse {
    house_id: HouseId,
    version: Option<u32>,
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
    /// The version of a house that its seat plan was made of; null if it has a plan of its own.
    #[schema(required)]
    house: Option<VersionOfHouse>,
    seat_count: u32,
    sale: ManagedSale,
    max_seats_per_user: u32,
    /// When buyers began to see it; null until it is published.
    published_at: Option<Timestamp>,
}

/// A version of a house.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HouseVersion)]
struct VersionOfHouse {
    house_id: Uuid,
    version: u32,
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

/// Add a performance with its seat plan of at most 100,000 places, or in a house of the library. Buyers see it once it is
/// published.
///
/// The body may be larger than others: up to 4 MiB.
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
    State(library): State<Library>,
    State(ids): State<Arc<dyn Ids>>,
    LargeJson(form, _place): LargeJson<PerformanceForm, PLAN_BODY_MAX>,
) -> Result<(StatusCode, axum::Json<ManagedPerformance>), Problem> {
    let show = own_show(manager, show_id, &*programme).await?;
    let secret = Secret(ids.secret());
    let sale = form.sale.parse(form.starts_at, &secret);
    let seating = library.seating(manager, form.layout, form.house, form.overrides).await?;
    let layout = &seating.layout;
    let mut performance = Performance {
        performance_id: PerformanceId(ids.uuid()),
        show_id,
        organizer_id: show.organizer_id,
        starts_at: form.starts_at,
        layout_id: seating.shared.unwrap_or_else(|| LayoutId(ids.uuid())),
        house: seating.house,
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale: sale?,
        grades: vec![],
        price_range: None,
        currency: Currency::default(),
        max_seats_per_user: 0,
        published_at: None,
    };
    let no_price = |why: NoPrice| seating.no_price(&why);
    performance.take_terms(&show.details, layout).map_err(no_price)?;
    let secret = performance.sale.door.prequeue.as_ref().map(|_| &secret);
    for _ in 0..TRIES {
        let added = match seating.shared {
            Some(_) => programme.add_performance_in_house(&performance, secret).await,
            None => programme.add_performance(&performance, layout.plan(), secret).await,
        };
        match added {
            Ok(()) => return Ok((StatusCode::CREATED, axum::Json(performance.into()))),
            Err(AddPerformanceError::Changed) => {
                let show = own_show(manager, show_id, &*programme).await?;
                performance.take_terms(&show.details, layout).map_err(no_price)?;
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

/// Where a performance's seats are.
struct Seating {
    layout: Arc<Layout>,
    house: Option<HouseVersion>,
    /// The layout's id, if it is stored already.
    shared: Option<LayoutId>,
}

/// Where seat plans come from.
#[derive(Clone, FromApp)]
pub(crate) struct Library {
    houses: Arc<dyn Houses>,
    programme: Arc<dyn Programme>,
    catalog: Arc<Catalog>,
}

impl Library {
    async fn seating(
        &self,
        manager: Manager,
        layout: Option<LayoutPlan>,
        house: Option<ChosenHouse>,
        overrides: Option<Overrides>,
    ) -> Result<Seating, Problem> {
        match (layout, house) {
            (None, None) => Err(Problem::field("layout", "is missing, and so is a house")),
            (Some(_), Some(_)) => Err(Problem::field("house", "must not be given together with a layout")),
            (Some(_), None) if overrides.is_some() => {
                Err(Problem::field("overrides", "must be given only together with a house"))
            }
            (Some(plan), None) => {
                let layout = Arc::new(sized("layout", Layout::draw(plan))?);
                Ok(Seating { layout, house: None, shared: None })
            }
            (None, Some(ChosenHouse { house_id, version })) => {
                let house = chosen(manager, house_id, version, &*self.houses).await?;
                match overrides.filter(|overrides| !overrides.0.is_empty()) {
                    None => self.shared(&house).await,
                    Some(overrides) => self.overridden(&house, overrides).await,
                }
            }
        }
    }

    async fn shared(&self, house: &House) -> Result<Seating, Problem> {
        let layout = self.catalog.stored_layout(house.layout_id).await?;
        Ok(Seating { layout, house: Some(house.named()), shared: Some(house.layout_id) })
    }

    /// The same seats with other words about some of them: a layout of its own. No seat moves, so all still have room.
    async fn overridden(&self, house: &House, overrides: Overrides) -> Result<Seating, Problem> {
        let plan = self.programme.layout(house.layout_id).await?.ok_or(Code::Internal)?;
        let layout = sized("overrides", Layout::parse(plan.overridden(overrides).tidied()))?;
        Ok(Seating { layout: Arc::new(layout), house: Some(house.named()), shared: None })
    }
}

impl Seating {
    fn no_price(&self, why: &NoPrice) -> Problem {
        no_price(why, &self.layout, if self.house.is_some() { "house" } else { "layout" })
    }
}

fn sized(field: &str, layout: Result<Layout, Invalid>) -> Result<Layout, Problem> {
    let mut check = Check::new();
    let layout = check.field(field, layout.and_then(|layout| check_size(&layout).map(|()| layout)));
    layout.ok_or_else(|| check.into())
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
            house: performance
                .house
                .map(|HouseVersion { house_id, version }| VersionOfHouse { house_id: house_id.0, version }),
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
