//! `session`: refresh tokens are good once, and access tokens say who somebody is.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{id::SessionId, user::Role};
use serde_json::{Value, json};
use shared::refresh::{RefreshToken, SESSION_TTL, token_pair};
use testkit::{Answer, Client, Person, World};

fn client(world: &World) -> Client {
    world.client(session::FUNCTION, session::routes())
}

async fn log_in(world: &World, person: &Person) -> String {
    let token = RefreshToken::new(SessionId(world.app.ids.uuid()), world.app.ids.secret());
    let expires_at = world.now() + SESSION_TTL;
    world
        .app
        .sessions
        .start(token.session, person.user_id, &token.hash(), expires_at)
        .await
        .expect("a session");
    token_pair(&world.app.tokens, person.user_id, Role::Buyer, &token, world.now())
        .expect("tokens")
        .refresh_token
}

async fn refresh(world: &World, token: &Value) -> Answer {
    client(world).post("/v1/tokens").json(&json!({ "refresh_token": token })).send().await
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_family() {
    let world = World::start().await;
    let first = json!(log_in(&world, &world.buyer().await).await);
    let second = refresh(&world, &first).await.json(200)["refresh_token"].clone();
    assert_ne!(first, second);
    refresh(&world, &first).await.problem(401, "token_reused");
    refresh(&world, &second).await.problem(401, "token_reused");
    for unknown in ["", "x.y", "0192f0c1a2b37c4d8e9f0a1b2c3d4e5f.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        refresh(&world, &json!(unknown)).await.problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn logging_out_ends_the_family_and_may_be_repeated() {
    let world = World::start().await;
    let token = json!({ "refresh_token": log_in(&world, &world.buyer().await).await });
    for _ in 0..2 {
        client(&world).delete("/v1/tokens").json(&token).send().await.empty(204);
    }
    client(&world).post("/v1/tokens").json(&token).send().await.problem(401, "token_reused");
}

#[tokio::test]
async fn the_access_token_says_who_somebody_is() {
    let world = World::start().await;
    let person = world.buyer().await;
    let me = client(&world).get("/v1/me").bearer(&person.token).send().await.json(200);
    assert_eq!(me["user_id"], person.user_id.to_string());
    assert_eq!(me["email"], person.email);
    assert_eq!((&me["name"], &me["role"]), (&json!("김관객"), &json!("buyer")));
    client(&world).get("/v1/me").send().await.problem(401, "unauthenticated");
    client(&world).get("/v1/me").bearer("a.b.c").send().await.problem(401, "unauthenticated");
    client(&world)
        .get("/v1/me")
        .header("authorization", "Basic a2lt")
        .send()
        .await
        .problem(401, "unauthenticated");
    let performance = world.performance(testkit::Stage::default()).await;
    let foreign = world.admission(&person, &performance);
    client(&world).get("/v1/me").bearer(&foreign).send().await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_public_keys_are_published() {
    let world = World::start().await;
    let answer = client(&world).get("/.well-known/jwks.json").send().await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json(200)["keys"][0]["kty"], "OKP");
}
