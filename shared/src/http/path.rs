//! Path parameters. A parameter that cannot be parsed names nothing, so the answer is 404.

use super::problem::{Code, Problem};
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use std::str::FromStr;

/// The only parameter of a path.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Code::NotFound)?;
        let value = params.iter().next().and_then(|(_, raw)| raw.parse().ok());
        value.map(Self).ok_or_else(|| Code::NotFound.into())
    }
}
