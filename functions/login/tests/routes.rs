//! `login`: the right password gives tokens, and nothing else does.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{
    UserId,
    user::{Email, Password, Role, User},
};
use serde_json::{Value, json};
use shared::passwords;
use testkit::{Answer, World};

async fn world() -> World {
    let world = World::start().await;
    let email = Email::parse("kim@example.org").expect("an address");
    let user = User { user_id: UserId(world.app.ids.uuid()), email, name: "Kim".into(), role: Role::Buyer };
    let hash = passwords::hash(&Password::parse("correct horse").expect("long enough"), [7; 16]);
    world.app.users.create(&user, &hash).await.expect("an account");
    world
}

async fn log_in(world: &World, email: &str, password: &str) -> Answer {
    let client = world.client(login::FUNCTION, login::routes());
    client.post("/v1/login").json(&json!({ "email": email, "password": password })).send().await
}

#[tokio::test]
async fn the_right_password_gives_tokens() {
    let world = world().await;
    let tokens = log_in(&world, "KIM@example.org", "correct horse").await.json(200);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    let access = tokens["access_token"].as_str().expect("a token");
    assert!(world.app.tokens.access(access, world.now()).is_some());
    assert!(tokens["refresh_token"].is_string());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_sound_the_same() {
    let world = world().await;
    let words = |mut problem: Value| {
        problem.as_object_mut().expect("an object").remove("trace_id");
        problem
    };
    let wrong = log_in(&world, "kim@example.org", "wrong horse").await.problem(401, "invalid_credentials");
    let unknown =
        log_in(&world, "lee@example.org", "correct horse").await.problem(401, "invalid_credentials");
    assert_eq!(words(wrong), words(unknown));
    log_in(&world, "kim", "x").await.invalid(&["email"]);
}

#[tokio::test]
async fn ten_failures_a_minute_are_enough() {
    let world = world().await;
    for _ in 0..10 {
        log_in(&world, "kim@example.org", "wrong horse").await.problem(401, "invalid_credentials");
    }
    let stopped = log_in(&world, "kim@example.org", "correct horse").await;
    stopped.problem(429, "too_many_attempts");
    assert!(stopped.header("ratelimit").starts_with("\"default\";r=0;t="));
    log_in(&world, "lee@example.org", "wrong horse").await.problem(401, "invalid_credentials");
}
