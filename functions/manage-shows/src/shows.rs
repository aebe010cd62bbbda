//! Shows: what is written about them, and what their seats cost.

use axum::{extract::State, http::StatusCode};
use domain::{
    Invalid, ShowId,
    money::Currency,
    show::{Grade, Show, ShowDetails},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Code, Problem,
        auth::Manager,
        etag::{IfMatch, Versioned},
        json::Json,
        page::{PageAfter, PageQuery},
        path::Path,
        validation::Check,
    },
    ports::{Clock, Ids, Programme, ReplaceError},
};
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;
use uuid::Uuid;

/// How often to retry a change that another request overtook.
pub(crate) const TRIES: usize = 5;

/// What an organizer writes about a show.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewShow)]
pub(crate) struct ShowForm {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// A word for filtering, such as `concert`.
    #[schema(min_length = 1, max_length = 40)]
    genre: String,
    #[schema(min_length = 1, max_length = 200)]
    venue: String,
    #[serde(default)]
    #[schema(max_length = 10_000)]
    description: String,
    /// The minimum age in years; 0 if there is none.
    #[serde(default)]
    #[schema(maximum = 120)]
    age_limit: u32,
    /// The running time in minutes.
    #[serde(default)]
    #[schema(maximum = 10_000)]
    runtime_min: u32,
    /// A path on this site, or an https address.
    #[schema(max_length = 2_000)]
    poster_url: Option<String>,
    #[schema(min_items = 1, max_items = 20)]
    grades: Vec<GradeForm>,
    /// An ISO 4217 code.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
    /// The most seats of one buyer for one performance, holds and live bookings together.
    #[schema(minimum = 1, maximum = 20)]
    max_seats_per_user: u32,
}

/// A kind of seat and its price.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Grade)]
pub(crate) struct GradeForm {
    #[schema(min_length = 1, max_length = 20)]
    grade: String,
    /// The price in minor units; 0 is free.
    #[schema(maximum = 1_000_000_000)]
    price: u64,
}

/// A show as its organizer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedShow {
    show_id: Uuid,
    organizer_id: Uuid,
    title: String,
    genre: String,
    venue: String,
    description: String,
    age_limit: u32,
    runtime_min: u32,
    poster_url: Option<String>,
    grades: Vec<GradeForm>,
    #[schema(value_type = String)]
    currency: Currency,
    max_seats_per_user: u32,
    /// The performances, published or not, in order of time.
    performances: Vec<ManagedSummary>,
    created_at: Timestamp,
    /// The version, which grows with every change of what is shown here. `ETag` carries the same.
    version: u64,
}

/// A show with its version.
pub(crate) type VersionedShow = Versioned<axum::Json<ManagedShow>>;

/// A performance as its organizer sees it in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ManagedSummary {
    performance_id: Uuid,
    starts_at: Timestamp,
    opens_at: Timestamp,
    /// When the sale ends.
    closes_at: Timestamp,
    seat_count: u32,
    published: bool,
}

/// One page of one's own shows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedShows {
    items: Vec<ManagedShow>,
    /// The cursor of the next page; null on the last.
    next_cursor: Option<String>,
}

/// Create a show. Buyers see it once one of its performances is published.
#[utoipa::path(
    post, path = "/v1/manage/shows", tag = "manage-shows", security(("access_token" = [])), request_body = ShowForm,
    responses(
        (status = 201, body = ManagedShow, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
    )
)]
pub(crate) async fn create_show(
    manager: Manager,
    State(programme): State<Arc<dyn Programme>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    Json(form): Json<ShowForm>,
) -> Result<(StatusCode, VersionedShow), Problem> {
    let show = Show {
        show_id: ShowId(ids.uuid()),
        organizer_id: manager.user(),
        details: form.parse()?,
        performances: BTreeMap::new(),
        created_at: clock.now(),
        version: 0,
    };
    programme.create_show(&show).await?;
    Ok((StatusCode::CREATED, versioned(show)))
}

/// List one's own shows, published or not, newest first.
#[utoipa::path(
    get, path = "/v1/manage/shows", tag = "manage-shows", security(("access_token" = [])), params(PageQuery),
    responses((status = 200, body = ManagedShows), (status = 403, description = "`forbidden`"))
)]
pub(crate) async fn own_shows(
    manager: Manager,
    State(programme): State<Arc<dyn Programme>>,
    page: PageAfter<ShowId>,
) -> Result<axum::Json<ManagedShows>, Problem> {
    let (shows, more) = programme.shows_of(manager.user(), page.limit, page.after).await?;
    let next_cursor = shows.last().filter(|_| more).map(|last| last.show_id.to_string());
    Ok(axum::Json(ManagedShows { items: shows.into_iter().map(ManagedShow::from).collect(), next_cursor }))
}

