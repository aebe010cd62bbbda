//! `admit`: in when called, inside while alive, out when done.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::performance::Performance;
use serde_json::json;
use std::time::Duration;
use testkit::{Client, Stage, World};
use tokio::time::sleep;

fn client(world: &World) -> Client {
    world.client(admit::FUNCTION, admit::routes())
}

async fn join(world: &World, performance: &Performance) -> String {
    let person = world.buyer().await;
    let flow = world.app.catalog.flow(performance).expect("a queue");
    let joined = world.app.room.join(performance.performance_id, person.user_id, None, &flow).await;
    world.ticket(&person, performance, joined.expect("a number").0.number)
}

async fn claim(world: &World, ticket: &str) -> testkit::Answer {
    client(world).post("/v1/admissions").header("queue-ticket", ticket).send().await
}

#[tokio::test]
async fn the_cap_holds_and_leaving_lets_the_next_one_in() {
    let world = World::start().await;
    let performance = world.performance(Stage { cap: 1, ..Stage::with_queue() }).await;
    let (first, second) = (join(&world, &performance).await, join(&world, &performance).await);
    let inside = claim(&world, &first).await.json(201);
    assert_eq!(inside["performance_id"], performance.performance_id.to_string());
    assert_eq!(inside["renew_after_s"], 20);
    assert!(inside["expires_at"].as_str() < inside["session_ends_at"].as_str());
    let again = claim(&world, &first).await.json(200);
    assert_eq!(again["session_ends_at"], inside["session_ends_at"], "the running session");
    let waiting = claim(&world, &second).await.json(202);
    assert_eq!((&waiting["number"], &waiting["state"]), (&json!(2), &json!("waiting")));
    let token = inside["admission_token"].as_str().expect("a token");
    for _ in 0..2 {
        client(&world).delete("/v1/admissions").header("admission-token", token).send().await.empty(204);
    }
    claim(&world, &second).await.json(201);
    claim(&world, &first).await.problem(410, "call_lapsed");
}

#[tokio::test]
async fn a_sign_of_life_keeps_somebody_inside_until_the_session_ends() {
    let world = World::with(&[("YEMAE_ADMISSION_S", "1")]).await;
    let performance = world.performance(Stage::with_queue()).await;
    let inside = claim(&world, &join(&world, &performance).await).await.json(201);
    let token = inside["admission_token"].as_str().expect("a token");
    let renew = || client(&world).put("/v1/admissions").header("admission-token", token).send();
    let renewed = renew().await.json(200);
    assert_eq!(renewed["session_ends_at"], inside["session_ends_at"]);
    sleep(Duration::from_millis(1_050)).await;
    renew().await.problem(410, "session_over");
}

#[tokio::test]
async fn a_call_that_is_missed_twice_lapses() {
    let world = World::with(&[("YEMAE_CALL_WINDOW_S", "1")]).await;
    let performance = world.performance(Stage::with_queue()).await;
    let ticket = join(&world, &performance).await;
    let flow = world.app.catalog.flow(&performance).expect("a queue");
    for _ in 0..3 {
        world.app.room.status(performance.performance_id, &flow).await.expect("asked");
        sleep(Duration::from_millis(1_020)).await;
    }
    claim(&world, &ticket).await.problem(410, "call_lapsed");
}

#[tokio::test]
async fn nobody_gets_in_without_a_ticket() {
    let world = World::start().await;
    client(&world).post("/v1/admissions").send().await.problem(401, "bad_queue_ticket");
    client(&world).put("/v1/admissions").send().await.problem(401, "unauthenticated");
    client(&world)
        .put("/v1/admissions")
        .header("admission-token", "a.b.c")
        .send()
        .await
        .problem(401, "unauthenticated");
}
