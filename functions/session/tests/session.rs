//! What a session promises, from its first refresh to its end.
#![cfg(test)]

use async_trait::async_trait;
use domain::{
    UserId,
    id::SessionId,
    user::{Email, Role, User},
};
use shared::{
    app::App,
    http::wire::TokenPair,
    ports::{CreateUserError, FamilyKey, NewSession, StoreError, Users},
    services::{
        refresh_tokens::{RefreshToken, SESSION_TTL},
        tokens::{ACCESS_TTL_S, Access},
    },
};
use std::sync::Arc;
use testkit::{Answer, Client, World, json};

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(session::FUNCTION, session::routes());
    (world, client)
}

/// The refresh token of a log-in.
async fn log_in(world: &World, user: UserId) -> String {
    let (app, now) = (&world.app, world.now());
    let (session, key) = (SessionId(app.ids.uuid()), FamilyKey(app.ids.secret()));
    let token = RefreshToken::new(session, &key, app.ids.secret());
    let expires_at = now + SESSION_TTL;
    let new = NewSession { session, user, key, token_hash: token.hash(), expires_at };
    app.sessions.start(&new).await.expect("a session");
    TokenPair::new(&app.tokens, user, Role::Buyer, &token, now).expect("tokens").refresh_token
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_new_tokens_of_the_same_account() {
    let (world, client) = start().await;
    let buyer = world.buyer().await;
    let mut token = log_in(&world, buyer.user_id).await;
    for _ in 0..3 {
        let tokens = client.post("/v1/tokens").json(&json!({"refresh_token": token})).send().await.ok(200);
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(ACCESS_TTL_S)));
        let access = tokens["access_token"].as_str().expect("a token");
        assert_eq!(client.get("/v1/me").bearer(access).send().await.ok(200)["email"], buyer.email);
        let next = tokens["refresh_token"].as_str().expect("a token").to_owned();
        assert_ne!(next, token);
        token = next;
    }
}

async fn exchange(client: &Client, token: &str) -> Answer {
    client.post("/v1/tokens").json(&json!({"refresh_token": token})).send().await
}

