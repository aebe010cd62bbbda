//! What the map shows.
#![cfg(test)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::performance::Performance;
use std::time::Duration;
use testkit::{Client, Fixture, Section, Value, World, json};

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(seat_map::FUNCTION, seat_map::routes());
    (world, client)
}

/// Waits, since a map may be 100 ms old.
async fn look_again() {
    tokio::time::sleep(Duration::from_millis(110)).await;
}

/// The state of each seat.
fn states(map: &Value) -> Vec<u8> {
    let bytes = STANDARD.decode(map["states"].as_str().unwrap()).unwrap();
    let seats = usize::try_from(map["seat_count"].as_u64().unwrap()).unwrap();
    assert_eq!(bytes.len(), seats.div_ceil(4));
    (0..seats).map(|seat| (bytes[seat / 4] >> (seat % 4 * 2)) & 3).collect()
}

fn path(performance: &Performance) -> String {
    format!("/v1/seats/{}", performance.performance_id)
}

#[tokio::test]
async fn every_seat_has_two_bits() {
    let (world, client) = start().await;
    let fixture = Fixture { sections: &[("A", "R", &[3, 2])], house_seats: true, ..Fixture::default() };
    let performance = world.performance(fixture).await;
    let buyer = world.buyer().await;
    world.hold(&buyer, &performance, &["A-1-2"]).await;
    world.reserved(&buyer, &performance, &["A-1-3"]).await;
    world.confirmed(&buyer, &performance, &["A-2-2"]).await;
    let answer = client.get(path(&performance)).send().await;
    let map = answer.ok(200);
    assert_eq!(states(&map), [3, 1, 1, 3, 2]);
    assert_eq!((&map["performance_id"], &map["seat_count"]), (&json!(performance.performance_id), &json!(5)));
    assert!(map["version"].as_u64().unwrap() > 0);
    assert_eq!(answer.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn a_client_that_knows_a_version_gets_only_what_is_new() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let buyer = world.buyer().await;
    let first = client.get(path(&performance)).send().await.ok(200);
    let since = |version: &Value| client.get(format!("{}?since={version}", path(&performance))).send();
    let nothing = since(&first["version"]).await.ok(200);
    assert_eq!(nothing, json!({"version": first["version"], "changes": []}));

    let hold = world.hold(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    look_again().await;
    let taken = since(&first["version"]).await.ok(200);
    assert_eq!(taken["changes"], json!([[0, 1], [1, 1]]));
    world.app.locks.release(hold, buyer.user_id).await.unwrap();
    let booking = world.confirmed(&buyer, &performance, &["A-1-2"]).await;
    look_again().await;
    let sold = since(&taken["version"]).await.ok(200);
    let last = |changes: &Value, seat: u64| {
        changes.as_array().unwrap().iter().rfind(|change| change[0] == seat).map(|change| change[1].clone())
    };
    assert_eq!((last(&sold["changes"], 0), last(&sold["changes"], 1)), (Some(json!(0)), Some(json!(2))));

    let cancelled = booking.cancel(0, world.now()).unwrap();
    world.change(&booking, &cancelled, None).await;
    look_again().await;
    let back = since(&sold["version"]).await.ok(200);
    assert_eq!(back["changes"], json!([[1, 0]]));
    assert_eq!(states(&client.get(path(&performance)).send().await.ok(200)), [0; 10]);
}

#[tokio::test]
async fn an_unknown_version_gets_the_whole_map() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let map = client.get(path(&performance)).send().await.ok(200);
    for since in ["0", "18446744073709551615"] {
        let answer = client.get(format!("{}?since={since}", path(&performance))).send().await;
        assert_eq!(answer.ok(200), map, "{since}");
    }
    for since in ["x", "-1", ""] {
        let answer = client.get(format!("{}?since={since}", path(&performance))).send().await;
        assert_eq!(answer.invalid(), ["since"], "{since}");
    }
}

#[tokio::test]
async fn a_lost_redis_is_rebuilt_with_a_later_version() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let buyer = world.buyer().await;
    world.hold(&buyer, &performance, &["A-1-1"]).await;
    world.confirmed(&buyer, &performance, &["A-1-2"]).await;
    let before = client.get(path(&performance)).send().await.ok(200);
    world.flush_redis();
    let another = world.client(seat_map::FUNCTION, seat_map::routes());
    let after =
        another.get(format!("{}?since={}", path(&performance), before["version"])).send().await.ok(200);
    assert!(after["version"].as_u64() > before["version"].as_u64());
    assert_eq!(states(&after), [0, 2, 0, 0, 0, 0, 0, 0, 0, 0], "a lock is lost, a sale is not");
}

#[tokio::test]
async fn a_map_that_the_client_has_is_not_sent_again() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    for path in [path(&performance), format!("{}/layout", path(&performance))] {
        let answer = client.get(&path).send().await;
        let _ = answer.ok(200);
        let again = client.get(&path).header("if-none-match", answer.etag()).send().await;
        again.empty(304);
        assert_eq!(again.etag(), answer.etag());
        let _ = client.get(&path).header("if-none-match", "\"x\"").send().await.ok(200);
    }
}

#[tokio::test]
async fn a_layout_says_where_each_row_stands_and_never_changes() {
    let (world, client) = start().await;
    let sections: &[Section] = &[("가", "R", &[2, 4]), ("B", "S", &[3])];
    let fixture = Fixture { sections, grades: &[("R", 5), ("S", 3)], ..Fixture::default() };
    let performance = world.performance(fixture).await;
    let answer = client.get(format!("{}/layout", path(&performance))).send().await;
    let layout = answer.ok(200);
    assert_eq!(layout["layout_id"], json!(performance.layout_id));
    assert_eq!(layout["seat_count"], 9);
    let row = |section: usize, row: usize| &layout["sections"][section]["rows"][row];
    assert_eq!(
        (&layout["sections"][0]["section"], &layout["sections"][1]["grade"]),
        (&json!("가"), &json!("S"))
    );
    assert_eq!((&row(0, 1)["row"], &row(0, 1)["first_index"]), (&json!("2"), &json!(2)));
    assert_eq!((&row(1, 0)["numbers"], &row(1, 0)["first_index"]), (&json!([1, 2, 3]), &json!(6)));
    assert!(row(0, 0)["x"].as_i64() > row(0, 1)["x"].as_i64(), "a short row is centred");
    assert!(row(0, 0)["y"].is_i64());
    assert!(answer.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn an_unpublished_performance_has_no_map() {
    let (world, client) = start().await;
    let hidden = world.performance(Fixture { published: false, ..Fixture::default() }).await;
    let unknown = world.app.ids.uuid().to_string();
    for id in [hidden.performance_id.to_string(), unknown, "x".into()] {
        for path in [format!("/v1/seats/{id}"), format!("/v1/seats/{id}/layout")] {
            let _ = client.get(path).send().await.problem("not_found", 404);
        }
    }
}
