//! What the history of a sale promises.
#![cfg(test)]

use domain::{performance::Performance, sale::RoomTimes};
use jiff::{SignedDuration, Timestamp};
use testkit::{Client, Fixture, Value, World, json};

async fn start(fixture: Fixture) -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(manage_sale::FUNCTION, manage_sale::routes());
    let performance = world.performance(fixture).await;
    (world, client, performance)
}

/// A minute passes, and the sale is looked at.
async fn a_minute_later(world: &World) {
    world.set_forward(60);
    world.app.recorder.record(world.now()).await;
}

async fn history(world: &World, client: &Client, performance: &Performance, query: &str) -> Value {
    let path = format!("/v1/manage/sales/{}/history{query}", performance.performance_id);
    client.get(path).bearer(&world.organizer.token).send().await.ok(200)
}

fn column(history: &Value, pointer: &str) -> Vec<u64> {
    let points = history["points"].as_array().unwrap();
    points.iter().map(|point| point.pointer(pointer).and_then(Value::as_u64).expect(pointer)).collect()
}

#[tokio::test]
async fn a_sale_is_seen_minute_by_minute_although_redis_is_lost() {
    let (world, client, performance) = start(Fixture { cap: 3, ..Fixture::queue() }).await;
    assert_eq!(history(&world, &client, &performance, "").await["points"], json!([]));
    a_minute_later(&world).await;

    let buyers = [world.buyer().await, world.buyer().await, world.buyer().await];
    for buyer in &buyers {
        world.inside(buyer, &performance).await;
    }
    world.confirmed(&buyers[0], &performance, &["A-1-1", "A-1-2"]).await;
    world.reserved(&buyers[1], &performance, &["A-1-3"]).await;
    world.hold(&buyers[2], &performance, &["A-1-4"]).await;
    a_minute_later(&world).await;
    let before = history(&world, &client, &performance, "").await;

    world.flush_redis();
    a_minute_later(&world).await;
    let staff = world.buyer().await;
    let path = format!("/v1/manage/sales/{}", performance.performance_id);
    let steering = json!({"bypass": [staff.email]});
    let _ = client.patch(path).bearer(&world.organizer.token).json(&steering).send().await.ok(200);
    world.confirmed(&staff, &performance, &["A-1-5"]).await;
    a_minute_later(&world).await;

    let seen = history(&world, &client, &performance, "").await;
    assert_eq!(
        (&seen["performance_id"], &seen["step_min"], &seen["seats_for_sale"]),
        (&json!(performance.performance_id), &json!(1), &json!(10))
    );
    assert_eq!(column(&seen, "/seats/sold"), [0, 2, 2, 3]);
    assert_eq!(column(&seen, "/seats/reserved"), [0, 1, 1, 1]);
    assert_eq!(column(&seen, "/seats/held"), [0, 1, 0, 0], "a lock does not outlive Redis");
    assert_eq!(column(&seen, "/room/inside"), [0, 3, 3, 3]);
    assert_eq!(column(&seen, "/room/cap"), [3; 4]);
    assert_eq!(column(&seen, "/reached/entered"), [0, 3, 3, 3]);
    assert_eq!(column(&seen, "/reached/held"), [0, 3, 3, 4]);
    assert_eq!(column(&seen, "/reached/booked"), [0, 2, 2, 3]);
    assert_eq!(column(&seen, "/reached/paid"), [0, 1, 1, 2]);
    let joined = column(&seen, "/reached/joined");
    assert!(joined[..2] == [0, 3] && joined[1..].is_sorted(), "{joined:?}");
    assert_eq!(
        (&joined, &column(&seen, "/reached/called")),
        (&vec![0, 3, 3, 3], &joined),
        "people, not numbers"
    );
    assert_eq!(column(&seen, "/room/waiting"), [0; 4]);
    assert_eq!(seen["points"].as_array().unwrap()[..2], before["points"].as_array().unwrap()[..]);
}

#[tokio::test]
async fn a_loss_before_the_first_look_at_an_opening_leaves_no_contradiction() {
    let (world, client, performance) = start(Fixture { cap: 20, ..Fixture::queue() }).await;
    a_minute_later(&world).await;
    for seat in ["A-1-1", "A-1-2", "A-1-3", "A-1-4"] {
        let buyer = world.buyer().await;
        world.inside(&buyer, &performance).await;
        world.confirmed(&buyer, &performance, &[seat]).await;
    }
    world.inside(&world.buyer().await, &performance).await;
    world.flush_redis();
    a_minute_later(&world).await;
    let late = world.buyer().await.user_id;
    let times = RoomTimes { call_window_s: 30, session_s: 600 };
    let flow = performance.flow(world.now(), times).unwrap();
    world.app.room.join(performance.performance_id, late, None, &flow).await.unwrap();
    a_minute_later(&world).await;
    let seen = history(&world, &client, &performance, "").await;
    assert_eq!(column(&seen, "/room/inside"), [0, 5, 5]);
    assert_eq!(column(&seen, "/room/waiting"), [0, 0, 1], "numbers that no one has do not wait");
    for (step, counts) in [("joined", [0, 5, 6]), ("called", [0, 5, 5]), ("entered", [0, 5, 5])] {
        assert_eq!(column(&seen, &format!("/reached/{step}")), counts, "{step}");
    }
    for step in ["held", "booked", "paid"] {
        assert_eq!(column(&seen, &format!("/reached/{step}")), [0, 4, 4], "{step}");
    }
}

