//! Publications: when buyers begin to see a performance, and how a mistake is taken back.

use crate::{
    performances::ManagedPerformance,
    shows::{TRIES, overtaken, own_show},
};
use axum::{extract::State, http::StatusCode};
use domain::{
    PerformanceId,
    layout::Layout,
    performance::{NoPrice, Performance},
    sale::SaleControl,
    withdrawal::Withdrawal,
};
use jiff::Timestamp;
use shared::{
    app::FromApp,
    config::Limits,
    http::{Code, Problem, auth::Manager, path::Path},
    ports::{Clock, Programme, Recovery, ReplaceError},
    services::catalog::Catalog,
};
use std::sync::Arc;

/// How many changes of a sale are read to find out since when it is closed.
const CHANGES_READ: usize = 100;

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
        draft.take_terms(&show.details, &layout).map_err(|why| no_price(&why, &layout, "layout"))?;
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

/// Take a publication back: buyers see the performance no more.
///
/// It can be published again, or removed. That is possible as long as no buyer has anything of it: until two minutes before
/// its sale or its gathering opens; and later if its sale was closed (`PATCH /v1/manage/sales/{performance_id}`) longer ago
/// than a hold lasts, and no seat was ever reserved. Withdrawing again changes nothing.
#[utoipa::path(
    post, path = "/v1/manage/performances/{performance_id}/withdraw", tag = "manage-shows",
    security(("access_token" = [])), params(("performance_id" = Uuid, Path)),
    responses(
        (status = 200, body = ManagedPerformance),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_withdrawable`"),
    )
)]
pub(crate) async fn withdraw(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(programme): State<Arc<dyn Programme>>,
    State(untouched): State<Untouched>,
    State(catalog): State<Arc<Catalog>>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<axum::Json<ManagedPerformance>, Problem> {
    for _ in 0..TRIES {
        let public = programme.performance(performance).await?.ok_or(Code::NotFound)?;
        manager.check_owns(public.organizer_id)?;
        if public.published_at.is_none() {
            return Ok(axum::Json(public.into()));
        }
        let show = own_show(manager, public.show_id, &*programme).await?;
        let now = clock.now();
        untouched.check(&public, now).await?;
        match programme.withdraw(&public, &show, now).await {
            Ok(()) => {
                catalog.forget(performance);
                return Ok(axum::Json(Performance { published_at: None, ..public }.into()));
            }
            Err(ReplaceError::Changed) => {}
            Err(ReplaceError::Store(error)) => return Err(error.into()),
        }
    }
    Err(overtaken())
}

/// Remove a performance that is not published.
#[utoipa::path(
    delete, path = "/v1/manage/performances/{performance_id}", tag = "manage-shows",
    security(("access_token" = [])), params(("performance_id" = Uuid, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_withdrawable`: it is published"),
    )
)]
pub(crate) async fn remove_performance(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(programme): State<Arc<dyn Programme>>,
    State(catalog): State<Arc<Catalog>>,
) -> Result<StatusCode, Problem> {
    for _ in 0..TRIES {
        let draft = programme.performance(performance).await?.ok_or(Code::NotFound)?;
        manager.check_owns(draft.organizer_id)?;
        if draft.published_at.is_some() {
            return Err(Problem::new(Code::NotWithdrawable).detail("It is published: withdraw it first"));
        }
        match programme.remove_performance(&draft).await {
            Ok(()) => {
                catalog.forget(performance);
                return Ok(StatusCode::NO_CONTENT);
            }
            Err(ReplaceError::Changed) => {}
            Err(ReplaceError::Store(error)) => return Err(error.into()),
        }
    }
    Err(overtaken())
}

/// Knows whether a buyer can have anything of a performance.
#[derive(Clone, FromApp)]
pub(crate) struct Untouched {
    programme: Arc<dyn Programme>,
    recovery: Arc<dyn Recovery>,
    limits: Limits,
}

impl Untouched {
    async fn check(&self, performance: &Performance, now: Timestamp) -> Result<(), Problem> {
        let closed_at = self.closed_at(performance).await?;
        match performance.withdrawal(closed_at, self.limits.hold_ttl_s, now) {
            Withdrawal::Allowed => Ok(()),
            Withdrawal::IfNothingWasReserved => {
                let seats = self.recovery.seats(performance.performance_id).await?;
                if seats.is_empty() { Ok(()) } else { Err(Code::NotWithdrawable.into()) }
            }
            Withdrawal::Refused => Err(Code::NotWithdrawable.into()),
        }
    }

    /// Since when the organizer has closed the sale, or a later time.
    async fn closed_at(&self, performance: &Performance) -> Result<Option<Timestamp>, Problem> {
        if performance.sale.control != SaleControl::Closed {
            return Ok(None);
        }
        let changes = self.programme.sale_changes(performance.performance_id, CHANGES_READ).await?;
        let closing = changes.iter().find(|change| change.after.state.is_some());
        Ok(closing.or(changes.last()).map(|change| change.at))
    }
}

/// The problem of a plan with a grade that its show has no price for: says where.
pub(crate) fn no_price(why: &NoPrice, layout: &Layout, field: &str) -> Problem {
    let place = layout.place_of_grade(&why.0);
    Problem::field(field, place.map_or_else(|| why.to_string(), |place| format!("{why}: {place}")))
}
