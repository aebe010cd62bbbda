//! `manage-sale`: live figures, and the organizer's hand.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{performance::Performance, sale::SaleState, user::Role};
use serde_json::{Value, json};
use testkit::{Answer, Person, Stage, World};

async fn world() -> (World, Person, Performance) {
    let world = World::start().await;
    let organizer = world.person(Role::Organizer).await;
    let performance =
        world.performance(Stage { organizer: Some(organizer.user_id), ..Stage::with_queue() }).await;
    (world, organizer, performance)
}

async fn patch(world: &World, person: &Person, performance: &Performance, body: Value) -> Answer {
    let client = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let path = format!("/v1/manage/sales/{}", performance.performance_id);
    client.patch(&path).bearer(&person.token).json(&body).send().await
}

#[tokio::test]
async fn the_figures_are_live() {
    let (world, organizer, performance) = world().await;
    let buyer = world.buyer().await;
    let flow = world.app.catalog.flow(&performance).expect("a queue");
    world.app.room.join(performance.performance_id, buyer.user_id, None, &flow).await.expect("a number");
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    world.reserve(&buyer, &performance, &[1], 600).await;
    world.pay(&booking).await;
    let client = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let path = format!("/v1/manage/sales/{}", performance.performance_id);
    let sale = client.get(&path).bearer(&organizer.token).send().await.json(200);
    let figures = ["issued", "serving", "active", "held", "reserved", "sold", "seat_count", "cap"]
        .map(|name| &sale[name]);
    assert_eq!(figures, [1, 1, 0, 0, 1, 1, 10, 100].map(|figure| json!(figure)).each_ref());
    assert_eq!((&sale["state"], &sale["mode"]), (&json!("open"), &json!("queue")));
}

#[tokio::test]
async fn the_organizer_steers_and_it_takes_effect_at_once_here() {
    let (world, organizer, performance) = world().await;
    let paused =
        patch(&world, &organizer, &performance, json!({ "state": "paused", "cap": 7 })).await.json(200);
    assert_eq!(
        (&paused["state"], &paused["cap"], &paused["rate_per_min"]),
        (&json!("paused"), &json!(7), &json!(6_000))
    );
    let known = world.app.catalog.performance(performance.performance_id).await.expect("published");
    assert_eq!(world.app.catalog.sale_state(&known), SaleState::Paused);
    let open = patch(&world, &organizer, &performance, json!({ "state": "open" })).await.json(200);
    assert_eq!((&open["state"], &open["cap"]), (&json!("open"), &json!(7)));
    let closed = patch(&world, &organizer, &performance, json!({ "state": "closed" })).await.json(200);
    assert_eq!(closed["state"], "closed");
}

#[tokio::test]
async fn what_cannot_be_steered_is_said() {
    let (world, organizer, performance) = world().await;
    patch(&world, &organizer, &performance, json!({ "cap": 0 })).await.invalid(&["cap"]);
    patch(&world, &organizer, &performance, json!({ "rate_per_min": 0 })).await.invalid(&["rate_per_min"]);
    patch(&world, &organizer, &performance, json!({ "state": "wild" })).await.invalid(&["state"]);
    let rival = world.person(Role::Organizer).await;
    patch(&world, &rival, &performance, json!({})).await.problem(403, "forbidden");
    patch(&world, &world.buyer().await, &performance, json!({})).await.problem(403, "forbidden");
    let client = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let nowhere = "/v1/manage/sales/0192f0c1-a2b3-7c4d-8e9f-0a1b2c3d4e5f";
    client.get(nowhere).bearer(&organizer.token).send().await.problem(404, "not_found");
    client.get(nowhere).send().await.problem(401, "unauthenticated");
}
