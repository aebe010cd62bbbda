//! What holding seats promises.
#![cfg(test)]

use domain::{
    BookingId,
    booking::{Booking, BookingState},
    hold::HoldId,
    layout::PART_NAME_MAX,
    performance::Performance,
    sale::SaleControl,
};
use shared::ports::BookingChange;
use std::time::Duration;
use testkit::{Answer, Client, Fixture, Person, Section, Value, World, json};

async fn start() -> (World, Client, Person) {
    let world = World::start().await;
    let client = world.client(lock_seat::FUNCTION, lock_seat::routes());
    let buyer = world.buyer().await;
    (world, client, buyer)
}

async fn hold(client: &Client, person: &Person, performance: &Performance, seats: &[&str]) -> Answer {
    let body = json!({"performance_id": performance.performance_id, "seats": seats});
    client.post("/v1/holds").bearer(&person.token).json(&body).send().await
}

async fn best(
    client: &Client,
    person: &Person,
    performance: &Performance,
    count: u32,
    grade: &str,
) -> Answer {
    let best = json!({"count": count, "grade": grade});
    let body = json!({"performance_id": performance.performance_id, "best": best});
    client.post("/v1/holds").bearer(&person.token).json(&body).send().await
}

#[tokio::test]
async fn a_hold_names_its_seats_in_order_their_price_and_its_end() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let answer = hold(&client, &buyer, &performance, &["A-1-10", "A-1-2"]).await;
    let held = answer.ok(201);
    let (hold_id, expires_at) = (held["hold_id"].clone(), held["expires_at"].clone());
    let path = format!("/v1/holds/{}", hold_id.as_str().unwrap());
    assert_eq!(answer.header("location"), path);
    let ends: jiff::Timestamp = expires_at.as_str().unwrap().parse().unwrap();
    assert!((295..=300).contains(&(ends - world.now()).get_seconds()));
    assert_eq!(
        held,
        json!({
            "hold_id": hold_id, "performance_id": performance.performance_id, "seats": ["A-1-2", "A-1-10"],
            "places": [
                {"seat": "A-1-2", "section": "A", "row": "1", "number": "2", "kind": "seat", "grade": "R"},
                {"seat": "A-1-10", "section": "A", "row": "1", "number": "10", "kind": "seat", "grade": "R"},
            ],
            "expires_at": expires_at, "amount": 100_000, "currency": "KRW",
        })
    );
    let again = hold(&client, &buyer, &performance, &["A-1-2", "A-1-10"]).await;
    assert_eq!(again.ok(200), held);
    assert_eq!(client.get(&path).bearer(&buyer.token).send().await.ok(200), held);
}

#[tokio::test]
async fn how_the_characters_of_a_name_are_composed_does_not_matter() {
    const GA: &str = "\u{1100}\u{1161}";
    let (world, client, buyer) = start().await;
    let sections: &[Section] = &[("가", "가", &[4])];
    let fixture = Fixture { sections, grades: &[("가", 50_000)], ..Fixture::default() };
    let performance = world.performance(fixture).await;
    let held = hold(&client, &buyer, &performance, &[&format!("{GA}-1-4")]).await.ok(201);
    assert_eq!(held["seats"], json!(["가-1-4"]));
    let twice = hold(&client, &buyer, &performance, &["가-1-2", &format!("{GA}-1-2")]).await;
    assert_eq!(twice.invalid(), ["seats"]);
    let _ = best(&client, &buyer, &performance, 1, GA).await.ok(201);
}

#[tokio::test]
async fn several_seats_are_held_all_or_none() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let other = world.buyer().await;
    let _ = hold(&client, &other, &performance, &["A-1-2", "A-1-4"]).await.ok(201);
    let problem = hold(&client, &buyer, &performance, &["A-1-1", "A-1-2", "A-1-4"]).await;
    assert_eq!(problem.problem("seat_held", 409)["seats"], json!(["A-1-2", "A-1-4"]));
    let _ = hold(&client, &other, &performance, &["A-1-1"]).await.ok(201);
}

