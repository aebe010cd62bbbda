//! Authority as argument types: a handler that takes one cannot be reached without it.

use super::problem::{Code, Problem};
use crate::{
    ports::Clock,
    tokens::{Access, Admission, Claims as _, QueueTicket, Tokens},
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use domain::{PerformanceId, UserId, performance::Performance, sale::SaleMode, user::Role};
use std::sync::Arc;

/// Somebody with an account.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn(pub UserId);

/// Somebody who makes and manages shows.
#[derive(Debug, Clone, Copy)]
pub struct Manager {
    user: UserId,
    role: Role,
}

/// Somebody who holds a number.
#[derive(Debug, Clone)]
pub struct Ticketed(pub QueueTicket);

/// What the waiting room gave, if anything: whether it is needed depends on the performance.
#[derive(Debug, Clone)]
pub struct MaybeAdmitted(Option<Admission>);

/// Somebody who is inside.
#[derive(Debug, Clone)]
pub struct Inside(pub Admission);

impl Manager {
    /// Who.
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }

    /// Only the show's own organizer, or an admin.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn check_owns(self, organizer: UserId) -> Result<(), Problem> {
        if self.user == organizer || self.role == Role::Admin { Ok(()) } else { Err(Code::Forbidden.into()) }
    }
}

impl MaybeAdmitted {
    /// Let pass whoever needs no admission, or has one for this performance.
    ///
    /// # Errors
    /// `not_admitted`.
    pub fn check(&self, user: UserId, performance: &Performance) -> Result<(), Problem> {
        let admitted = self.0.as_ref().is_some_and(|admission| {
            admission.sub == user && admission.performance == performance.performance_id
        });
        if performance.sale.mode == SaleMode::Open || admitted {
            Ok(())
        } else {
            Err(Code::NotAdmitted.into())
        }
    }
}

impl Ticketed {
    /// Only a ticket for this performance.
    ///
    /// # Errors
    /// `bad_queue_ticket`.
    pub fn check(&self, performance: PerformanceId) -> Result<&QueueTicket, Problem> {
        if self.0.performance == performance { Ok(&self.0) } else { Err(Code::BadQueueTicket.into()) }
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        access(parts, state).map(|access| Self(access.sub))
    }
}

impl<S> FromRequestParts<S> for Manager
where
    S: Send + Sync,
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Access { sub, role, .. } = access(parts, state)?;
        if role.manages() { Ok(Self { user: sub, role }) } else { Err(Code::Forbidden.into()) }
    }
}

impl<S> FromRequestParts<S> for Ticketed
where
    S: Send + Sync,
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        queue_ticket(&parts.headers, state).map(Self).ok_or_else(|| Code::BadQueueTicket.into())
    }
}

/// The queue ticket of a request, if it has a good one.
pub fn queue_ticket<S>(headers: &HeaderMap, state: &S) -> Option<QueueTicket>
where
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    let now = Arc::<dyn Clock>::from_ref(state).now();
    Arc::<Tokens>::from_ref(state).queue_ticket(text(headers, "queue-ticket")?, now)
}

impl<S> FromRequestParts<S> for MaybeAdmitted
where
    S: Send + Sync,
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(admission(&parts.headers, state)))
    }
}

impl<S> FromRequestParts<S> for Inside
where
    S: Send + Sync,
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let (tokens, clock) = (Arc::<Tokens>::from_ref(state), Arc::<dyn Clock>::from_ref(state));
        let token = text(&parts.headers, "admission-token").ok_or(Code::Unauthenticated)?;
        let admission = tokens.signed_admission(token).ok_or(Code::Unauthenticated)?;
        if admission.is_good(clock.now()) { Ok(Self(admission)) } else { Err(Code::SessionOver.into()) }
    }
}

fn admission<S>(headers: &HeaderMap, state: &S) -> Option<Admission>
where
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    let now = Arc::<dyn Clock>::from_ref(state).now();
    Arc::<Tokens>::from_ref(state).admission(text(headers, "admission-token")?, now)
}

fn access<S>(parts: &Parts, state: &S) -> Result<Access, Problem>
where
    Arc<Tokens>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
{
    let now = Arc::<dyn Clock>::from_ref(state).now();
    let token = text(&parts.headers, header::AUTHORIZATION.as_str()).and_then(bearer);
    let access = token.and_then(|token| Arc::<Tokens>::from_ref(state).access(token, now));
    access.ok_or_else(|| Code::Unauthenticated.into())
}

/// The scheme's case does not matter (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
