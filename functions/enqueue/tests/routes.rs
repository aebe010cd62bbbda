//! `enqueue`: one number for each account, from wherever it asks.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{performance::Performance, sale::SaleControl};
use serde_json::{Value, json};
use testkit::{Answer, Person, Stage, World};

async fn join(world: &World, person: &Person, performance: &Performance, ticket: Option<&Value>) -> Answer {
    let client = world.client(enqueue::FUNCTION, enqueue::routes());
    let wanted = json!({ "performance_id": performance.performance_id.to_string() });
    let ask = client.post("/v1/queue-tickets").bearer(&person.token).json(&wanted);
    match ticket {
        Some(ticket) => ask.header("queue-ticket", ticket.as_str().expect("a ticket")).send().await,
        None => ask.send().await,
    }
}

#[tokio::test]
async fn joining_again_gives_the_same_number() {
    let world = World::start().await;
    let performance = world.performance(Stage::with_queue()).await;
    let (one, two) = (world.buyer().await, world.buyer().await);
    let first = join(&world, &one, &performance, None).await.json(201);
    assert_eq!(
        (&first["number"], &first["ahead"], &first["state"]),
        (&json!(1), &json!(0), &json!("waiting"))
    );
    assert!(first["eta_s"].as_array().is_some_and(|range| range.len() == 2));
    assert!(first["poll_after_ms"].as_u64().is_some_and(|ms| ms >= 1_000));
    assert_eq!(join(&world, &two, &performance, None).await.json(201)["number"], 2);
    assert_eq!(join(&world, &one, &performance, None).await.json(200)["number"], 1);
}

#[tokio::test]
async fn an_old_ticket_restores_its_number_after_a_loss() {
    let world = World::with(&[("YEMAE_ADMISSION_S", "1")]).await;
    let performance = world.performance(Stage::with_queue()).await;
    let (one, two) = (world.buyer().await, world.buyer().await);
    join(&world, &one, &performance, None).await.json(201);
    let mine = join(&world, &two, &performance, None).await.json(201);
    flush(&world).await;
    assert_eq!(join(&world, &two, &performance, Some(&mine["queue_ticket"])).await.json(200)["number"], 2);
    let another =
        join(&world, &world.buyer().await, &performance, Some(&mine["queue_ticket"])).await.json(201);
    assert!(another["number"].as_u64().is_some_and(|number| number > 2), "a ticket is bound to its account");
}

async fn flush(world: &World) {
    let client = redis::Client::open(world.redis.url()).expect("an address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    let _: () = redis::cmd("FLUSHALL").query_async(&mut connection).await.expect("flushed");
}

#[tokio::test]
async fn the_door_follows_the_sale() {
    let world = World::start().await;
    let buyer = world.buyer().await;
    for (stage, status, code) in [
        (Stage::default(), 409, "queue_not_used"),
        (Stage { opens_in_h: 1, ..Stage::with_queue() }, 403, "sale_not_open"),
        (Stage { opens_in_h: -2, closes_in_h: -1, ..Stage::with_queue() }, 409, "queue_closed"),
        (Stage { control: SaleControl::Closed, ..Stage::with_queue() }, 409, "queue_closed"),
    ] {
        let performance = world.performance(stage).await;
        join(&world, &buyer, &performance, None).await.problem(status, code);
    }
    let paused = world.performance(Stage { control: SaleControl::Paused, ..Stage::with_queue() }).await;
    join(&world, &buyer, &paused, None).await.json(201);
}

#[tokio::test]
async fn a_queue_is_joined_by_somebody_and_for_something() {
    let world = World::start().await;
    let client = world.client(enqueue::FUNCTION, enqueue::routes());
    let nowhere = json!({ "performance_id": "0192f0c1-a2b3-7c4d-8e9f-0a1b2c3d4e5f" });
    client.post("/v1/queue-tickets").json(&nowhere).send().await.problem(401, "unauthenticated");
    let buyer = world.buyer().await;
    let ask = |body| client.post("/v1/queue-tickets").bearer(&buyer.token).json(&body);
    ask(nowhere).send().await.problem(404, "not_found");
    ask(json!({ "performance_id": "x" })).send().await.invalid(&["performance_id"]);
}