#[tokio::test]
async fn reserved_seats_may_come_back_and_sold_seats_do_not() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let other = world.buyer().await;
    world.reserved(&other, &performance, &["A-1-1"]).await;
    world.confirmed(&other, &performance, &["A-1-2"]).await;
    let reserved = hold(&client, &buyer, &performance, &["A-1-1", "A-1-3"]).await;
    assert_eq!(reserved.problem("seat_held", 409)["seats"], json!(["A-1-1"]));
    let sold = hold(&client, &buyer, &performance, &["A-1-1", "A-1-2", "A-1-3"]).await;
    assert_eq!(sold.problem("seat_sold", 409)["seats"], json!(["A-1-2"]));
}

#[tokio::test]
async fn sharing_some_seats_replaces_a_hold_and_keeps_its_end() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let first = hold(&client, &buyer, &performance, &["A-1-1", "A-1-2"]).await.ok(201);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let second = hold(&client, &buyer, &performance, &["A-1-2", "A-1-3", "A-1-4"]).await.ok(201);
    assert_ne!(second["hold_id"], first["hold_id"]);
    assert_eq!(second["expires_at"], first["expires_at"]);
    let gone = format!("/v1/holds/{}", first["hold_id"].as_str().unwrap());
    let _ = client.get(gone).bearer(&buyer.token).send().await.problem("hold_not_found", 404);
    let other = world.buyer().await;
    let _ = hold(&client, &other, &performance, &["A-1-1"]).await.ok(201);
}

#[tokio::test]
async fn holds_and_bookings_share_one_limit() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    world.confirmed(&buyer, &performance, &["A-1-1"]).await;
    world.reserved(&buyer, &performance, &["A-1-2"]).await;
    let _ = hold(&client, &buyer, &performance, &["A-1-3"]).await.ok(201);
    let _ = hold(&client, &buyer, &performance, &["A-1-4"]).await.ok(201);
    let _ = hold(&client, &buyer, &performance, &["A-1-5"]).await.problem("limit_exceeded", 409);
    let _ = best(&client, &buyer, &performance, 1, "R").await.problem("limit_exceeded", 409);
    let _ = hold(&client, &world.buyer().await, &performance, &["A-1-5"]).await.ok(201);
    let another = world.performance(Fixture::default()).await;
    let _ = hold(&client, &buyer, &another, &["A-1-5"]).await.ok(201);
}

#[tokio::test]
async fn seats_that_cannot_be_held_are_named() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture { house_seats: true, ..Fixture::default() }).await;
    let unknown = hold(&client, &buyer, &performance, &["A-1-1", "A-1-2", "A-1-11", "B-1-1", "좌석"]).await;
    assert_eq!(
        unknown.problem("unknown_seat", 422)["seats"],
        json!(["A-1-1", "A-1-11", "B-1-1", "좌석"]),
        "A-1-1 is the house's own"
    );
    let five = ["A-1-2", "A-1-3", "A-1-4", "A-1-5", "A-1-6"];
    let _ = hold(&client, &buyer, &performance, &five).await.problem("too_many_seats", 422);
    let _ = best(&client, &buyer, &performance, 5, "R").await.problem("too_many_seats", 422);
    assert_eq!(hold(&client, &buyer, &performance, &["A-1-2", "A-1-2"]).await.invalid(), ["seats"]);
    assert_eq!(hold(&client, &buyer, &performance, &[]).await.invalid(), ["seats"]);
    assert_eq!(best(&client, &buyer, &performance, 0, "R").await.invalid(), ["best.count"]);
    assert_eq!(best(&client, &buyer, &performance, 1, "VIP").await.invalid(), ["best.grade"]);

    let id = performance.performance_id;
    let both = json!({"performance_id": id, "seats": ["A-1-2"], "best": {"count": 1, "grade": "R"}});
    for (body, field) in [
        (json!({"performance_id": id}), "seats"),
        (both, "seats"),
        (json!({"performance_id": "x", "seats": ["A-1-2"]}), "performance_id"),
        (json!({"performance_id": id, "best": {"grade": "R"}}), "best.count"),
    ] {
        let answer = client.post("/v1/holds").bearer(&buyer.token).json(&body).send().await;
        assert_eq!(answer.invalid(), [field]);
    }
}

