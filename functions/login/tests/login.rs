//! What logging in promises.
#![cfg(test)]

use domain::user::{Email, Role};
use futures_util::future::join_all;
use std::time::{Duration, Instant};
use testkit::{Answer, Client, Value, World, json};

const PASSWORD: &str = "열글자가넘는비밀번호";

/// A world with one account, and `log_in`.
async fn start() -> (World, Client) {
    let world = World::start().await;
    let email = Email::parse("minji@example.org").expect("an address");
    world.account(email, PASSWORD, Role::Organizer).await;
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
    let unknown = credentials("unknown@example.org", PASSWORD);
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
async fn a_request_that_cannot_succeed_is_not_an_attempt() {
    let (_world, client) = start().await;
    let body = credentials("malformed", &"가".repeat(129));
    assert_eq!(client.post("/v1/login").json(&body).send().await.invalid(), ["email", "password"]);
    assert_eq!(
        client.post("/v1/login").json(&json!({"email": "a@b.c"})).send().await.invalid(),
        ["password"]
    );
    let short = credentials("minji@example.org", "");
    let _ = client.post("/v1/login").json(&short).send().await.problem("invalid_credentials", 401);
}

/// Starts behind a proxy that names the caller.
async fn start_behind_proxy() -> (World, Client) {
    let (world, _) = start().await;
    let client = world.client_with(&[("YEMAE_TRUSTED_HOPS", "1")], login::FUNCTION, login::routes());
    (world, client)
}

/// A log-in from an address, with a device's token if there is one.
async fn attempt(client: &Client, from: &str, mark: &str, body: &Value) -> Answer {
    let request = client.post("/v1/login").header("x-forwarded-for", from).json(body);
    let request = if mark.is_empty() { request } else { request.header("device-token", mark) };
    request.send().await
}

fn mark(answer: &Answer) -> String {
    answer.ok(200)["device_token"].as_str().expect("a mark").to_owned()
}

#[tokio::test]
async fn failures_are_limited_by_account_and_address_and_by_nothing_else() {
    let (_world, client) = start_behind_proxy().await;
    let wrong = credentials("minji@example.org", "a wrong password");
    let right = credentials("MINJI@example.org", PASSWORD);
    for _ in 0..10 {
        let _ = attempt(&client, "192.0.2.1", "", &wrong).await.problem("invalid_credentials", 401);
    }
    for body in [&wrong, &right] {
        let answer = attempt(&client, "192.0.2.1", "", body).await;
        let _ = answer.problem("too_many_attempts", 429);
        assert!(
            answer.header("ratelimit").contains(";r=0;") && !answer.header("ratelimit-policy").is_empty()
        );
    }
    let another = credentials("unknown@example.org", PASSWORD);
    let _ = attempt(&client, "192.0.2.1", "", &another).await.problem("invalid_credentials", 401);
    let _ = attempt(&client, "192.0.2.2", "", &right).await.ok(200);
}

#[tokio::test]
async fn strangers_together_have_a_limit_and_do_not_lock_a_known_device_out() {
    let (_world, client) = start_behind_proxy().await;
    let wrong = credentials("minji@example.org", "a wrong password");
    let right = credentials("minji@example.org", PASSWORD);
    let mark = mark(&attempt(&client, "192.0.2.1", "", &right).await);
    let mut refused = 0;
    for guess in 0..150 {
        let from = format!("198.51.100.{}", guess / 8);
        let answer = attempt(&client, &from, "", &wrong).await;
        if answer.status != 429 {
            let _ = answer.problem("invalid_credentials", 401);
            continue;
        }
        assert!(guess >= 100, "{guess} guesses from many addresses were too many");
        let _ = answer.problem("too_many_attempts", 429);
        // One more guess is allowed every six seconds, and this may be such a moment.
        refused += u32::from(attempt(&client, "192.0.2.1", "", &right).await.status == 429);
        if refused == 2 {
            break;
        }
    }
    assert_eq!(refused, 2, "guesses from many addresses have no end");
    // Also from another address than the one where it was issued.
    let again = attempt(&client, "203.0.113.9", &mark, &right).await.ok(200);
    assert!(again["device_token"].is_string() && again["access_token"].is_string());
}

#[tokio::test]
async fn a_known_device_has_a_limit_of_its_own() {
    let (_world, client) = start_behind_proxy().await;
    let wrong = credentials("minji@example.org", "a wrong password");
    let right = credentials("minji@example.org", PASSWORD);
    let mark = mark(&attempt(&client, "192.0.2.1", "", &right).await);
    for _ in 0..10 {
        let _ = attempt(&client, "192.0.2.1", &mark, &wrong).await.problem("invalid_credentials", 401);
    }
    let _ = attempt(&client, "192.0.2.9", &mark, &right).await.problem("too_many_attempts", 429);
    let _ = attempt(&client, "192.0.2.1", "", &right).await.ok(200);
}

#[tokio::test]
async fn a_token_of_another_account_or_kind_is_ignored() {
    let (world, client) = start_behind_proxy().await;
    let right = credentials("minji@example.org", PASSWORD);
    let mark = mark(&attempt(&client, "192.0.2.1", "", &right).await);
    let other = credentials("unknown@example.org", "a wrong password");
    let access = world.organizer.token.as_str();
    for (from, foreign) in [("192.0.2.10", mark.as_str()), ("192.0.2.11", access), ("192.0.2.12", "x.y.z")] {
        for _ in 0..10 {
            let _ = attempt(&client, from, foreign, &other).await.problem("invalid_credentials", 401);
        }
        let _ = attempt(&client, from, foreign, &other).await.problem("too_many_attempts", 429);
    }
    let mine = credentials("minji@example.org", "a wrong password");
    for _ in 0..10 {
        let _ = attempt(&client, "192.0.2.3", "", &mine).await.problem("invalid_credentials", 401);
    }
    let _ = attempt(&client, "192.0.2.3", access, &right).await.problem("too_many_attempts", 429);
}

#[tokio::test]
async fn simultaneous_guesses_are_limited_like_successive_ones() {
    let (_world, client) = start_behind_proxy().await;
    let wrong = credentials("minji@example.org", "a wrong password");
    let guesses = (0..40).map(|_| attempt(&client, "192.0.2.1", "", &wrong));
    let answers = join_all(guesses).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(tried, 10, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| matches!(answer.status, 401 | 429 | 503)));
}

