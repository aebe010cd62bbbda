//! What logging in promises.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "in a test a panic is the way to fail")]

use domain::{
    UserId,
    user::{Email, Password, Role, User},
};
use shared::passwords;
use testkit::{Client, Value, World, json};

const PASSWORD: &str = "열글자가넘는비밀번호";

/// A world with one account, and `log_in`.
async fn start() -> (World, Client) {
    let world = World::start().await;
    let user = User {
        user_id: UserId(world.app.ids.uuid()),
        email: Email::parse("minji@example.org").expect("an address"),
        name: "김민지".into(),
        role: Role::Organizer,
    };
    let hash = passwords::hash(&Password::parse(PASSWORD).expect("long enough"), [7; 16]);
    world.app.users.create(&user, &hash).await.expect("an account");
    let client = world.client(login::FUNCTION, login::routes());
    (world, client)
}

fn credentials(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

#[tokio::test]
async fn the_right_password_gives_tokens_of_that_account() {
    let (world, client) = start().await;
    let body = credentials(" Minji@example.org ", PASSWORD);
    let tokens = client.post("/v1/login").json(&body).send().await.ok(200);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    let access = tokens["access_token"].as_str().expect("a token");
    let access = world.app.tokens.access(access, world.now()).expect("ours");
    assert_eq!(access.role, Role::Organizer);
    let known = world.app.users.find(access.sub).await.expect("the store").expect("an account");
    assert_eq!(known.email.as_str(), "minji@example.org");
    assert!(tokens["refresh_token"].as_str().is_some_and(|token| token.len() > 40));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let (_world, client) = start().await;
    let wrong = credentials("minji@example.org", "a wrong password");
    let unknown = credentials("nobody@example.org", PASSWORD);
    let mut bodies = Vec::new();
    for body in [wrong, unknown] {
        let mut problem =
            client.post("/v1/login").json(&body).send().await.problem("invalid_credentials", 401);
        problem["trace_id"].take();
        bodies.push(problem);
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn what_cannot_be_an_attempt_is_not_one() {
    let (_world, client) = start().await;
    let body = credentials("nobody", &"가".repeat(129));
    assert_eq!(client.post("/v1/login").json(&body).send().await.invalid(), ["email", "password"]);
    assert_eq!(
        client.post("/v1/login").json(&json!({"email": "a@b.c"})).send().await.invalid(),
        ["password"]
    );
    let short = credentials("minji@example.org", "");
    let _ = client.post("/v1/login").json(&short).send().await.problem("invalid_credentials", 401);
}

#[tokio::test]
async fn failures_are_limited_by_account_and_by_nothing_else() {
    let (_world, client) = start().await;
    let wrong = credentials("minji@example.org", "a wrong password");
    for _ in 0..10 {
        let _ = client.post("/v1/login").json(&wrong).send().await.problem("invalid_credentials", 401);
    }
    let right = credentials("MINJI@example.org", PASSWORD);
    for body in [wrong, right] {
        let answer = client.post("/v1/login").json(&body).send().await;
        let _ = answer.problem("too_many_attempts", 429);
        assert!(
            answer.header("ratelimit").contains(";r=0;") && !answer.header("ratelimit-policy").is_empty()
        );
    }
    let another = credentials("nobody@example.org", PASSWORD);
    let _ = client.post("/v1/login").json(&another).send().await.problem("invalid_credentials", 401);
}

#[tokio::test]
async fn successes_are_not_counted() {
    let (_world, client) = start().await;
    for _ in 0..12 {
        let body = credentials("minji@example.org", PASSWORD);
        let _ = client.post("/v1/login").json(&body).send().await.ok(200);
    }
}