#[tokio::test]
async fn seats_of_any_script_have_names() {
    let (world, client, buyer) = start().await;
    let sections: &[Section] = &[("가구역", "특별석", &[3])];
    let grades = &[("특별석", 70_000)];
    let performance = world.performance(Fixture { sections, grades, ..Fixture::default() }).await;
    let held = hold(&client, &buyer, &performance, &["가구역-1-3"]).await.ok(201);
    assert_eq!((&held["seats"], &held["amount"]), (&json!(["가구역-1-3"]), &json!(70_000)));
}

#[tokio::test]
async fn seats_with_the_longest_names_of_any_script_are_held_by_name_and_as_the_best() {
    const LONGEST: &str = "가나다라마바사아자차카타파하거너더러머버";
    let (world, client, buyer) = start().await;
    let sections: &[Section] = &[(LONGEST, "R", &[10])];
    let performance = world.performance(Fixture { sections, ..Fixture::default() }).await;
    assert_eq!(LONGEST.chars().count(), PART_NAME_MAX);
    let name = format!("{LONGEST}-1-10");
    let named = hold(&client, &buyer, &performance, &[&name]).await.ok(201);
    assert_eq!(named["seats"], json!([name]));
    let best = best(&client, &buyer, &performance, 1, "R").await.ok(201);
    assert_eq!(best["seats"], json!([format!("{LONGEST}-1-5")]));
}

#[tokio::test]
async fn the_best_seats_are_together_in_the_best_row_that_has_them() {
    let (world, client, buyer) = start().await;
    let sections: &[Section] = &[("A", "R", &[4, 6]), ("B", "S", &[2])];
    let grades = &[("R", 50_000), ("S", 0)];
    let fixture = Fixture { sections, grades, max_seats_per_user: 6, ..Fixture::default() };
    let performance = world.performance(fixture).await;
    let other = world.buyer().await;
    let _ = hold(&client, &other, &performance, &["A-1-2"]).await.ok(201);
    let held = best(&client, &buyer, &performance, 3, "R").await.ok(201);
    let row = held["seats"].as_array().unwrap();
    assert!(row.iter().all(|seat| seat.as_str().unwrap().starts_with("A-2-")), "{held}");
    let free = best(&client, &buyer, &performance, 2, "S").await.ok(201);
    assert_eq!((&free["seats"], &free["amount"]), (&json!(["B-1-1", "B-1-2"]), &json!(0)));
}

#[tokio::test]
async fn when_no_seats_are_left_together_the_answer_says_whether_they_may_come_back() {
    let (world, client, buyer) = start().await;
    let sections: &[Section] = &[("A", "R", &[2]), ("B", "S", &[2])];
    let grades = &[("R", 50_000), ("S", 40_000)];
    let performance = world.performance(Fixture { sections, grades, ..Fixture::default() }).await;
    let other = world.buyer().await;
    world.hold(&other, &performance, &["A-1-1"]).await;
    world.confirmed(&other, &performance, &["B-1-1", "B-1-2"]).await;
    let held = best(&client, &buyer, &performance, 2, "R").await.problem("seat_held", 409);
    assert!(held.get("seats").is_none());
    let _ = best(&client, &buyer, &performance, 1, "S").await.problem("seat_sold", 409);
    assert_eq!(best(&client, &buyer, &performance, 1, "R").await.ok(201)["seats"], json!(["A-1-2"]));
}

