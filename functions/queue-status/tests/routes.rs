//! `queue-status`: how far the queue is, for everybody and for one.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::performance::Performance;
use serde_json::json;
use testkit::{Client, Stage, World};

fn client(world: &World) -> Client {
    world.client(queue_status::FUNCTION, queue_status::routes())
}

async fn join(world: &World, performance: &Performance) -> String {
    let person = world.buyer().await;
    let flow = world.app.catalog.flow(performance).expect("a queue");
    let joined = world.app.room.join(performance.performance_id, person.user_id, None, &flow).await;
    world.ticket(&person, performance, joined.expect("a number").0.number)
}

#[tokio::test]
async fn everybody_sees_the_same_and_asking_moves_it_on() {
    let world = World::start().await;
    let performance = world.performance(Stage { cap: 1, ..Stage::with_queue() }).await;
    for _ in 0..3 {
        join(&world, &performance).await;
    }
    let answer = client(&world).get(&format!("/v1/queues/{}", performance.performance_id)).send().await;
    assert_eq!(
        answer.json(200),
        json!({
            "serving": 1, "issued": 3, "active": 0, "cap": 1, "rate_per_min": 6_000,
            "state": "open", "poll_after_ms": 2_000,
        })
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
}

#[tokio::test]
async fn the_owner_of_a_ticket_sees_their_place_until_they_leave() {
    let world = World::start().await;
    let performance = world.performance(Stage { cap: 1, ..Stage::with_queue() }).await;
    let (first, second) = (join(&world, &performance).await, join(&world, &performance).await);
    let path = format!("/v1/queues/{}/me", performance.performance_id);
    let client = client(&world);
    let me = |ticket: &str| client.get(&path).header("queue-ticket", ticket);
    assert_eq!(me(&first).send().await.json(200)["state"], "called");
    let waiting = me(&second).send().await.json(200);
    assert_eq!(
        (&waiting["number"], &waiting["ahead"], &waiting["state"]),
        (&json!(2), &json!(0), &json!("waiting"))
    );
    for _ in 0..2 {
        client.delete(&path).header("queue-ticket", &first).send().await.empty(204);
    }
    assert_eq!(me(&first).send().await.json(200)["state"], "left");
    assert_eq!(me(&second).send().await.json(200)["state"], "called");
}

#[tokio::test]
async fn only_a_ticket_for_this_queue_says_who_somebody_is() {
    let world = World::start().await;
    let performance = world.performance(Stage::with_queue()).await;
    let other = world.performance(Stage::with_queue()).await;
    let path = format!("/v1/queues/{}/me", performance.performance_id);
    let client = client(&world);
    client.get(&path).send().await.problem(401, "bad_queue_ticket");
    client.get(&path).header("queue-ticket", "a.b.c").send().await.problem(401, "bad_queue_ticket");
    let foreign = join(&world, &other).await;
    client.get(&path).header("queue-ticket", &foreign).send().await.problem(401, "bad_queue_ticket");
    client.delete(&path).header("queue-ticket", &foreign).send().await.problem(401, "bad_queue_ticket");
}

#[tokio::test]
async fn a_sale_without_a_queue_says_so() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let path = format!("/v1/queues/{}", performance.performance_id);
    client(&world).get(&path).send().await.problem(409, "queue_not_used");
    client(&world).get("/v1/queues/x").send().await.problem(404, "not_found");
}
