//! What is public about a queue, and what each person in it may know.
#![cfg(test)]

use domain::{performance::Performance, sale::SaleControl};
use std::time::Duration;
use testkit::{Client, Fixture, Person, World, json};

async fn start(fixture: Fixture) -> (World, Client, Performance) {
    let world = World::start().await;
    let client = another(&world);
    let performance = world.performance(fixture).await;
    (world, client, performance)
}

/// A process with an empty memory.
fn another(world: &World) -> Client {
    world.client(queue_status::FUNCTION, queue_status::routes())
}

/// A buyer with a number, and the ticket for it.
async fn joined(world: &World, performance: &Performance) -> (Person, String) {
    let person = world.buyer().await;
    let flow = world.app.catalog.flow(performance).unwrap();
    let (place, _) =
        world.app.room.join(performance.performance_id, person.user_id, None, &flow).await.unwrap();
    let ticket = world.ticket(&person, performance, place.standing.position());
    (person, ticket)
}

fn path(performance: &Performance) -> String {
    format!("/v1/queues/{}", performance.performance_id)
}

fn my_path(performance: &Performance) -> String {
    format!("/v1/queues/{}/me", performance.performance_id)
}

#[tokio::test]
async fn every_look_moves_the_queue_on_as_far_as_there_is_room() {
    let (world, client, performance) = start(Fixture { cap: 2, ..Fixture::queue() }).await;
    for _ in 0..3 {
        joined(&world, &performance).await;
    }
    let answer = client.get(path(&performance)).send().await;
    assert_eq!(
        answer.ok(200),
        json!({
            "serving": 2, "issued": 3, "active": 0, "cap": 2, "rate_per_min": 6_000,
            "called_per_min": 0, "state": "open", "poll_after_ms": 2_000,
        })
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
    client.get(path(&performance)).header("if-none-match", answer.etag()).send().await.empty(304);
}

#[tokio::test]
async fn for_a_second_a_process_remembers_its_answer() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let first = client.get(path(&performance)).send().await.ok(200);
    joined(&world, &performance).await;
    assert_eq!(client.get(path(&performance)).send().await.ok(200), first);
    assert_eq!(another(&world).get(path(&performance)).send().await.ok(200)["issued"], 1);
    tokio::time::sleep(Duration::from_millis(1_010)).await;
    assert_eq!(client.get(path(&performance)).send().await.ok(200)["issued"], 1);
}

#[tokio::test]
async fn while_a_sale_is_not_open_no_buyer_is_called() {
    for (fixture, state) in [
        (Fixture { opens_in_s: 60, ..Fixture::queue() }, "scheduled"),
        (Fixture { control: SaleControl::Paused, ..Fixture::queue() }, "paused"),
        (Fixture { control: SaleControl::Closed, ..Fixture::queue() }, "closed"),
    ] {
        let (world, client, performance) = start(fixture).await;
        joined(&world, &performance).await;
        let status = client.get(path(&performance)).send().await.ok(200);
        assert_eq!((&status["state"], &status["serving"]), (&json!(state), &json!(0)));
    }
}

