//! `login`: exchange an e-mail address and a password for tokens.

use axum::extract::State;
use domain::{
    id::SessionId,
    user::{Email, Password},
};
use serde::Deserialize;
use shared::{
    http::{Code, Function, Problem, Router, function::rate_limited, json::Json, validation::Check},
    passwords::Passwords,
    ports::{Clock, FamilyKey, Ids, NewSession, RateLimit, RateLimits, Sessions, Users},
    refresh::{RefreshToken, SESSION_TTL, token_pair},
    tokens::Tokens,
    wire::TokenPair,
};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// What this function needs.
pub const FUNCTION: Function = Function::new("login").signs();

/// Failed attempts that one account may have a minute, from wherever they come.
const FAILURES: RateLimit = RateLimit::per_min(10);

/// Its routes.
pub fn routes() -> Router {
    Router::new().routes(routes!(log_in))
}

/// Who somebody says they are.
#[derive(Debug, Deserialize, ToSchema)]
struct Credentials {
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(format = Password, max_length = 128)]
    password: String,
}

/// Log in.
///
/// An unknown address and a wrong password get the same answer after the same work.
#[utoipa::path(
    post, path = "/v1/login", tag = "login", request_body = Credentials,
    responses(
        (status = 200, body = TokenPair),
        (status = 401, description = "`invalid_credentials`"),
        (status = 429, description = "`too_many_attempts`"),
        (status = 503, description = "`busy`, with `Retry-After`"),
    )
)]
async fn log_in(
    State(guard): State<Guard>,
    State(users): State<Arc<dyn Users>>,
    State(passwords): State<Passwords>,
    State(sessions): State<Arc<dyn Sessions>>,
    State(tokens): State<Arc<Tokens>>,
    State(clock): State<Arc<dyn Clock>>,
    State(ids): State<Arc<dyn Ids>>,
    Json(credentials): Json<Credentials>,
) -> Result<axum::Json<TokenPair>, Problem> {
    let mut check = Check::new();
    let email = check.field("email", Email::parse(&credentials.email));
    let password = check.field("password", Password::attempt(&credentials.password));
    let (Some(email), Some(password)) = (email, password) else { return Err(check.into()) };

    let place = passwords.line_up()?;
    guard.check(&email).await?;
    let (user, hash) = users.credentials(&email).await?.unzip();
    let matches = place.turn().await?.verify(password, hash).await?;
    let Some(user) = user.filter(|_| matches) else {
        guard.count_failure(&email).await?;
        return Err(Code::InvalidCredentials.into());
    };

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
    token_pair(&tokens, user.user_id, user.role, &refresh, now).map(axum::Json)
}

/// Slows down whoever guesses the password of one account.
#[derive(Clone)]
struct Guard(Arc<dyn RateLimits>);

impl axum::extract::FromRef<shared::app::App> for Guard {
    fn from_ref(app: &shared::app::App) -> Self {
        Self(app.rates.clone())
    }
}

impl Guard {
    async fn check(&self, email: &Email) -> Result<(), Problem> {
        self.ask(email, 0).await
    }

    async fn count_failure(&self, email: &Email) -> Result<(), Problem> {
        self.ask(email, 1).await
    }

    /// Without Redis nobody is counted, and everybody may log in.
    async fn ask(&self, email: &Email, cost: u32) -> Result<(), Problem> {
        let key = format!("login:{email}");
        match self.0.take(&key, FAILURES, cost).await {
            Ok(allowance) if !allowance.allowed => {
                Err(rate_limited(Code::TooManyAttempts, FAILURES, allowance))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