#[tokio::test]
async fn while_redis_is_silent_log_ins_go_on() {
    let (world, client) = start_behind_proxy().await;
    let right = credentials("minji@example.org", PASSWORD);
    let _ = attempt(&client, "192.0.2.1", "", &right).await.ok(200);
    world.pause_redis(Duration::from_secs(9));
    let begun = Instant::now();
    let at_once = join_all((0..4).map(|_| attempt(&client, "192.0.2.1", "", &right))).await;
    assert!(at_once.iter().all(|answer| answer.status == 200));
    assert!(begun.elapsed() < Duration::from_secs(4), "{} s", begun.elapsed().as_secs());
}

#[tokio::test]
async fn successes_are_not_counted() {
    let (_world, client) = start().await;
    let body = credentials("minji@example.org", PASSWORD);
    for _ in 0..12 {
        let _ = client.post("/v1/login").json(&body).send().await.ok(200);
    }
    let at_once = join_all((0..12).map(|_| client.post("/v1/login").json(&body).send())).await;
    assert!(at_once.iter().all(|answer| answer.status == 200));
}

#[tokio::test]
async fn an_address_stored_by_an_older_version_still_logs_in() {
    let (world, client) = start().await;
    for (stored, typed) in
        [("jose\u{301}@example.org", "Jose\u{301}@example.org"), ("a@b.c\u{200B}", "a@b.c\u{200B}")]
    {
        let user = world.account(Email::from(stored.to_owned()), PASSWORD, Role::Buyer).await;
        let _ = client.post("/v1/login").json(&credentials(typed, PASSWORD)).send().await.ok(200);
        let found = world.app.users.find(user.user_id).await.expect("readable").expect("an account");
        assert_eq!(found.email.as_str(), stored);
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_has_not_failed() {
    let (_world, client) = start().await;
    let body = credentials("minji@example.org", PASSWORD);
    for _ in 0..12 {
        // In the middle of hashing, which takes longer than this in any build.
        let hung_up =
            tokio::time::timeout(Duration::from_millis(8), client.post("/v1/login").json(&body).send());
        let _ = hung_up.await;
    }
    let _ = client.post("/v1/login").json(&body).send().await.ok(200);
}
