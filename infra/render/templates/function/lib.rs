//! `{{name}}`: answers with the time, as a start.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    http::{Function, Router, routes},
    ports::Clock,
};
use std::sync::Arc;
use utoipa::ToSchema;

/// A plain function without keys.
pub const FUNCTION: Function = Function::new("{{name}}").without_redis();

pub fn routes() -> Router {
    Router::new().routes(routes!({{handler}}))
}

/// What `{{name}}` answers.
#[derive(Debug, Serialize, ToSchema)]
struct {{type}} {
    /// The time of the answer.
    now: Timestamp,
}

/// Tell the time.
#[utoipa::path(
    get, path = "/v1/{{name}}", tag = "{{name}}",
    responses((status = 200, body = {{type}}))
)]
async fn {{handler}}(State(clock): State<Arc<dyn Clock>>) -> Json<{{type}}> {
    Json({{type}} { now: clock.now() })
}
