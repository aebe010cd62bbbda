//! What joining a queue promises.
#![cfg(test)]

use domain::{performance::Performance, sale::SaleControl};
use testkit::{Client, Fixture, Person, Request, World, json};

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(enqueue::FUNCTION, enqueue::routes());
    (world, client)
}

fn join(client: &Client, person: &Person, performance: &Performance) -> Request {
    let body = json!({"performance_id": performance.performance_id});
    client.post("/v1/queue-tickets").bearer(&person.token).json(&body)
}

#[tokio::test]
async fn every_buyer_gets_the_next_number_once() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    for number in 1..=3 {
        let person = world.buyer().await;
        let joined = join(&client, &person, &performance).send().await.ok(201);
        let ticket = joined["queue_ticket"].as_str().unwrap();
        assert_eq!(
            (&joined["number"], &joined["ahead"], &joined["state"]),
            (&json!(number), &json!(number - 1), &json!("waiting"))
        );
        assert!(joined["eta_s"].is_null(), "nothing was measured yet");
        assert!((1_200..=1_900).contains(&joined["poll_after_ms"].as_u64().unwrap()));
        let signed = world.app.tokens.queue_ticket(ticket, world.now()).unwrap();
        assert_eq!(
            (signed.number, signed.sub, signed.performance),
            (Some(number), person.user_id, performance.performance_id)
        );
        let elsewhere = world.client(enqueue::FUNCTION, enqueue::routes());
        let again = join(&elsewhere, &person, &performance).send().await.ok(200);
        assert_eq!(again["number"], number);
    }
}

#[tokio::test]
async fn simultaneous_buyers_share_no_number() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    let mut joining = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let request = join(&client, &world.buyer().await, &performance);
        joining.spawn(async move { request.send().await.ok(201)["number"].as_u64().unwrap() });
    }
    let mut numbers = joining.join_all().await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_old_ticket_restores_a_number_that_redis_forgot() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture { cap: 1, ..Fixture::queue() }).await;
    let (first, second) = (world.buyer().await, world.buyer().await);
    let _ = join(&client, &first, &performance).send().await.ok(201);
    let old = join(&client, &second, &performance).send().await.ok(201);
    let ticket = old["queue_ticket"].as_str().unwrap();
    world.flush_redis();
    let stranger = world.buyer().await;
    let theirs = join(&client, &stranger, &performance).header("queue-ticket", ticket).send().await.ok(201);
    assert!(theirs["number"].as_u64() > Some(2), "another's ticket is worth nothing");
    let back = join(&client, &second, &performance).header("queue-ticket", ticket).send().await.ok(200);
    assert_eq!((&back["number"], &back["ahead"]), (&json!(2), &json!(1)));
    let forgotten = join(&client, &first, &performance).send().await.ok(201);
    assert!(forgotten["number"].as_u64() > theirs["number"].as_u64(), "no number is given twice");
}

#[tokio::test]
async fn an_invalid_ticket_is_ignored() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    let elsewhere = world.performance(Fixture::queue()).await;
    let person = world.buyer().await;
    for ticket in ["x", &person.token, &world.ticket(&person, &elsewhere, 7)] {
        let joined = join(&client, &person, &performance).header("queue-ticket", ticket).send().await;
        assert_eq!(joined.json()["number"], 1);
    }
}

#[tokio::test]
async fn a_buyer_who_left_joins_again_at_the_end() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    let person = world.buyer().await;
    let left = join(&client, &person, &performance).send().await.ok(201);
    let _ = join(&client, &world.buyer().await, &performance).send().await.ok(201);
    world.app.room.leave(performance.performance_id, person.user_id, None).await.unwrap();
    let ticket = left["queue_ticket"].as_str().unwrap();
    let again = join(&client, &person, &performance).header("queue-ticket", ticket).send().await.ok(201);
    assert_eq!(again["number"], 3);
}

#[tokio::test]
async fn joining_is_possible_as_long_as_the_sale_is_open() {
    let (world, client) = start().await;
    let person = world.buyer().await;
    let early = Fixture { opens_in_s: 60, ..Fixture::queue() };
    let over = Fixture { closes_in_s: -1, ..Fixture::queue() };
    let closed = Fixture { control: SaleControl::Closed, ..Fixture::queue() };
    let hidden = Fixture { published: false, ..Fixture::queue() };
    for (fixture, code, status) in [
        (early, "sale_not_open", 403),
        (over, "queue_closed", 409),
        (closed, "queue_closed", 409),
        (Fixture::default(), "queue_not_used", 409),
        (hidden, "not_found", 404),
    ] {
        let performance = world.performance(fixture).await;
        let _ = join(&client, &person, &performance).send().await.problem(code, status);
    }
    let paused = Fixture { control: SaleControl::Paused, ..Fixture::queue() };
    let performance = world.performance(paused).await;
    let _ = join(&client, &person, &performance).send().await.ok(201);
}

#[tokio::test]
async fn a_request_needs_an_account_and_a_performance() {
    let (world, client) = start().await;
    let unknown = json!({"performance_id": world.app.ids.uuid()});
    let post = || client.post("/v1/queue-tickets");
    let _ = post().json(&unknown).send().await.problem("unauthenticated", 401);
    let person = world.buyer().await;
    let _ = post().bearer(&person.token).json(&unknown).send().await.problem("not_found", 404);
    assert_eq!(post().bearer(&person.token).json(&json!({})).send().await.invalid(), ["performance_id"]);
}