#[tokio::test]
async fn buyers_who_ask_for_the_best_at_once_do_not_stand_in_each_others_way() {
    let (world, client, _) = start().await;
    let sections: &[Section] = &[("A", "R", &[10, 10])];
    let performance = world.performance(Fixture { sections, ..Fixture::default() }).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (client, buyer, performance) = (client.clone(), world.buyer().await, performance.clone());
        asking.spawn(async move { best(&client, &buyer, &performance, 2, "R").await });
    }
    let mut seats: Vec<_> =
        asking.join_all().await.iter().map(|answer| answer.ok(201)["seats"].to_string()).collect();
    seats.sort();
    seats.dedup();
    assert_eq!(seats.len(), 8);
}

#[tokio::test]
async fn a_hold_expires_by_itself() {
    let (world, _, buyer) = start().await;
    let short = [("YEMAE_HOLD_TTL_S", "1")];
    let client = world.client_with(&short, lock_seat::FUNCTION, lock_seat::routes());
    let performance = world.performance(Fixture::default()).await;
    let held = hold(&client, &buyer, &performance, &["A-1-1"]).await.ok(201);
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let gone = format!("/v1/holds/{}", held["hold_id"].as_str().unwrap());
    let _ = client.get(&gone).bearer(&buyer.token).send().await.problem("hold_not_found", 404);
    let _ = client.delete(&gone).bearer(&buyer.token).send().await.problem("hold_not_found", 404);
    let _ = hold(&client, &world.buyer().await, &performance, &["A-1-1"]).await.ok(201);
}

#[tokio::test]
async fn only_its_owner_can_release_a_hold() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let held = hold(&client, &buyer, &performance, &["A-1-1"]).await.ok(201);
    let path = format!("/v1/holds/{}", held["hold_id"].as_str().unwrap());
    let other = world.buyer().await;
    let _ = client.get(&path).bearer(&other.token).send().await.problem("hold_not_found", 404);
    let _ = client.delete(&path).bearer(&other.token).send().await.problem("hold_not_found", 404);
    let _ = client.delete(&path).send().await.problem("unauthenticated", 401);
    client.delete(&path).bearer(&buyer.token).send().await.empty(204);
    let _ = client.delete(&path).bearer(&buyer.token).send().await.problem("hold_not_found", 404);
    let _ = hold(&client, &other, &performance, &["A-1-1"]).await.ok(201);

    let elsewhere =
        HoldId { performance: domain::PerformanceId(world.app.ids.uuid()), token: world.app.ids.uuid() };
    for id in [elsewhere.to_string(), "x".into(), "%FF".into()] {
        let answer = client.get(format!("/v1/holds/{id}")).bearer(&buyer.token).send().await;
        assert_eq!(answer.status, 404, "{id}");
    }
}

#[tokio::test]
async fn a_sale_that_is_not_open_holds_nothing() {
    let (world, client, buyer) = start().await;
    let opens_in_s = 60;
    let scheduled = Fixture { opens_in_s, ..Fixture::default() };
    let over = Fixture { closes_in_s: -1, ..Fixture::default() };
    let paused = Fixture { control: SaleControl::Paused, ..Fixture::default() };
    let closed = Fixture { control: SaleControl::Closed, ..Fixture::queue() };
    let early = Fixture { opens_in_s, ..Fixture::queue() };
    for fixture in [scheduled, over, paused, closed, early] {
        let performance = world.performance(fixture).await;
        let admission = world.admitted(&buyer, &performance);
        let body = json!({"performance_id": performance.performance_id, "seats": ["A-1-1"]});
        let request = client.post("/v1/holds").bearer(&buyer.token).header("admission-token", admission);
        let _ = request.json(&body).send().await.problem("sale_not_open", 403);
    }
    let hidden = world.performance(Fixture { published: false, ..Fixture::default() }).await;
    let _ = hold(&client, &buyer, &hidden, &["A-1-1"]).await.problem("not_found", 404);
    let nowhere = Performance { performance_id: domain::PerformanceId(world.app.ids.uuid()), ..hidden };
    let _ = hold(&client, &buyer, &nowhere, &["A-1-1"]).await.problem("not_found", 404);
}

