//! Lists: `?limit=1..100&cursor=` in, `{items, next_cursor}` out. Also query strings in general.

#![warn(missing_docs)]

use super::{problem::Problem, words};
use axum::{
    extract::{FromRequestParts, rejection::QueryRejection},
    http::{Uri, request::Parts},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::error::Error as _;
use utoipa::{IntoParams, ToSchema};

/// The most items of a page.
pub const LIMIT_MAX: u32 = 100;
const LIMIT_DEFAULT: u32 = 20;

/// A parsed query string.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        query(&parts.uri).map(Self)
    }
}

/// Parses the query of a URI.
pub(super) fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    match axum::extract::Query::try_from_uri(uri) {
        Ok(axum::extract::Query(query)) => Ok(query),
        Err(rejection) => Err(wrong_parameter(&rejection)),
    }
}

/// Axum hides the parameter's name among the causes.
fn wrong_parameter(rejection: &QueryRejection) -> Problem {
    let mut cause = rejection.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<serde_path_to_error::Error<serde::de::value::Error>>() {
            return words::of_query(found);
        }
        cause = error.source();
    }
    Problem::field("", "must be a query string")
}

/// Which page of a list to return.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The most items to return; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the previous page.
    #[param(max_length = 512)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The number of items, checked against its bounds.
    pub fn limit(&self) -> Result<usize, Problem> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if (1..=LIMIT_MAX).contains(&limit) {
            Ok(limit as usize)
        } else {
            Err(Problem::field("limit", format!("must be 1 to {LIMIT_MAX}")))
        }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last.
    pub next_cursor: Option<String>,
}
