//! Authority as argument types: a handler that takes one cannot run without it.

use super::problem::{Code, Problem};
use crate::{
    app::App,
    ports::AdmittedAs,
    services::tokens::{Access, Admission, Claims as _, QueueTicket},
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use domain::{PerformanceId, UserId, performance::Performance, queue::Standing, sale::SaleMode, user::Role};
use jiff::Timestamp;

/// A caller with an account.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn(pub UserId);

/// A caller who creates and manages shows.
#[derive(Debug, Clone, Copy)]
pub struct Manager {
    user: UserId,
    role: Role,
}

/// A caller with a queue number.
#[derive(Debug, Clone)]
pub struct Ticketed(pub QueueTicket);

/// What the caller's queue ticket proves, if it sent one.
#[derive(Debug, Clone)]
pub struct MaybeTicketed(Option<QueueTicket>);

/// The caller's admission from the waiting room, if it sent one. Whether it is needed depends on the performance.
#[derive(Debug, Clone)]
pub struct MaybeAdmitted(Option<Admission>);

/// A caller who was admitted by the waiting room.
#[derive(Debug, Clone)]
pub struct Inside(pub Admission);

impl Manager {
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }

    /// Refuses every organizer but the show's own; an admin may pass.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn check_owns(self, organizer: UserId) -> Result<(), Problem> {
        if self.user == organizer || self.role == Role::Admin { Ok(()) } else { Err(Code::Forbidden.into()) }
    }
}

impl MaybeAdmitted {
    /// Lets a buyer pass who needs no admission or has one for this performance. The step that follows checks that the
    /// admission was not given back in the meantime.
    ///
    /// # Errors
    /// `not_admitted`.
    pub fn check(&self, user: UserId, performance: &Performance) -> Result<AdmittedAs, Problem> {
        let admitted = self.0.as_ref().is_some_and(|admission| {
            admission.sub == user && admission.performance == performance.performance_id
        });
        match performance.sale.mode {
            SaleMode::Open => Ok(AdmittedAs::Anyone),
            SaleMode::Queue if !admitted => Err(Code::NotAdmitted.into()),
            SaleMode::Queue if performance.sale.lets_bypass(user) => Ok(AdmittedAs::Staff),
            SaleMode::Queue => Ok(AdmittedAs::Counted),
        }
    }
}

impl MaybeAdmitted {
    /// Lets a caller read the map who needs no admission, or who brings any buyer's for this performance. Returns when
    /// this right ends, if it does.
    ///
    /// # Errors
    /// `not_admitted`.
    pub fn check_looking(&self, performance: &Performance) -> Result<Option<Timestamp>, Problem> {
        if performance.sale.mode == SaleMode::Open {
            return Ok(None);
        }
        let admission =
            self.0.as_ref().filter(|admission| admission.performance == performance.performance_id);
        let ends_at_s = admission.ok_or(Code::NotAdmitted)?.exp;
        Timestamp::from_second(ends_at_s).map(Some).map_err(|_| Code::NotAdmitted.into())
    }
}

impl Ticketed {
    /// Accepts only a ticket for this performance.
    ///
    /// # Errors
    /// `bad_queue_ticket`.
    pub fn check(&self, performance: PerformanceId) -> Result<&QueueTicket, Problem> {
        if self.0.performance == performance { Ok(&self.0) } else { Err(Code::BadQueueTicket.into()) }
    }
}

impl MaybeTicketed {
    /// Whether the ticket is for this user and performance.
    #[must_use]
    pub fn is_for(&self, user: UserId, performance: PerformanceId) -> bool {
        self.ticket(user, performance).is_some()
    }

    /// What the ticket proves that this user has for this performance.
    #[must_use]
    pub fn standing(&self, user: UserId, performance: PerformanceId) -> Option<Standing> {
        self.ticket(user, performance).and_then(QueueTicket::standing)
    }

    fn ticket(&self, user: UserId, performance: PerformanceId) -> Option<&QueueTicket> {
        self.0.as_ref().filter(|ticket| ticket.sub == user && ticket.performance == performance)
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        access(parts, app).map(|access| Self(access.sub))
    }
}

impl FromRequestParts<App> for Manager {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Access { sub, role, .. } = access(parts, app)?;
        if role.manages() { Ok(Self { user: sub, role }) } else { Err(Code::Forbidden.into()) }
    }
}

impl FromRequestParts<App> for Ticketed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        queue_ticket(parts, app).map(Self).ok_or_else(|| Code::BadQueueTicket.into())
    }
}

impl FromRequestParts<App> for MaybeTicketed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(queue_ticket(parts, app)))
    }
}

impl FromRequestParts<App> for MaybeAdmitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = text(parts, "admission-token");
        Ok(Self(token.and_then(|token| app.tokens.admission(token, app.clock.now()))))
    }
}

impl FromRequestParts<App> for Inside {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = text(parts, "admission-token").ok_or(Code::Unauthenticated)?;
        let now = app.clock.now();
        let admission = app.tokens.signed_admission(token, now).ok_or(Code::Unauthenticated)?;
        if admission.is_good(now) { Ok(Self(admission)) } else { Err(Code::SessionOver.into()) }
    }
}

fn access(parts: &Parts, app: &App) -> Result<Access, Problem> {
    let token = text(parts, header::AUTHORIZATION.as_str()).and_then(bearer);
    let access = token.and_then(|token| app.tokens.access(token, app.clock.now()));
    access.ok_or_else(|| Code::Unauthenticated.into())
}

fn queue_ticket(parts: &Parts, app: &App) -> Option<QueueTicket> {
    app.tokens.queue_ticket(text(parts, "queue-ticket")?, app.clock.now())
}

/// The case of the scheme does not matter (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn text<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}
