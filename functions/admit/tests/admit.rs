//! What entering, staying inside and leaving promise.
#![cfg(test)]

use domain::{performance::Performance, sale::SaleControl};
use jiff::Timestamp;
use std::time::Duration;
use testkit::{Answer, Client, Fixture, Person, Value, World, json};

async fn start(fixture: Fixture) -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(admit::FUNCTION, admit::routes());
    let performance = world.performance(fixture).await;
    (world, client, performance)
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

async fn claim(client: &Client, ticket: &str) -> Answer {
    client.post("/v1/admissions").header("queue-ticket", ticket).send().await
}

async fn renew(client: &Client, admission: &str) -> Answer {
    client.put("/v1/admissions").header("admission-token", admission).send().await
}

async fn leave(client: &Client, admission: &str) -> Answer {
    client.delete("/v1/admissions").header("admission-token", admission).send().await
}

fn token(admitted: &Value) -> String {
    admitted["admission_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_called_buyer_goes_in_and_finds_the_same_session_again() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let (person, ticket) = joined(&world, &performance).await;
    let admitted = claim(&client, &ticket).await.ok(201);
    let signed = world.app.tokens.admission(&token(&admitted), world.now()).unwrap();
    assert_eq!((signed.sub, signed.performance), (person.user_id, performance.performance_id));
    assert_eq!(admitted["performance_id"], json!(performance.performance_id));
    assert_eq!(admitted["renew_after_s"], 20);
    let time = |field: &str| admitted[field].as_str().unwrap().parse::<Timestamp>().unwrap();
    let from_now = |field: &str| (time(field) - world.now()).get_seconds();
    assert!((55..=60).contains(&from_now("expires_at")));
    assert!((595..=600).contains(&from_now("session_ends_at")));
    let again = claim(&client, &ticket).await.ok(200);
    assert_eq!(again["session_ends_at"], admitted["session_ends_at"]);
}

#[tokio::test]
async fn the_cap_holds_and_the_next_buyer_goes_in_when_one_leaves() {
    let (world, client, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    let (_, first) = joined(&world, &performance).await;
    let (_, second) = joined(&world, &performance).await;
    let inside = claim(&client, &first).await.ok(201);
    let waiting = claim(&client, &second).await.ok(202);
    assert_eq!((&waiting["state"], &waiting["number"]), (&json!("waiting"), &json!(2)));
    assert!(waiting["poll_after_ms"].is_u64() && waiting["eta_s"].is_null());
    for _ in 0..2 {
        leave(&client, &token(&inside)).await.empty(204);
    }
    let _ = claim(&client, &second).await.ok(201);
    let _ = claim(&client, &first).await.problem("call_lapsed", 410);
    let _ = renew(&client, &token(&inside)).await.problem("session_over", 410);
}

#[tokio::test]
async fn many_simultaneous_claims_fill_the_room_and_no_more() {
    let (world, client, performance) = start(Fixture { cap: 3, ..Fixture::queue() }).await;
    let mut claiming = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (client, (_, ticket)) = (client.clone(), joined(&world, &performance).await);
        claiming.spawn(async move { claim(&client, &ticket).await.status });
    }
    let mut statuses = claiming.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 202, 202, 202, 202, 202]);
}

#[tokio::test]
async fn a_call_waits_for_two_windows_and_is_then_gone() {
    let (world, _, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    let client = world.client_with(&[("YEMAE_CALL_WINDOW_S", "1")], admit::FUNCTION, admit::routes());
    let (_, missed) = joined(&world, &performance).await;
    let (_, next) = joined(&world, &performance).await;
    // This look calls the first buyer.
    let _ = claim(&client, &next).await.ok(202);
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(1_030)).await;
        let _ = claim(&client, &next).await;
    }
    let _ = claim(&client, &missed).await.problem("call_lapsed", 410);
    let _ = claim(&client, &next).await;
    let _ = claim(&client, &next).await.ok(200);
}

#[tokio::test]
async fn signs_of_life_keep_a_session_until_its_end() {
    let (world, _, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    let client = world.client_with(&[("YEMAE_ADMISSION_S", "2")], admit::FUNCTION, admit::routes());
    let (_, ticket) = joined(&world, &performance).await;
    let (_, next) = joined(&world, &performance).await;
    let admitted = claim(&client, &ticket).await.ok(201);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let renewed = renew(&client, &token(&admitted)).await.ok(200);
    for field in ["performance_id", "session_ends_at", "renew_after_s"] {
        assert_eq!(renewed[field], admitted[field], "{field}");
    }
    assert_eq!(renewed["expires_at"], renewed["session_ends_at"]);
    tokio::time::sleep(Duration::from_millis(1_450)).await;
    for admission in [&admitted, &renewed] {
        let _ = renew(&client, &token(admission)).await.problem("session_over", 410);
    }
    let _ = claim(&client, &ticket).await.problem("call_lapsed", 410);
    let _ = claim(&client, &next).await.ok(201);
}

#[tokio::test]
async fn while_a_sale_is_paused_no_new_buyer_goes_in() {
    let paused = Fixture { control: SaleControl::Paused, ..Fixture::queue() };
    let (world, client, performance) = start(paused).await;
    let (_, ticket) = joined(&world, &performance).await;
    assert_eq!(claim(&client, &ticket).await.ok(202)["state"], "waiting");
}

#[tokio::test]
async fn after_a_loss_the_buyers_inside_keep_their_places() {
    let (world, client, performance) = start(Fixture { cap: 1, ..Fixture::queue() }).await;
    let (_, first) = joined(&world, &performance).await;
    let (_, second) = joined(&world, &performance).await;
    let inside = claim(&client, &first).await.ok(201);
    let _ = claim(&client, &second).await.ok(202);
    world.flush_redis();
    let _ = claim(&client, &second).await.ok(202);
    let renewed = renew(&client, &token(&inside)).await.ok(200);
    assert_eq!(renewed["session_ends_at"], inside["session_ends_at"]);
    let _ = claim(&client, &first).await.ok(200);
    assert_eq!(claim(&client, &second).await.ok(202)["number"], 2);
}

#[tokio::test]
async fn only_valid_tokens_of_the_right_kind_open_the_door() {
    let (world, client, performance) = start(Fixture::queue()).await;
    let (person, ticket) = joined(&world, &performance).await;
    let admission = world.admitted(&person, &performance);
    for wrong in ["", "x", &person.token, &admission] {
        let _ = claim(&client, wrong).await.problem("bad_queue_ticket", 401);
    }
    for wrong in ["", "x", &person.token, &ticket] {
        let _ = renew(&client, wrong).await.problem("unauthenticated", 401);
        let _ = leave(&client, wrong).await.problem("unauthenticated", 401);
    }
    let _ = client.post("/v1/admissions").send().await.problem("bad_queue_ticket", 401);
    let _ = client.put("/v1/admissions").send().await.problem("unauthenticated", 401);
    let never_given = world.ticket(&person, &world.performance(Fixture::queue()).await, 7);
    let _ = claim(&client, &never_given).await.problem("call_lapsed", 410);
    let open = world.performance(Fixture::default()).await;
    let _ = claim(&client, &world.ticket(&person, &open, 1)).await.problem("queue_not_used", 409);
}