#[tokio::test]
async fn nothing_is_held_after_the_start_unless_latecomers_are_let_in() {
    let (world, client, buyer) = start().await;
    // Its sale was set to go on before this was asked about.
    let fixture = Fixture { closes_in_s: 3_600, starts_in_s: 60, ..Fixture::default() };
    let started = world.performance(fixture.clone()).await;
    let late = world.performance(Fixture { late_entry: true, ..fixture }).await;
    let _ = hold(&client, &buyer, &started, &["A-1-1"]).await.ok(201);
    world.set_forward(61);
    let again = world.client(lock_seat::FUNCTION, lock_seat::routes());
    let refused = hold(&again, &buyer, &started, &["A-1-2"]).await.problem("sale_not_open", 403);
    assert_eq!(refused["detail"], "The performance has started");
    let _ = hold(&again, &buyer, &late, &["A-1-2"]).await.ok(201);
    world.set_forward(3_600);
    let _ = hold(&again, &buyer, &late, &["A-1-3"]).await.problem("sale_not_open", 403);
}

#[tokio::test]
async fn a_sale_with_a_queue_accepts_only_its_own_admission() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    let elsewhere = world.performance(Fixture::queue()).await;
    let other = world.buyer().await;
    let ask = |admission: String| {
        let body = json!({"performance_id": performance.performance_id, "seats": ["A-1-1"]});
        client.post("/v1/holds").bearer(&buyer.token).header("admission-token", admission).json(&body).send()
    };
    for wrong in [
        String::new(),
        world.admitted(&buyer, &elsewhere),
        world.admitted(&other, &performance),
        world.ticket(&buyer, &performance, 1),
        buyer.token.clone(),
    ] {
        let _ = ask(wrong).await.problem("not_admitted", 403);
    }
    let _ = hold(&client, &buyer, &performance, &["A-1-1"]).await.problem("not_admitted", 403);
    let _ = ask(world.admitted(&buyer, &performance)).await.problem("not_admitted", 403);
    let _ = ask(world.inside(&buyer, &performance).await).await.ok(201);
    world.app.room.leave(performance.performance_id, buyer.user_id, None).await.unwrap();
    let _ = ask(world.admitted(&buyer, &performance)).await.problem("not_admitted", 403);
}

#[tokio::test]
async fn a_pause_stops_no_buyer_who_was_let_in() {
    let (world, client, buyer) = start().await;
    let fixture = Fixture { control: SaleControl::Paused, ..Fixture::queue() };
    let performance = world.performance(fixture).await;
    let body = json!({"performance_id": performance.performance_id, "seats": ["A-1-1"]});
    let admission = world.inside(&buyer, &performance).await;
    let request = client.post("/v1/holds").bearer(&buyer.token).header("admission-token", admission);
    let _ = request.json(&body).send().await.ok(201);
}