#[tokio::test]
async fn a_place_goes_from_waiting_to_called_to_lapsed() {
    let (world, _, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    let short = [("YEMAE_CALL_WINDOW_S", "1")];
    let client = world.client_with(&short, queue_status::FUNCTION, queue_status::routes());
    let (_, first) = joined(&world, &performance).await;
    let (_, second) = joined(&world, &performance).await;
    let look = |ticket: &str| client.get(my_path(&performance)).header("queue-ticket", ticket).send();
    let called = look(&first).await.ok(200);
    assert_eq!(
        (&called["state"], &called["number"], &called["ahead"]),
        (&json!("called"), &json!(1), &json!(0))
    );
    let waiting = look(&second).await.ok(200);
    assert_eq!((&waiting["state"], &waiting["ahead"]), (&json!("waiting"), &json!(0)));
    assert!(waiting["eta_s"].is_null() && waiting["poll_after_ms"].is_u64());
    assert_eq!(called["eta_s"], json!([0, 0]));

    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(look(&first).await.ok(200)["state"], "called", "a missed call is called once more");
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(look(&first).await.ok(200)["state"], "lapsed");
    assert_eq!(look(&second).await.ok(200)["state"], "called");
}

#[tokio::test]
async fn a_place_that_is_given_up_stays_given_up() {
    let (world, client, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    let (_, first) = joined(&world, &performance).await;
    let (_, second) = joined(&world, &performance).await;
    let mine = || client.get(my_path(&performance)).header("queue-ticket", &first);
    assert_eq!(mine().send().await.ok(200)["state"], "called");
    for _ in 0..2 {
        client.delete(my_path(&performance)).header("queue-ticket", &first).send().await.empty(204);
    }
    assert_eq!(mine().send().await.ok(200)["state"], "left");
    let next = client.get(my_path(&performance)).header("queue-ticket", &second).send().await.ok(200);
    assert_eq!(next["state"], "called", "the call is free for the next one");
}

#[tokio::test]
async fn a_redis_that_forgot_accepts_a_signed_number() {
    let (world, client, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    joined(&world, &performance).await;
    let (_, second) = joined(&world, &performance).await;
    let mine = || client.get(my_path(&performance)).header("queue-ticket", &second);
    let before = mine().send().await.ok(200);
    world.flush_redis();
    let after = mine().send().await.ok(200);
    assert_eq!((&after["number"], &after["state"]), (&before["number"], &json!("waiting")));
}

#[tokio::test]
async fn only_a_ticket_for_this_queue_tells_a_place() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let elsewhere = world.performance(Fixture::queue()).await;
    let (person, _) = joined(&world, &performance).await;
    let never_given = world.ticket(&person, &elsewhere, 1);
    for ticket in ["", "x", &person.token, &never_given, &world.admitted(&person, &performance)] {
        let get = client.get(my_path(&performance)).header("queue-ticket", ticket);
        let _ = get.send().await.problem("bad_queue_ticket", 401);
        let delete = client.delete(my_path(&performance)).header("queue-ticket", ticket);
        let _ = delete.send().await.problem("bad_queue_ticket", 401);
    }
    let _ = client.get(my_path(&performance)).send().await.problem("bad_queue_ticket", 401);
    let old = world.ticket(&person, &performance, 1);
    world.set_forward(41 * 86_400);
    let get = client.get(my_path(&performance)).header("queue-ticket", old);
    let _ = get.send().await.problem("bad_queue_ticket", 401);
}

#[tokio::test]
async fn a_sale_without_a_queue_has_no_status() {
    let (world, client, performance) = start(Fixture::default()).await;
    let _ = client.get(path(&performance)).send().await.problem("queue_not_used", 409);
    let hidden = world.performance(Fixture { published: false, ..Fixture::queue() }).await;
    let _ = client.get(path(&hidden)).send().await.problem("not_found", 404);
    let _ = client.get("/v1/queues/x").send().await.problem("not_found", 404);
    let _ = client.get(format!("/v1/queues/{}", world.app.ids.uuid())).send().await.problem("not_found", 404);
}

#[tokio::test]
async fn a_client_that_asks_much_too_often_is_told_to_wait() {
    let (world, client, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    joined(&world, &performance).await;
    let (_, ticket) = joined(&world, &performance).await;
    let mine = |client: &Client| client.get(my_path(&performance)).header("queue-ticket", &ticket).send();
    let elsewhere = another(&world);
    let mut refused = 0;
    for round in 0..40 {
        let answer = mine(if round % 2 == 0 { &client } else { &elsewhere }).await;
        if answer.status == 200 {
            continue;
        }
        refused += 1;
        let wait_ms = answer.problem("rate_limited", 429)["retry_after_ms"].as_u64().unwrap();
        assert!((1..=8_000).contains(&wait_ms), "{wait_ms}");
        assert!(answer.header("ratelimit").contains("r=0") && !answer.header("ratelimit-policy").is_empty());
    }
    assert!(refused >= 15, "{refused}");
    // It costs no buyer their place.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(mine(&client).await.ok(200)["number"], 2);
}
