//! `seat-map`: the plan, and who is where.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{hold::HoldId, layout::SeatIndex, performance::Performance};
use serde_json::{Value, json};
use shared::ports::HoldRequest;
use std::time::Duration;
use testkit::{Client, Stage, World};

fn client(world: &World) -> Client {
    world.client(seat_map::FUNCTION, seat_map::routes())
}

async fn hold(world: &World, performance: &Performance, seats: &[u32]) -> HoldId {
    let request = HoldRequest {
        hold_id: HoldId { performance: performance.performance_id, token: world.app.ids.uuid() },
        user: world.buyer().await.user_id,
        alternatives: vec![seats.iter().copied().map(SeatIndex).collect()],
        ttl_ms: 60_000,
        max_seats_per_user: 10,
    };
    world.app.locks.hold(&request).await.expect("held").hold.hold_id
}

/// Longer than a map may be old.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(120)).await;
}

async fn map(client: &Client, performance: &Performance, since: Option<&Value>) -> Value {
    let since = since.map(|version| format!("?since={version}")).unwrap_or_default();
    client.get(&format!("/v1/seats/{}{since}", performance.performance_id)).send().await.json(200)
}

#[tokio::test]
async fn the_plan_never_changes() {
    let world = World::start().await;
    let performance = world.performance(Stage { rows: 2, seats: 3, ..Stage::default() }).await;
    let path = format!("/v1/seats/{}/layout", performance.performance_id);
    let answer = client(&world).get(&path).send().await;
    assert_eq!(
        answer.json(200),
        json!({
            "layout_id": performance.layout_id.to_string(),
            "seat_count": 6,
            "sections": [{ "section": "A", "grade": "R", "rows": [
                { "row": "1", "first_index": 0, "numbers": [1, 2, 3], "x": 0, "y": 0 },
                { "row": "2", "first_index": 3, "numbers": [1, 2, 3], "x": 0, "y": 1 },
            ]}],
        })
    );
    assert!(answer.header("cache-control").contains("immutable"));
    client(&world).get(&path).header("if-none-match", answer.header("etag")).send().await.empty(304);
}

#[tokio::test]
async fn the_map_shows_holds_and_what_changed_since() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let client = client(&world);
    let empty = map(&client, &performance, None).await;
    assert_eq!((&empty["seat_count"], &empty["states"]), (&json!(10), &json!("AAAA")));
    let held = hold(&world, &performance, &[0, 5]).await;
    a_moment().await;
    let full = map(&client, &performance, None).await;
    assert_eq!(full["states"], "AQQA");
    let delta = map(&client, &performance, Some(&empty["version"])).await;
    assert_eq!(delta, json!({ "version": full["version"], "changes": [[0, 1], [5, 1]] }));
    let buyer = world.app.locks.find(held, world.buyer().await.user_id).await.expect("asked");
    assert!(buyer.is_none(), "a hold is its owner's");
    let nothing = map(&client, &performance, Some(&full["version"])).await;
    assert_eq!(nothing["changes"], json!([]));
    let unknown = map(&client, &performance, Some(&json!(7))).await;
    assert_eq!(unknown["states"], "AQQA", "a version of another map gets all of this one");
}

#[tokio::test]
async fn a_map_that_is_known_is_not_sent_again() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let path = format!("/v1/seats/{}", performance.performance_id);
    let tag = client(&world).get(&path).send().await.header("etag").to_owned();
    client(&world).get(&path).header("if-none-match", &tag).send().await.empty(304);
    client(&world).get(&format!("{path}?since=x")).send().await.problem(422, "validation_failed");
    client(&world).get("/v1/seats/x").send().await.problem(404, "not_found");
    client(&world).get("/v1/seats/x/layout").send().await.problem(404, "not_found");
}
