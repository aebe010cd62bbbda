//! `lock-seat`: seats are held all or none, by one at a time, for a few minutes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{performance::Performance, sale::SaleControl};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Answer, Client, Person, Stage, World};

fn client(world: &World) -> Client {
    world.client(lock_seat::FUNCTION, lock_seat::routes())
}

async fn hold(world: &World, person: &Person, performance: &Performance, seats: &[&str]) -> Answer {
    let wanted = json!({ "performance_id": performance.performance_id.to_string(), "seats": seats });
    client(world).post("/v1/holds").bearer(&person.token).json(&wanted).send().await
}

async fn best(world: &World, person: &Person, performance: &Performance, count: u32, grade: &str) -> Answer {
    let best = json!({ "count": count, "grade": grade });
    let wanted = json!({ "performance_id": performance.performance_id.to_string(), "best": best });
    client(world).post("/v1/holds").bearer(&person.token).json(&wanted).send().await
}

fn path(hold: &Value) -> String {
    format!("/v1/holds/{}", hold["hold_id"].as_str().expect("an id"))
}

#[tokio::test]
async fn a_hold_says_what_it_is_and_asking_again_changes_nothing() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let answer = hold(&world, &buyer, &performance, &["A-2-1", "A-1-5"]).await;
    let held = answer.json(201);
    assert_eq!(answer.header("location"), path(&held));
    assert_eq!(held["seats"], json!(["A-1-5", "A-2-1"]), "in layout order");
    assert_eq!((&held["amount"], &held["currency"]), (&json!(100_000), &json!("KRW")));
    assert_eq!(held["performance_id"], performance.performance_id.to_string());
    assert!(held["expires_at"].as_str() > Some(world.now().to_string().as_str()));
    assert_eq!(hold(&world, &buyer, &performance, &["A-1-5", "A-2-1"]).await.json(200), held);
    assert_eq!(client(&world).get(&path(&held)).bearer(&buyer.token).send().await.json(200), held);
}

#[tokio::test]
async fn seats_of_others_stand_in_the_way_all_or_none() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let (one, two) = (world.buyer().await, world.buyer().await);
    let held = hold(&world, &one, &performance, &["A-1-1"]).await.json(201);
    let refused = hold(&world, &two, &performance, &["A-1-1", "A-1-2"]).await.problem(409, "seat_held");
    assert_eq!(refused["seats"], json!(["A-1-1"]));
    hold(&world, &one, &performance, &["A-1-2"]).await.json(201);
    client(&world).delete(&path(&held)).bearer(&two.token).send().await.problem(404, "hold_not_found");
    client(&world).get(&path(&held)).bearer(&two.token).send().await.problem(404, "hold_not_found");
    client(&world).delete(&path(&held)).bearer(&one.token).send().await.empty(204);
    client(&world).delete(&path(&held)).bearer(&one.token).send().await.problem(404, "hold_not_found");
    hold(&world, &two, &performance, &["A-1-1"]).await.json(201);
}

#[tokio::test]
async fn a_selection_grows_and_shrinks_but_does_not_last_longer() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let small = hold(&world, &buyer, &performance, &["A-1-1"]).await.json(201);
    let large = hold(&world, &buyer, &performance, &["A-1-1", "A-1-2"]).await.json(201);
    assert_eq!(large["expires_at"], small["expires_at"]);
    client(&world).get(&path(&small)).bearer(&buyer.token).send().await.problem(404, "hold_not_found");
    hold(&world, &buyer, &performance, &["A-1-2"]).await.json(201);
    hold(&world, &world.buyer().await, &performance, &["A-1-1"]).await.json(201);
}

#[tokio::test]
async fn a_hold_ends_by_itself() {
    let world = World::with(&[("YEMAE_HOLD_TTL_S", "1")]).await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let held = hold(&world, &buyer, &performance, &["A-1-1"]).await.json(201);
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    client(&world).get(&path(&held)).bearer(&buyer.token).send().await.problem(404, "hold_not_found");
    hold(&world, &world.buyer().await, &performance, &["A-1-1"]).await.json(201);
}

