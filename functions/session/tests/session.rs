//! What a session promises, from its first refresh to its end.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "in a test a panic is the way to fail")]

use domain::{UserId, id::SessionId, user::Role};
use shared::{
    refresh::{RefreshToken, SESSION_TTL, token_pair},
    tokens::{ACCESS_TTL_S, Access},
};
use testkit::{Client, World, json};

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(session::FUNCTION, session::routes());
    (world, client)
}

/// The refresh token of a log-in.
async fn log_in(world: &World, user: UserId) -> String {
    let (app, now) = (&world.app, world.now());
    let token = RefreshToken::new(SessionId(app.ids.uuid()), app.ids.secret());
    app.sessions.start(token.session, user, &token.hash(), now + SESSION_TTL).await.expect("a session");
    token_pair(&app.tokens, user, Role::Buyer, &token, now).expect("tokens").refresh_token
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

#[tokio::test]
async fn a_token_that_comes_back_ends_its_whole_family_and_no_other() {
    let (world, client) = start().await;
    let buyer = world.buyer().await;
    let (stolen, other) = (log_in(&world, buyer.user_id).await, log_in(&world, buyer.user_id).await);
    let refresh = |token: &str| client.post("/v1/tokens").json(&json!({"refresh_token": token})).send();
    let newest = refresh(&stolen).await.ok(200)["refresh_token"].as_str().expect("a token").to_owned();
    let _ = refresh(&stolen).await.problem("token_reused", 401);
    let _ = refresh(&newest).await.problem("token_reused", 401);
    let _ = refresh(&other).await.ok(200);
}

#[tokio::test]
async fn of_two_exchanges_at_once_one_is_refused() {
    let (world, client) = start().await;
    let token = log_in(&world, world.organizer.user_id).await;
    let refresh = || client.post("/v1/tokens").json(&json!({"refresh_token": token})).send();
    let (one, other) = tokio::join!(refresh(), refresh());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn what_is_no_session_of_ours_or_has_ended_is_refused() {
    let (world, client) = start().await;
    let nobodys = format!("{}.{}", "0".repeat(32), "A".repeat(43));
    for token in ["", "x.y", &nobodys, &world.organizer.token] {
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
async fn me_is_whoever_the_token_says() {
    let (world, client) = start().await;
    let person = world.person(Role::Admin).await;
    let me = client.get("/v1/me").bearer(&person.token).send().await.ok(200);
    assert_eq!(
        me,
        json!({"user_id": person.user_id, "email": person.email, "name": "김예매", "role": "admin"})
    );
    let nobody = Access { sub: UserId(world.app.ids.uuid()), role: Role::Buyer, iat: 0, exp: i64::MAX };
    let answer = client.get("/v1/me").bearer(&world.sign(&nobody)).send().await;
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