#[tokio::test]
async fn a_minute_is_written_once_and_its_latest_look_counts() {
    let (world, client, performance) = start(Fixture::default()).await;
    a_minute_later(&world).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    world.app.recorder.record(world.now()).await;
    assert_eq!(column(&history(&world, &client, &performance, "").await, "/seats/sold"), [0]);
    let another = world.app_with(&[]);
    another.recorder.record(world.now()).await;
    assert_eq!(column(&history(&world, &client, &performance, "").await, "/seats/sold"), [1]);
}

#[tokio::test]
async fn a_part_can_be_read_coarser_and_again_only_if_it_changed() {
    let (world, client, performance) = start(Fixture::default()).await;
    for _ in 0..3 {
        a_minute_later(&world).await;
    }
    let all = history(&world, &client, &performance, "").await;
    let second = all["points"][1]["at"].as_str().unwrap();
    let tail = history(&world, &client, &performance, &format!("?from={second}")).await;
    assert_eq!(tail["points"].as_array().unwrap(), &all["points"].as_array().unwrap()[1..]);
    let coarse = history(&world, &client, &performance, "?step_min=360").await;
    assert_eq!(coarse["step_min"], 360);
    assert_eq!(coarse["points"].as_array().unwrap().last(), all["points"].as_array().unwrap().last());
    let reversed = "?from=2026-12-01T00:00:00Z&to=2026-11-30T23:59:59Z";
    for (query, field) in [
        ("?step_min=2", "step_min"),
        ("?step_min=0", "step_min"),
        ("?step_min=-1", "step_min"),
        ("?step_min=x", "step_min"),
        ("?from=yesterday", "from"),
        ("?to=1", "to"),
        (reversed, "from"),
    ] {
        let path = format!("/v1/manage/sales/{}/history{query}", performance.performance_id);
        let answer = client.get(path).bearer(&world.organizer.token).send().await;
        assert_eq!(answer.invalid(), [field]);
    }
    let path = format!("/v1/manage/sales/{}/history", performance.performance_id);
    let answer = client.get(&path).bearer(&world.organizer.token).send().await;
    let tag = answer.headers["etag"].to_str().unwrap().to_owned();
    let again = client.get(&path).bearer(&world.organizer.token).header("if-none-match", &tag).send().await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn a_period_without_looks_is_no_mistake() {
    let (world, client, performance) = start(Fixture::default()).await;
    a_minute_later(&world).await;
    let (now, begin) = (world.now(), performance.sale.opens_at);
    let at = |time: Timestamp, ahead_s| time + SignedDuration::from_secs(ahead_s);
    for query in [
        format!("?from={0}&to={0}", at(now, 3_600)),
        format!("?from={}", at(now, 3_600)),
        format!("?to={}", at(begin, -3_600)),
    ] {
        assert_eq!(history(&world, &client, &performance, &query).await["points"], json!([]), "{query}");
    }
    let path = format!("/v1/manage/sales/{}/history", performance.performance_id);
    let reversed = format!("{path}?from={now}&to={}", at(now, -1));
    let answer = client.get(reversed).bearer(&world.organizer.token).send().await;
    assert_eq!(answer.problem("validation_failed", 422)["errors"][0]["message"], "must not be after to");
    let answer = client.get(format!("{path}?step_min=2")).bearer(&world.organizer.token).send().await;
    assert_eq!(answer.problem("validation_failed", 422)["errors"][0]["message"], "must be 1, 15 or 360");
}

#[tokio::test]
async fn what_is_not_on_sale_has_no_history() {
    let soon = Fixture { opens_in_s: 120, ..Fixture::default() };
    let (world, client, performance) = start(soon.clone()).await;
    let unpublished = world.performance(Fixture { published: false, ..Fixture::default() }).await;
    let gathering = Fixture { prequeue_in_s: Some(-1), opens_in_s: 600, ..Fixture::queue() };
    let gathering = world.performance(gathering).await;
    a_minute_later(&world).await;
    a_minute_later(&world).await;
    let points =
        async |performance| column(&history(&world, &client, performance, "").await, "/room/cap").len();
    assert_eq!((points(&performance).await, points(&unpublished).await, points(&gathering).await), (1, 0, 2));
    let ended = Fixture { closes_in_s: 60, opens_in_s: -60, ..Fixture::default() };
    let ended = world.performance(ended).await;
    world.set_forward(60 + domain::history::AFTER_END_S);
    a_minute_later(&world).await;
    assert_eq!(points(&ended).await, 0);
}

#[tokio::test]
async fn a_sale_that_is_over_keeps_its_minutes() {
    let short = Fixture { closes_in_s: 600, opens_in_s: -60, ..Fixture::default() };
    let (world, client, performance) = start(short).await;
    a_minute_later(&world).await;
    world.set_forward(30 * 86_400);
    let seen = history(&world, &client, &performance, "").await;
    assert_eq!((&seen["step_min"], column(&seen, "/room/cap").len()), (&json!(1), 1));
}

#[tokio::test]
async fn a_history_belongs_to_its_organizer() {
    let (world, client, performance) = start(Fixture::default()).await;
    let path = format!("/v1/manage/sales/{}/history", performance.performance_id);
    let stranger = world.person(domain::user::Role::Organizer).await;
    let _ = client.get(&path).bearer(&stranger.token).send().await.problem("forbidden", 403);
    let _ = client.get(&path).send().await.problem("unauthenticated", 401);
}
