//! `show-detail`: one show with its performances.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use serde_json::json;
use testkit::{Client, Stage, World};

fn client(world: &World) -> Client {
    world.client(show_detail::FUNCTION, show_detail::routes())
}

#[tokio::test]
async fn a_show_has_every_field_of_the_contract() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let answer = client(&world).get(&format!("/v1/shows/{}", performance.show_id)).send().await;
    let starts_at = performance.starts_at.to_string();
    assert_eq!(
        answer.json(200),
        json!({
            "show_id": performance.show_id.to_string(), "title": "봄의 제전", "genre": "ballet", "venue": "예술의 집",
            "description": "한 편의 발레", "age_limit": 8, "runtime_min": 90, "poster_url": null,
            "from": starts_at, "to": starts_at, "min_price": 50_000, "max_price": 50_000, "currency": "KRW",
            "sale_state": "open",
            "grades": [{ "grade": "R", "price": 50_000, "currency": "KRW" }],
            "performances": [{
                "performance_id": performance.performance_id.to_string(),
                "starts_at": starts_at,
                "sale": {
                    "opens_at": performance.sale.opens_at.to_string(),
                    "closes_at": performance.sale.closes_at.to_string(),
                    "mode": "open",
                    "state": "open",
                },
                "max_seats_per_user": 4, "seat_count": 10, "seats_left": 10,
            }],
        })
    );
    let request = client(&world).get(&format!("/v1/shows/{}", performance.show_id));
    request.header("if-none-match", answer.header("etag")).send().await.empty(304);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::start().await;
    for path in ["/v1/shows/x", "/v1/shows/0192f0c1-a2b3-7c4d-8e9f-0a1b2c3d4e5f", "/v1/shows/"] {
        client(&world).get(path).send().await.problem(404, "not_found");
    }
}