#[tokio::test]
async fn nobody_gets_more_seats_than_allowed() {
    let world = World::start().await;
    let performance = world.performance(Stage { max_seats_per_user: 2, ..Stage::default() }).await;
    let buyer = world.buyer().await;
    hold(&world, &buyer, &performance, &["A-1-1", "A-1-2", "A-1-3"]).await.problem(422, "too_many_seats");
    best(&world, &buyer, &performance, 3, "R").await.problem(422, "too_many_seats");
    hold(&world, &buyer, &performance, &["A-1-1", "A-1-2"]).await.json(201);
    hold(&world, &buyer, &performance, &["A-2-1"]).await.problem(409, "limit_exceeded");
}

#[tokio::test]
async fn the_best_seats_are_together_and_not_the_same_for_two() {
    let world = World::start().await;
    let performance = world.performance(Stage { rows: 1, seats: 6, ..Stage::default() }).await;
    let first = best(&world, &world.buyer().await, &performance, 2, "R").await.json(201);
    assert_eq!(first["seats"], json!(["A-1-3", "A-1-4"]));
    let second = best(&world, &world.buyer().await, &performance, 2, "R").await.json(201);
    assert_eq!(second["seats"], json!(["A-1-1", "A-1-2"]));
    best(&world, &world.buyer().await, &performance, 3, "R").await.problem(409, "seat_held");
    best(&world, &world.buyer().await, &performance, 1, "S").await.invalid(&["best.grade"]);
    best(&world, &world.buyer().await, &performance, 0, "R").await.invalid(&["best.count"]);
}

#[tokio::test]
async fn what_cannot_be_held_is_said() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let unknown =
        hold(&world, &buyer, &performance, &["A-1-1", "A-9-1", "x"]).await.problem(422, "unknown_seat");
    assert_eq!(unknown["seats"], json!(["A-9-1", "x"]));
    hold(&world, &buyer, &performance, &[]).await.invalid(&["seats"]);
    hold(&world, &buyer, &performance, &["A-1-1", "A-1-1"]).await.invalid(&["seats"]);
    let both = json!({ "performance_id": performance.performance_id.to_string() });
    client(&world).post("/v1/holds").bearer(&buyer.token).json(&both).send().await.invalid(&["seats"]);
    client(&world).post("/v1/holds").json(&both).send().await.problem(401, "unauthenticated");
    client(&world).get("/v1/holds/x").bearer(&buyer.token).send().await.problem(404, "hold_not_found");
}

#[tokio::test]
async fn the_sale_has_to_be_open() {
    let world = World::start().await;
    let buyer = world.buyer().await;
    for stage in [
        Stage { opens_in_h: 1, ..Stage::default() },
        Stage { opens_in_h: -2, closes_in_h: -1, ..Stage::default() },
        Stage { control: SaleControl::Closed, ..Stage::default() },
        Stage { control: SaleControl::Paused, ..Stage::default() },
    ] {
        let performance = world.performance(stage).await;
        hold(&world, &buyer, &performance, &["A-1-1"]).await.problem(403, "sale_not_open");
    }
}

#[tokio::test]
async fn behind_a_queue_only_the_admitted_hold_seats_also_while_it_is_paused() {
    let world = World::start().await;
    let (buyer, other) = (world.buyer().await, world.buyer().await);
    let performance = world.performance(Stage { control: SaleControl::Paused, ..Stage::with_queue() }).await;
    let elsewhere = world.performance(Stage::with_queue()).await;
    let wanted = json!({ "performance_id": performance.performance_id.to_string(), "seats": ["A-1-1"] });
    let ask = |admission: String| {
        client(&world)
            .post("/v1/holds")
            .bearer(&buyer.token)
            .header("admission-token", &admission)
            .json(&wanted)
    };
    hold(&world, &buyer, &performance, &["A-1-1"]).await.problem(403, "not_admitted");
    ask(world.admission(&other, &performance)).send().await.problem(403, "not_admitted");
    ask(world.admission(&buyer, &elsewhere)).send().await.problem(403, "not_admitted");
    ask(world.admission(&buyer, &performance)).send().await.json(201);
}
