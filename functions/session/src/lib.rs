//! `session`: refresh tokens, log out, tell an account who it is, and publish the keys that verify tokens.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::Deserialize;
use shared::{
    http::{
        Code, Function, Problem, Router,
        auth::SignedIn,
        json::Json,
        routes,
        wire::{TokenPair, UserView},
    },
    ports::{Clock, Family, FamilyKey, Ids, RotateError, Rotation, Sessions, StoreError, Users},
    services::{
        refresh_tokens::{REPEATABLE, RefreshToken, SESSION_TTL},
        tokens::Tokens,
    },
};
use std::sync::Arc;
use utoipa::ToSchema;

/// A request reads a few items of DynamoDB at most, and writes one at most.
pub const FUNCTION: Function =
    Function::new("session").signs().verifies().instances_max(8).replicas(2, 6).at_once_max(50);

pub fn routes() -> Router {
    Router::new().routes(routes!(refresh, log_out)).routes(routes!(me)).routes(routes!(jwks))
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
struct Refresh {
    /// The token as it was issued.
    refresh_token: String,
}

/// Exchange a refresh token for new tokens.
///
/// For 30 seconds a token may be exchanged again and yields the same successor: the answer may have been lost, or another
/// tab may have been just as fast. A token that comes back later ends its whole family, because it must have been copied.
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
    let now = clock.now();
    let family = family_of(&old, &*sessions, &*ids, now).await?.ok_or(Code::Unauthenticated)?;
    // Everything that can fail comes first: once the token is replaced, its owner has only the answer.
    let user = users.find(family.user).await?.ok_or(Code::Unauthenticated)?;
    let new = old.next(&family.key);
    let pair = TokenPair::new(&tokens, user.user_id, user.role, &new, now)?;
    let rotation = Rotation {
        session: old.session,
        old_hash: old.hash(),
        new_hash: new.hash(),
        now,
        repeatable_since: now - REPEATABLE,
        expires_at: now + SESSION_TTL,
    };
    sessions.rotate(&rotation).await.map_err(refusal)?;
    Ok(axum::Json(pair))
}

/// Log out: end the token's family. A token that was never issued has nothing to end.
#[utoipa::path(
    delete, path = "/v1/tokens", tag = "session", request_body = Refresh,
    responses((status = 204, description = "Logged out"))
)]
async fn log_out(
    State(sessions): State<Arc<dyn Sessions>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    Json(body): Json<Refresh>,
) -> Result<StatusCode, Problem> {
    if let Some(token) = RefreshToken::parse(&body.refresh_token)
        && family_of(&token, &*sessions, &*ids, clock.now()).await?.is_some()
    {
        sessions.revoke(token.session).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the family that a token was issued to. Knowing a family's id proves nothing.
async fn family_of(
    token: &RefreshToken,
    sessions: &dyn Sessions,
    ids: &dyn Ids,
    now: Timestamp,
) -> Result<Option<Family>, StoreError> {
    let family = sessions.find(token.session, FamilyKey(ids.secret()), now).await?;
    Ok(family.filter(|family| token.is_of(family)))
}

/// Read the account that the access token belongs to.
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

/// Read the public keys that verify our tokens (RFC 7517).
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
