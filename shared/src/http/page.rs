//! Lists: `?limit=1..100&cursor=` in, `{items, next_cursor}` out. Also query strings in general.

#![warn(missing_docs)]

use super::{problem::Problem, words};
use axum::{
    extract::{FromRequestParts, rejection::QueryRejection},
    http::{Uri, request::Parts},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{error::Error as _, fmt::Display, str::FromStr};
use utoipa::{IntoParams, ToSchema};

/// The most items of a page.
pub const LIMIT_MAX: u32 = 100;
const LIMIT_DEFAULT: u32 = 20;
/// The longest cursor, in bytes.
pub const CURSOR_MAX: usize = 512;

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

/// The page that a query string asks for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The most items to return; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the previous page.
    #[param(max_length = 512)]
    cursor: Option<String>,
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

    /// The place after which the page begins; `None` for the first page. Only this parses a cursor.
    pub fn after<C: FromStr>(&self) -> Result<Option<C>, Problem> {
        let read = |cursor: &str| Some(cursor).filter(|cursor| cursor.len() <= CURSOR_MAX)?.parse().ok();
        self.cursor.as_deref().map(|cursor| read(cursor).ok_or_else(wrong_cursor)).transpose()
    }
}

/// The problem of a cursor that this list never gave.
#[must_use]
pub fn wrong_cursor() -> Problem {
    Problem::field("cursor", "must be the next_cursor of a page of this list")
}

/// A page of a list: so many items after a place in it. The place's text is the cursor, which is opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageAfter<C> {
    /// The most items.
    pub limit: usize,
    /// The place to begin after; `None` is the beginning of the list.
    pub after: Option<C>,
}

impl<S: Send + Sync, C: FromStr> FromRequestParts<S> for PageAfter<C> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let page: PageQuery = query(&parts.uri)?;
        Ok(Self { limit: page.limit()?, after: page.after()? })
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

impl<T> Page<T> {
    /// A page, and the place of its last item unless it is the last page.
    #[must_use]
    pub fn new(items: Vec<T>, next: Option<impl Display>) -> Self {
        Self { items, next_cursor: next.map(|place| place.to_string()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::BookingId;

    fn after<C: FromStr>(cursor: &str) -> Result<Option<C>, Problem> {
        PageQuery { limit: None, cursor: Some(cursor.to_owned()) }.after()
    }

    #[test]
    fn a_cursor_is_the_text_of_a_place_and_nothing_else_is() {
        let last: BookingId = "0199c3a0-0000-7000-8000-000000000001".parse().expect("an id");
        let page = Page::new(vec![()], Some(last));
        assert_eq!(after(page.next_cursor.as_deref().expect("more")).expect("its own"), Some(last));
        assert!(after::<BookingId>("no cursor").is_err() && after::<BookingId>("").is_err());
        let long = "x".repeat(CURSOR_MAX);
        assert_eq!(after(&long).expect("any text"), Some(long.clone()));
        assert!(after::<String>(&format!("{long}x")).is_err(), "longer than any that was given");
    }
}
