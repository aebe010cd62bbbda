//! `signup`: create an account.

use axum::{extract::State, http::StatusCode};
use domain::{
    UserId,
    user::{self, Email, Password, Role, User},
};
use serde::Deserialize;
use shared::{
    http::{Code, Function, Problem, Router, json::Json, routes, validation::Check, wire::UserView},
    ports::{CreateUserError, Ids, Users},
    services::passwords::Passwords,
};
use std::sync::Arc;
use utoipa::ToSchema;

/// Each new account costs one password hash.
pub const FUNCTION: Function =
    Function::new("signup").hashes_passwords().instances_max(8).replicas(2, 6).at_once_max(30);

pub fn routes() -> Router {
    Router::new().routes(routes!(sign_up))
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
struct NewUser {
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// Any characters. The most common passwords, simple patterns, and the name or the address alone are refused.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    password: String,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Create an account. Every new account is a buyer's.
///
/// The e-mail address is unique, so a repeat answers 409 and changes nothing.
#[utoipa::path(
    post, path = "/v1/users", tag = "signup", request_body = NewUser,
    responses(
        (status = 201, body = UserView),
        (status = 409, description = "`email_taken`"),
        (status = 503, description = "`busy`, with `Retry-After`"),
    )
)]
async fn sign_up(
    State(users): State<Arc<dyn Users>>,
    State(passwords): State<Passwords>,
    State(ids): State<Arc<dyn Ids>>,
    Json(wanted): Json<NewUser>,
) -> Result<(StatusCode, axum::Json<UserView>), Problem> {
    let mut check = Check::new();
    let email = check.field("email", Email::parse(&wanted.email));
    let name = user::name(&wanted.name);
    let password = match (&email, &name) {
        (Some(email), Ok(name)) => Password::parse_for(&wanted.password, email, name),
        _ => Password::parse(&wanted.password),
    };
    let password = check.field("password", password);
    let name = check.field("name", name);
    let (Some(email), Some(password), Some(name)) = (email, password, name) else {
        return Err(check.into());
    };
    let user = User { user_id: UserId(ids.uuid()), email, name, role: Role::Buyer };
    let hash = passwords.line_up()?.turn().await?.hash(password, ids.secret()).await?;
    users.create(&user, &hash).await.map_err(refusal)?;
    Ok((StatusCode::CREATED, axum::Json(user.into())))
}

fn refusal(error: CreateUserError) -> Problem {
    match error {
        CreateUserError::EmailTaken => Code::EmailTaken.into(),
        CreateUserError::Store(error) => error.into(),
    }
}