#[tokio::test]
async fn a_redis_that_forgot_everything_still_knows_what_the_books_sold() {
    let (mut world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    let lost = hold(&client, &buyer, &performance, &["A-1-2"]).await.ok(201);
    world.redis.restart().await.unwrap();
    let path = format!("/v1/holds/{}", lost["hold_id"].as_str().unwrap());
    let _ = client.get(path).bearer(&buyer.token).send().await.problem("hold_not_found", 404);
    let sold = hold(&client, &buyer, &performance, &["A-1-1"]).await;
    assert_eq!(sold.problem("seat_sold", 409)["seats"], json!(["A-1-1"]));
    let _ = hold(&client, &world.buyer().await, &performance, &["A-1-2"]).await.ok(201);
}

#[tokio::test]
async fn an_unavailable_store_is_reported() {
    let (world, _, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let client = world.client_with(&nowhere, lock_seat::FUNCTION, lock_seat::routes());
    let answer = hold(&client, &buyer, &performance, &["A-1-1"]).await;
    let problem: Value = answer.problem("store_unavailable", 503);
    assert!(!problem.to_string().to_lowercase().contains("redis"));
}

/// Cancels as if the process had died between the commit and its projection, and `relay` were not running.
async fn cancel_unseen(world: &World, before: &Booking) {
    let after = before.cancel(0, world.now()).unwrap();
    let change = BookingChange { before, after: &after, payment: None, completion: None, now: world.now() };
    world.app.books.change(&change).await.unwrap();
}

#[tokio::test]
async fn a_seat_that_the_books_say_is_free_can_be_had_whatever_the_map_says() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let other = world.buyer().await;
    let sold = world.confirmed(&other, &performance, &["A-1-1", "A-1-2", "A-1-3", "A-1-4"]).await;
    let reserved = world.reserved(&world.buyer().await, &performance, &["A-1-5"]).await;
    cancel_unseen(&world, &sold).await;
    cancel_unseen(&world, &reserved).await;
    let _ = hold(&client, &buyer, &performance, &["A-1-1", "A-1-2", "A-1-3", "A-1-4"]).await.ok(201);
    // The buyer who gave them back may have as many others.
    world.set_forward(2);
    let _ = hold(&client, &other, &performance, &["A-1-5"]).await.ok(201);
}

#[tokio::test]
async fn the_best_seats_and_the_limit_follow_the_books_too() {
    let (world, client, buyer) = start().await;
    let sections: &[Section] = &[("A", "R", &[4])];
    let small = world.performance(Fixture { sections, ..Fixture::default() }).await;
    let other = world.buyer().await;
    let all = world.confirmed(&other, &small, &["A-1-1", "A-1-2", "A-1-3", "A-1-4"]).await;
    cancel_unseen(&world, &all).await;
    let _ = best(&client, &buyer, &small, 2, "R").await.ok(201);

    let large = world.performance(Fixture::default()).await;
    let four = world.confirmed(&other, &large, &["A-1-1", "A-1-2", "A-1-3", "A-1-4"]).await;
    cancel_unseen(&world, &four).await;
    let _ = hold(&client, &other, &large, &["A-1-7"]).await.ok(201);
}

#[tokio::test]
async fn a_redis_that_went_back_in_time_costs_no_more_than_a_moment() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let other = world.buyer().await;
    let sold = world.confirmed(&other, &performance, &["A-1-1"]).await;
    let seat = sold.seats[0].index;
    // The seat was sold again and given back under a fence that this Redis has not issued yet.
    let fence = sold.fence + 1_000;
    world.change(&sold, &sold.cancel(0, world.now()).unwrap(), None).await;
    let again = Booking {
        booking_id: BookingId(world.app.ids.uuid()),
        fence,
        user_id: other.user_id,
        state: BookingState::Reserved,
        paid_with: None,
        ..sold.clone()
    };
    world.write(&again, &performance).await;
    cancel_unseen(&world, &again).await;
    let stale = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let known = world.app.locks.find(stale, buyer.user_id).await.unwrap().unwrap();
    assert!(known.fence < fence, "the books refuse it");
    world.app.locks.release(stale, buyer.user_id).await.unwrap();

    // What `book` does with the records that come with a refusal of the books.
    let records = world.app.books.records_of(performance.performance_id, &[seat]).await.unwrap();
    world.app.projector.repair(performance.performance_id, &records).await;
    let held = hold(&client, &buyer, &performance, &["A-1-1"]).await.ok(201);
    let hold_id: HoldId = held["hold_id"].as_str().unwrap().parse().unwrap();
    let held = world.app.locks.find(hold_id, buyer.user_id).await.unwrap().unwrap();
    assert!(held.fence > fence);
}
