//! The library of houses: seat plans with versions, which performances share.

use crate::{
    plan::{PLAN_BODY_MAX, check_size},
    schema::{HouseSchema, LayoutSchema},
    shows::TRIES,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
};
use domain::{
    HouseId, Invalid, LayoutId,
    house::{House, HouseDrawing, HousePlan, HouseVersion, house_name},
    layout::{Layout, LayoutPlan},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Code, Problem,
        auth::Manager,
        etag::{IfMatch, Versioned, version_of},
        json::LargeJson,
        page::{Page, PageAfter, PageQuery, Query},
        path::Path,
        validation::Check,
    },
    ports::{Clock, Houses, Ids, Programme, ReplaceError},
};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A version of a house, without its plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedHouse {
    house_id: Uuid,
    name: String,
    /// Counts the versions from 1. `ETag` carries the same.
    version: u32,
    /// The layout of the performances that use this version as it is.
    layout_id: Uuid,
    /// The number of places.
    seat_count: u32,
    /// The number of places that the house does not keep.
    for_sale_count: u32,
    /// The number of sections.
    section_count: u32,
    /// When the house was made.
    created_at: Timestamp,
    /// When this version was made.
    updated_at: Timestamp,
}

/// A version of a house with its plan, as it is sent. What is empty is left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrawnHouse {
    #[serde(flatten)]
    house: ManagedHouse,
    #[serde(flatten)]
    #[schema(value_type = LayoutSchema)]
    plan: LayoutPlan,
}

/// Which version of a house to read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionQuery {
    /// The newest if absent.
    #[param(minimum = 1)]
    version: Option<u32>,
}

type VersionedHouse = Versioned<axum::Json<ManagedHouse>>;

/// Add a house to one's library: a seat plan of at most 100,000 places.
///
/// The body may be larger than others: up to 4 MiB.
#[utoipa::path(
    post, path = "/v1/manage/houses", tag = "manage-shows", security(("access_token" = [])), request_body = HouseSchema,
    responses(
        (status = 201, body = ManagedHouse, headers(
            ("ETag" = String, description = "Its version"),
            ("Location" = String, description = "Its path"),
        )),
        (status = 403, description = "`forbidden`"),
    )
)]
pub(crate) async fn create_house(
    manager: Manager,
    State(houses): State<Arc<dyn Houses>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    LargeJson(plan, _place): LargeJson<HousePlan, PLAN_BODY_MAX>,
) -> Result<(StatusCode, [(header::HeaderName, String); 1], VersionedHouse), Problem> {
    let drawing = read(plan)?;
    let (house_id, layout_id) = (HouseId(ids.uuid()), LayoutId(ids.uuid()));
    let house = House::first(house_id, manager.user(), layout_id, &drawing, clock.now());
    houses.create_house(&house, drawing.layout.plan()).await?;
    let location = [(header::LOCATION, format!("/v1/manage/houses/{house_id}"))];
    Ok((StatusCode::CREATED, location, versioned(house)))
}

/// List the houses of one's library in their newest versions, the newest house first.
#[utoipa::path(
    get, path = "/v1/manage/houses", tag = "manage-shows", security(("access_token" = [])), params(PageQuery),
    responses((status = 200, body = Page<ManagedHouse>), (status = 403, description = "`forbidden`"))
)]
pub(crate) async fn own_houses(
    manager: Manager,
    State(houses): State<Arc<dyn Houses>>,
    page: PageAfter<HouseId>,
) -> Result<axum::Json<Page<ManagedHouse>>, Problem> {
    let (found, more) = houses.houses_of(manager.user(), page.limit, page.after).await?;
    let next = found.last().filter(|_| more).map(|last| last.house_id);
    Ok(axum::Json(Page::new(found.into_iter().map(ManagedHouse::from).collect(), next)))
}