fn successor(answer: &Answer) -> String {
    answer.ok(200)["refresh_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_token_that_comes_back_later_ends_its_whole_family_and_no_other() {
    let (world, client) = start().await;
    let buyer = world.buyer().await;
    let (stolen, other) = (log_in(&world, buyer.user_id).await, log_in(&world, buyer.user_id).await);
    let newest = successor(&exchange(&client, &stolen).await);
    world.set_forward(31);
    let _ = exchange(&client, &stolen).await.problem("token_reused", 401);
    let _ = exchange(&client, &newest).await.problem("token_reused", 401);
    let _ = exchange(&client, &other).await.ok(200);
}

#[tokio::test]
async fn a_token_that_was_replaced_twice_ends_its_family_at_once() {
    let (world, client) = start().await;
    let first = log_in(&world, world.organizer.user_id).await;
    let second = successor(&exchange(&client, &first).await);
    let third = successor(&exchange(&client, &second).await);
    let _ = exchange(&client, &first).await.problem("token_reused", 401);
    let _ = exchange(&client, &third).await.problem("token_reused", 401);
}

#[tokio::test]
async fn a_lost_answer_is_given_again() {
    let (world, client) = start().await;
    let token = log_in(&world, world.organizer.user_id).await;
    let lost = successor(&exchange(&client, &token).await);
    world.set_forward(20);
    assert_eq!(successor(&exchange(&client, &token).await), lost);
    let _ = exchange(&client, &lost).await.ok(200);
}

#[tokio::test]
async fn two_simultaneous_exchanges_get_the_same_answer() {
    let (world, client) = start().await;
    for _ in 0..5 {
        let token = log_in(&world, world.organizer.user_id).await;
        let (one, other) = tokio::join!(exchange(&client, &token), exchange(&client, &token));
        assert_eq!(successor(&one), successor(&other));
        let _ = exchange(&client, &successor(&one)).await.ok(200);
    }
}

/// The account cannot be read, although everything before it can.
struct Away(Arc<dyn Users>);

#[async_trait]
impl Users for Away {
    async fn create(&self, user: &User, password_hash: &str) -> Result<(), CreateUserError> {
        self.0.create(user, password_hash).await
    }

    async fn credentials(&self, email: &Email) -> Result<Option<(User, String)>, StoreError> {
        self.0.credentials(email).await
    }

    async fn find(&self, _: UserId) -> Result<Option<User>, StoreError> {
        Err(StoreError::unavailable("dynamodb", "it does not answer"))
    }
}

#[tokio::test]
async fn a_store_that_fails_ends_no_session() {
    let (world, client) = start().await;
    let users: Arc<dyn Users> = Arc::new(Away(world.app.users.clone()));
    let app = App { users, ..world.app_with(&[]) };
    let troubled = Client::new(session::FUNCTION, session::routes(), app);
    let token = log_in(&world, world.organizer.user_id).await;
    let _ = exchange(&troubled, &token).await.problem("store_unavailable", 503);
    world.set_forward(3_600);
    let _ = exchange(&client, &token).await.ok(200);
}

#[tokio::test]
async fn knowing_the_id_of_a_session_does_not_end_it() {
    let (world, client) = start().await;
    let token = log_in(&world, world.organizer.user_id).await;
    let (name, _) = token.split_once('.').expect("a name and a secret");
    let forged = format!("{name}.{}", "A".repeat(43));
    let _ = exchange(&client, &forged).await.problem("unauthenticated", 401);
    client.delete("/v1/tokens").json(&json!({"refresh_token": forged})).send().await.empty(204);
    let next = successor(&exchange(&client, &token).await);
    let _ = exchange(&client, &forged).await.problem("unauthenticated", 401);
    let _ = exchange(&client, &next).await.ok(200);
}

#[tokio::test]
async fn an_unknown_or_ended_session_is_refused() {
    let (world, client) = start().await;
    let unknown = format!("{}.{}", "0".repeat(32), "A".repeat(43));
    for token in ["", "x.y", &unknown, &world.organizer.token] {
        let body = json!({"refresh_token": token});
        let _ = client.post("/v1/tokens").json(&body).send().await.problem("unauthenticated", 401);
    }
    let ended = log_in(&world, world.organizer.user_id).await;
    world.set_forward(31 * 86_400);
    let body = json!({"refresh_token": ended});
    let _ = client.post("/v1/tokens").json(&body).send().await.problem("unauthenticated", 401);
    assert_eq!(client.post("/v1/tokens").json(&json!({})).send().await.invalid(), ["refresh_token"]);
}

#[tokio::test]
async fn after_a_log_out_nothing_is_refreshed() {
    let (world, client) = start().await;
    let body = json!({"refresh_token": log_in(&world, world.organizer.user_id).await});
    for _ in 0..2 {
        client.delete("/v1/tokens").json(&body).send().await.empty(204);
    }
    let _ = client.post("/v1/tokens").json(&body).send().await.problem("token_reused", 401);
    client.delete("/v1/tokens").json(&json!({"refresh_token": "x"})).send().await.empty(204);
}

#[tokio::test]
async fn me_is_the_account_that_the_token_names() {
    let (world, client) = start().await;
    let person = world.person(Role::Admin).await;
    let me = client.get("/v1/me").bearer(&person.token).send().await.ok(200);
    assert_eq!(
        me,
        json!({"user_id": person.user_id, "email": person.email, "name": "김예매", "role": "admin"})
    );
    let deleted = Access { sub: UserId(world.app.ids.uuid()), role: Role::Buyer, iat: 0, exp: i64::MAX };
    let answer = client.get("/v1/me").bearer(&world.sign(&deleted)).send().await;
    let _ = answer.problem("unauthenticated", 401);
}

#[tokio::test]
async fn the_keys_are_public_and_none_of_them_is_private() {
    let (_world, client) = start().await;
    let answer = client.get("/.well-known/jwks.json").send().await;
    let keys = answer.ok(200);
    let key = &keys["keys"][0];
    assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
    assert!(key["x"].is_string() && key["kid"].is_string() && key.get("d").is_none());
    assert!(answer.header("cache-control").starts_with("public"));
}
