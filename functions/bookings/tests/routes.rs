//! `bookings`: one's own, newest first, and nobody else's.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use serde_json::json;
use testkit::{Stage, World};

#[tokio::test]
async fn ones_own_bookings_are_listed_newest_first_and_paged() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let mut booked = Vec::new();
    for seat in 0..3 {
        booked.push(world.reserve(&buyer, &performance, &[seat], 600).await.booking_id.to_string());
    }
    world.reserve(&world.buyer().await, &performance, &[3], 600).await;
    booked.reverse();
    let client = world.client(bookings::FUNCTION, bookings::routes());
    let first = client.get("/v1/me/bookings?limit=2").bearer(&buyer.token).send().await.json(200);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let path = format!("/v1/me/bookings?limit=2&cursor={cursor}");
    let second = client.get(&path).bearer(&buyer.token).send().await.json(200);
    assert_eq!(second["next_cursor"], json!(null));
    let ids: Vec<_> = [first, second]
        .iter()
        .flat_map(|page| page["items"].as_array().expect("items").clone())
        .map(|booking| booking["booking_id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ids, booked);
    client.get("/v1/me/bookings?cursor=x").bearer(&buyer.token).send().await.invalid(&["cursor"]);
    client.get("/v1/me/bookings?limit=0").bearer(&buyer.token).send().await.invalid(&["limit"]);
    client.get("/v1/me/bookings").send().await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_booking_has_its_seats_and_its_history() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    world.pay(&booking).await;
    let client = world.client(bookings::FUNCTION, bookings::routes());
    let path = format!("/v1/me/bookings/{}", booking.booking_id);
    let detail = client.get(&path).bearer(&buyer.token).send().await.json(200);
    assert_eq!((&detail["state"], &detail["title"]), (&json!("confirmed"), &json!("봄의 제전")));
    assert_eq!(detail["tickets"], json!([{ "seat": "A-1-1", "grade": "R", "price": 50_000 }]));
    let states: Vec<_> =
        detail["history"].as_array().expect("history").iter().map(|change| change["state"].clone()).collect();
    assert_eq!(states, ["reserved", "confirmed"]);
    let other = world.buyer().await;
    client.get(&path).bearer(&other.token).send().await.problem(404, "not_found");
    client.get("/v1/me/bookings/x").bearer(&buyer.token).send().await.problem(404, "not_found");
}