/// Read a house with its plan. A version never changes.
#[utoipa::path(
    get, path = "/v1/manage/houses/{house_id}", tag = "manage-shows", security(("access_token" = [])),
    params(("house_id" = Uuid, Path), VersionQuery),
    responses(
        (status = 200, body = DrawnHouse, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`: no such house in one's library, or no such version"),
    )
)]
pub(crate) async fn managed_house(
    manager: Manager,
    Path(house): Path<HouseId>,
    State(houses): State<Arc<dyn Houses>>,
    State(programme): State<Arc<dyn Programme>>,
    Query(VersionQuery { version }): Query<VersionQuery>,
) -> Result<Versioned<axum::Json<DrawnHouse>>, Problem> {
    let newest = own_house(manager, house, &*houses).await?;
    let house = version_of_house(newest, version, &*houses).await?.ok_or(Code::NotFound)?;
    // A version and its layout are written together.
    let plan = programme.layout(house.layout_id).await?.ok_or(Code::Internal)?;
    let etag = house.version.to_string();
    Ok(Versioned(etag, axum::Json(DrawnHouse { house: house.into(), plan })))
}

/// Draw a house anew. That makes a new version; performances keep the one that they were made with.
///
/// With `If-Match`, only the version that it names is drawn anew. The same plan and name again change nothing, whatever the
/// version. The body may be larger than others: up to 4 MiB.
#[utoipa::path(
    put, path = "/v1/manage/houses/{house_id}", tag = "manage-shows", security(("access_token" = [])),
    params(
        ("house_id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what was read"),
    ),
    request_body = HouseSchema,
    responses(
        (status = 200, body = ManagedHouse, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 412, description = "`changed_meanwhile`"),
    )
)]
pub(crate) async fn update_house(
    manager: Manager,
    Path(house_id): Path<HouseId>,
    State(houses): State<Arc<dyn Houses>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    if_match: IfMatch,
    LargeJson(plan, _place): LargeJson<HousePlan, PLAN_BODY_MAX>,
) -> Result<VersionedHouse, Problem> {
    let mut house = own_house(manager, house_id, &*houses).await?;
    let drawing = read(plan)?;
    for _ in 0..TRIES {
        // A repeat of a change whose answer was lost names the version before that change.
        if house.is(&drawing) {
            return Ok(versioned(house));
        }
        if_match.check(&house.version.to_string())?;
        let next = house.next(LayoutId(ids.uuid()), &drawing, clock.now());
        let next = next.map_err(|why| Problem::field("", why.to_string()))?;
        match houses.add_version(&next, drawing.layout.plan()).await {
            Ok(()) => return Ok(versioned(next)),
            Err(ReplaceError::Changed) => house = own_house(manager, house_id, &*houses).await?,
            Err(ReplaceError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Problem::new(Code::Busy).detail("Other requests are changing this house at the same time"))
}

/// The newest version of a house in the library of this account. That others have houses is theirs alone to know.
async fn own_house(manager: Manager, house: HouseId, houses: &dyn Houses) -> Result<House, Problem> {
    let found = houses.house(house).await?;
    found.filter(|found| manager.check_owns(found.organizer_id).is_ok()).ok_or_else(|| Code::NotFound.into())
}

/// A version of a house, given the newest; the newest if none is named.
async fn version_of_house(
    newest: House,
    version: Option<u32>,
    houses: &dyn Houses,
) -> Result<Option<House>, Problem> {
    match version {
        Some(version) if version != newest.version => {
            Ok(houses.house_version(HouseVersion { house_id: newest.house_id, version }).await?)
        }
        _ => Ok(Some(newest)),
    }
}

/// The version of one's own house that a performance is to have.
pub(crate) async fn chosen(
    manager: Manager,
    house: HouseId,
    version: Option<u32>,
    houses: &dyn Houses,
) -> Result<House, Problem> {
    let newest = own_house(manager, house, houses).await.map_err(|problem| match problem.code() {
        Code::NotFound => Problem::field("house.house_id", "must be a house of your library"),
        _ => problem,
    })?;
    let found = version_of_house(newest, version, houses).await?;
    found.ok_or_else(|| Problem::field("house.version", "must be one of its versions"))
}

fn read(plan: HousePlan) -> Result<HouseDrawing, Problem> {
    let (name, plan) = plan.split();
    let mut check = Check::new();
    let name = check.field("name", house_name(&name));
    let drawn = Layout::draw(plan).and_then(|layout| {
        check_size(&layout)?;
        Ok::<_, Invalid>(layout)
    });
    match (name, check.field("", drawn)) {
        (Some(name), Some(layout)) => {
            let digest = version_of(&(&name, layout.plan()));
            Ok(HouseDrawing { name, layout, digest })
        }
        _ => Err(check.into()),
    }
}

fn versioned(house: House) -> VersionedHouse {
    Versioned(house.version.to_string(), axum::Json(house.into()))
}

impl From<House> for ManagedHouse {
    fn from(house: House) -> Self {
        Self {
            house_id: house.house_id.0,
            name: house.name,
            version: house.version,
            layout_id: house.layout_id.0,
            seat_count: house.seat_count,
            for_sale_count: house.for_sale_count,
            section_count: house.section_count,
            created_at: house.created_at,
            updated_at: house.updated_at,
        }
    }
}
