//! `session`: refresh tokens, log out, say who somebody is, and publish the keys that verify.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use shared::{
    http::{Code, Function, Problem, Router, auth::SignedIn, json::Json},
    ports::{Clock, Ids, RotateError, Sessions, Users},
    refresh::{RefreshToken, SESSION_TTL, token_pair},
    tokens::Tokens,
    wire::{TokenPair, UserView},
};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// What this function needs.
pub const FUNCTION: Function = Function::new("session").signs().verifies();

/// Its routes.
pub fn routes() -> Router {
    Router::new().routes(routes!(refresh, log_out)).routes(routes!(me)).routes(routes!(jwks))
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
struct Refresh {
    /// As it was answered.
    refresh_token: String,
}

/// Exchange a refresh token for new tokens.
///
/// Each is good once: one that comes back ends its whole family, because somebody else must have it.
#[utoipa::path(
    post, path = "/v1/tokens", tag = "session", request_body = Refresh,
    responses((status = 200, body = TokenPair), (status = 401, description = "`token_reused` or `unauthenticated`"))
)]
async fn refresh(
    State(sessions): State<Arc<dyn Sessions>>,
    State(users): State<Arc<dyn Users>>,
    State(tokens): State<Arc<Tokens>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    Json(body): Json<Refresh>,
) -> Result<axum::Json<TokenPair>, Problem> {
    let old = RefreshToken::parse(&body.refresh_token).ok_or(Code::Unauthenticated)?;
    let new = RefreshToken::new(old.session, ids.secret());
    let now = clock.now();
    let rotated = sessions.rotate(old.session, &old.hash(), &new.hash(), now, now + SESSION_TTL).await;
    let user = users.find(rotated.map_err(refusal)?).await?.ok_or(Code::Unauthenticated)?;
    token_pair(&tokens, user.user_id, user.role, &new, now).map(axum::Json)
}

/// Log out: end the token's family. An unknown token has nothing to end.
#[utoipa::path(
    delete, path = "/v1/tokens", tag = "session", request_body = Refresh,
    responses((status = 204, description = "Logged out"))
)]
async fn log_out(
    State(sessions): State<Arc<dyn Sessions>>,
    Json(body): Json<Refresh>,
) -> Result<StatusCode, Problem> {
    if let Some(token) = RefreshToken::parse(&body.refresh_token) {
        sessions.revoke(token.session).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The account that the access token belongs to.
#[utoipa::path(
    get, path = "/v1/me", tag = "session", security(("access_token" = [])),
    responses((status = 200, body = UserView))
)]
async fn me(
    SignedIn(user): SignedIn,
    State(users): State<Arc<dyn Users>>,
) -> Result<axum::Json<UserView>, Problem> {
    let user = users.find(user).await?.ok_or(Code::Unauthenticated)?;
    Ok(axum::Json(user.into()))
}

/// The public keys that verify our tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "session",
    responses((status = 200, description = "A JSON Web Key Set", content_type = "application/json"))
)]
async fn jwks(State(tokens): State<Arc<Tokens>>) -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, tokens.jwks().to_owned())
}

fn refusal(error: RotateError) -> Problem {
    match error {
        RotateError::Reused => Code::TokenReused.into(),
        RotateError::Unknown => Code::Unauthenticated.into(),
        RotateError::Store(error) => error.into(),
    }
}