/// Read one of one's own shows.
#[utoipa::path(
    get, path = "/v1/manage/shows/{show_id}", tag = "manage-shows", security(("access_token" = [])),
    params(("show_id" = Uuid, Path)),
    responses(
        (status = 200, body = ManagedShow, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    )
)]
pub(crate) async fn managed_show(
    manager: Manager,
    Path(show): Path<ShowId>,
    State(programme): State<Arc<dyn Programme>>,
) -> Result<VersionedShow, Problem> {
    own_show(manager, show, &*programme).await.map(versioned)
}

/// Replace what is written about a show.
///
/// Once a performance is published, buyers have been promised its prices: grades, currency and seats per buyer stay. With
/// `If-Match`, only the version that it names is replaced. The same text again changes nothing, whatever the version.
#[utoipa::path(
    put, path = "/v1/manage/shows/{show_id}", tag = "manage-shows", security(("access_token" = [])),
    params(
        ("show_id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what was read"),
    ),
    request_body = ShowForm,
    responses(
        (status = 200, body = ManagedShow, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 412, description = "`changed_meanwhile`"),
    )
)]
pub(crate) async fn update_show(
    manager: Manager,
    Path(show_id): Path<ShowId>,
    State(programme): State<Arc<dyn Programme>>,
    if_match: IfMatch,
    Json(form): Json<ShowForm>,
) -> Result<VersionedShow, Problem> {
    let mut show = own_show(manager, show_id, &*programme).await?;
    let details = form.parse()?;
    for _ in 0..TRIES {
        // A repeat of a change whose answer was lost names the version before that change.
        if show.details == details {
            return Ok(versioned(show));
        }
        if_match.check(&show.version.to_string())?;
        show.check_promises(&details).map_err(|wrong| wrong_fields(Check::new(), wrong))?;
        match programme.update_show(&show, &details).await {
            Ok(version) => return Ok(versioned(Show { details, version, ..show })),
            Err(ReplaceError::Changed) => show = own_show(manager, show_id, &*programme).await?,
            Err(ReplaceError::Store(error)) => return Err(error.into()),
        }
    }
    Err(overtaken())
}

/// Returns a show that this account may manage.
pub(crate) async fn own_show(
    manager: Manager,
    show: ShowId,
    programme: &dyn Programme,
) -> Result<Show, Problem> {
    let show = programme.show(show).await?.ok_or(Code::NotFound)?;
    manager.check_owns(show.organizer_id)?;
    Ok(show)
}

/// The answer when other requests were faster each time.
pub(crate) fn overtaken() -> Problem {
    Problem::new(Code::Busy).detail("Other requests are changing this show at the same time")
}

fn versioned(show: Show) -> VersionedShow {
    Versioned(show.version.to_string(), axum::Json(show.into()))
}

impl ShowForm {
    fn parse(self) -> Result<ShowDetails, Problem> {
        let mut check = Check::new();
        let currency = check.field("currency", Currency::parse(&self.currency));
        let details = ShowDetails {
            title: self.title,
            genre: self.genre,
            venue: self.venue,
            description: self.description,
            age_limit: self.age_limit,
            runtime_min: self.runtime_min,
            poster_url: self.poster_url,
            grades: self
                .grades
                .into_iter()
                .map(|form| Grade { grade: form.grade, price: form.price })
                .collect(),
            currency: currency.clone().unwrap_or_default(),
            max_seats_per_user: self.max_seats_per_user,
        };
        match (details.check(), currency) {
            (Ok(details), Some(_)) => Ok(details),
            (Ok(_), None) => Err(check.into()),
            (Err(wrong), _) => Err(wrong_fields(check, wrong)),
        }
    }
}

/// All errors, under the names of the form's fields.
pub(crate) fn wrong_fields(mut check: Check, wrong: Vec<(&'static str, Invalid)>) -> Problem {
    for (field, why) in wrong {
        check.wrong(field, why.to_string());
    }
    check.into()
}

impl From<Show> for ManagedShow {
    fn from(show: Show) -> Self {
        let mut performances: Vec<_> = show
            .performances
            .iter()
            .map(|(id, summary)| {
                let starts_at = summary.starts_at;
                ManagedSummary {
                    performance_id: id.0,
                    starts_at,
                    opens_at: summary.sale.opens_at,
                    closes_at: summary.sale.ends_at(starts_at),
                    seat_count: summary.seat_count,
                    published: summary.published,
                }
            })
            .collect();
        performances.sort_by_key(|performance| (performance.starts_at, performance.performance_id));
        let details = show.details;
        let grades =
            details.grades.into_iter().map(|grade| GradeForm { grade: grade.grade, price: grade.price });
        Self {
            show_id: show.show_id.0,
            organizer_id: show.organizer_id.0,
            title: details.title,
            genre: details.genre,
            venue: details.venue,
            description: details.description,
            age_limit: details.age_limit,
            runtime_min: details.runtime_min,
            poster_url: details.poster_url,
            grades: grades.collect(),
            currency: details.currency,
            max_seats_per_user: details.max_seats_per_user,
            performances,
            created_at: show.created_at,
            version: show.version,
        }
    }
}
