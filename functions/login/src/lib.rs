//! `login`: exchange an e-mail address and a password for tokens.

mod device;
mod guard;

use axum::extract::State;
use device::KnownDevice;
use domain::{
    id::SessionId,
    user::{Email, Password, Spellings, User},
};
use guard::{Caller, Guard};
use serde::{Deserialize, Serialize};
use shared::{
    http::{Code, Floor, Function, Problem, Router, json::Json, routes, validation::Check, wire::TokenPair},
    ports::{Clock, FamilyKey, Ids, NewSession, Sessions, StoreError, Users},
    services::{
        passwords::Passwords,
        refresh_tokens::{RefreshToken, SESSION_TTL},
        tokens::Tokens,
    },
};
use std::sync::Arc;
use utoipa::ToSchema;

/// Each log-in costs one password hash.
pub const FUNCTION: Function = Function::new("login")
    .signs()
    .verifies()
    .hashes_passwords()
    .instances_max(16)
    .replicas(2, 10)
    .at_once_max(60)
    // All buyers log in in the first minute.
    .on_sale(Floor::of(4).in_waves());

pub fn routes() -> Router {
    Router::new().routes(routes!(log_in))
}

/// The account to log in to.
#[derive(Debug, Deserialize, ToSchema)]
struct Credentials {
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(format = Password, max_length = 128)]
    password: String,
}

/// The tokens of a log-in, and the token of the device.
#[derive(Debug, Serialize, ToSchema)]
struct LoggedIn {
    #[serde(flatten)]
    tokens: TokenPair,
    /// Send this in the header `Device-Token` at the next log-in from this device, so that failures elsewhere don't stand
    /// in its way. It outlives the log-in session and grants nothing.
    device_token: String,
}

/// Log in.
///
/// An unknown address and a wrong password get the same answer after the same work. Failures are counted by account and
/// client address, and for all addresses together. With the `Device-Token` of an earlier log-in, they are counted by
/// device alone.
#[utoipa::path(
    post, path = "/v1/login", tag = "login", request_body = Credentials,
    params(("Device-Token" = Option<String>, Header, description = "`device_token` of an earlier log-in")),
    responses(
        (status = 200, body = LoggedIn),
        (status = 401, description = "`invalid_credentials`"),
        (status = 429, description = "`too_many_attempts`"),
        (status = 503, description = "`busy`, with `Retry-After`"),
    )
)]
async fn log_in(
    caller: Caller,
    State(guard): State<Guard>,
    State(users): State<Arc<dyn Users>>,
    State(passwords): State<Passwords>,
    State(sessions): State<Arc<dyn Sessions>>,
    State(tokens): State<Arc<Tokens>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    Json(credentials): Json<Credentials>,
) -> Result<axum::Json<LoggedIn>, Problem> {
    let mut check = Check::new();
    let spellings = check.field("email", Email::spellings(&credentials.email));
    let password = check.field("password", Password::attempt(&credentials.password));
    let (Some(spellings), Some(password)) = (spellings, password) else { return Err(check.into()) };

    let place = passwords.line_up()?;
    let (user, hash) = account(&*users, &spellings).await?.unzip();
    let mut attempt = guard.attempt(&caller, &spellings.now, user.as_ref());
    attempt.check().await?;
    let hasher = place.turn().await?;
    attempt.begin().await?;
    let matches = hasher.verify(password, hash).await?;
    drop(hasher);
    let Some(user) = user.filter(|_| matches) else {
        attempt.failed();
        return Err(Code::InvalidCredentials.into());
    };
    attempt.succeeded().await;

    let now = clock.now();
    let key = FamilyKey(ids.secret());
    let refresh = RefreshToken::new(SessionId(ids.uuid()), &key, ids.secret());
    let session = NewSession {
        session: refresh.session,
        user: user.user_id,
        key,
        token_hash: refresh.hash(),
        expires_at: now + SESSION_TTL,
    };
    sessions.start(&session).await?;
    let device = caller.device_of(user.user_id).unwrap_or_else(|| ids.uuid());
    let device_token = tokens.sign(&KnownDevice::new(user.user_id, device, now)).ok_or(Code::Internal)?;
    let tokens = TokenPair::new(&tokens, user.user_id, user.role, &refresh, now)?;
    Ok(axum::Json(LoggedIn { tokens, device_token }))
}

/// Finds the account by its address, in today's spelling or an older one, together with its password's hash.
async fn account(users: &dyn Users, email: &Spellings) -> Result<Option<(User, String)>, StoreError> {
    let found = users.credentials(&email.now).await?;
    match (&found, &email.once) {
        (None, Some(once)) => users.credentials(once).await,
        _ => Ok(found),
    }
}
