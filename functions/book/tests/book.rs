//! What booking promises: the books decide, once, whatever else is said.
#![cfg(test)]

use domain::{
    booking::{Booking, BookingState},
    hold::HoldId,
    seat::SeatRecord,
};
use jiff::Timestamp;
use shared::ports::Projection;
use std::time::Duration;
use testkit::{Answer, Client, Fixture, Person, World, json};
use tokio::time::sleep;

async fn start() -> (World, Client, Person) {
    let world = World::start().await;
    let client = world.client(book::FUNCTION, book::routes());
    let buyer = world.buyer().await;
    (world, client, buyer)
}

async fn book(client: &Client, person: &Person, key: &str, hold: HoldId) -> Answer {
    let body = json!({"hold_id": hold.to_string()});
    client.post("/v1/bookings").bearer(&person.token).key(key).json(&body).send().await
}

#[tokio::test]
async fn a_hold_becomes_a_reservation_that_waits_for_its_payment() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    let booked = book(&client, &buyer, "k", hold).await.ok(201);
    for (field, value) in [
        ("state", json!("reserved")),
        ("performance_id", json!(performance.performance_id)),
        ("show_id", json!(performance.show_id)),
        ("title", json!("봄의 제전")),
        ("seats", json!(["A-1-1", "A-1-2"])),
        ("amount", json!(100_000)),
        ("currency", json!("KRW")),
    ] {
        assert_eq!(booked[field], value, "{field}");
    }
    let pay_by: Timestamp = booked["pay_by"].as_str().unwrap().parse().unwrap();
    assert!((595..=600).contains(&(pay_by - world.now()).get_seconds()));
    let kept = world.booking(booked["booking_id"].as_str().unwrap().parse().unwrap()).await;
    assert_eq!((kept.state, kept.user_id), (BookingState::Reserved, buyer.user_id));
    let figures = world.app.locks.figures(performance.performance_id).await.unwrap();
    assert_eq!((figures.held, figures.reserved), (0, 2), "the hold is used up");
    let again = book(&client, &buyer, "another", hold).await.problem("hold_expired", 410);
    assert!(again["detail"].as_str().unwrap().contains("booked already"), "{again}");
}

#[tokio::test]
async fn a_booking_says_what_its_show_said_within_a_second_and_costs_what_was_published() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let first = world.hold(&buyer, &performance, &["A-1-1"]).await;
    assert_eq!(book(&client, &buyer, "first", first).await.ok(201)["title"], "봄의 제전");

    let show = world.app.programme.show(performance.show_id).await.unwrap().unwrap();
    let mut changed = show.details.clone();
    "가을의 제전".clone_into(&mut changed.title);
    changed.grades.iter_mut().for_each(|grade| grade.price *= 2);
    world.app.programme.update_show(&show, &changed).await.unwrap();
    sleep(Duration::from_millis(1_100)).await;
    let second = world.hold(&buyer, &performance, &["A-1-2"]).await;
    let booked = book(&client, &buyer, "second", second).await.ok(201);
    assert_eq!((&booked["title"], &booked["amount"]), (&json!("가을의 제전"), &json!(50_000)));
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer_byte_for_byte() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let first = book(&client, &buyer, "키 k", hold).await;
    assert_eq!(first.status, 400, "a key is ASCII");
    let first = book(&client, &buyer, "k", hold).await;
    let spaced = format!("{{ \"hold_id\" :\n\"{hold}\" }}");
    let again = client.post("/v1/bookings").bearer(&buyer.token).key("k");
    let again = again.header("content-type", "application/json").body(spaced).send().await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    world.set_forward(23 * 3_600);
    assert_eq!(book(&client, &buyer, "k", hold).await.body, first.body);
    world.set_forward(2 * 3_600);
    let _ = book(&client, &buyer, "k", hold).await.problem("hold_expired", 410);
}

#[tokio::test]
async fn a_refusal_repeats_as_well() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let gone = HoldId { performance: performance.performance_id, token: world.app.ids.uuid() };
    let first = book(&client, &buyer, "k", gone).await;
    let _ = first.problem("hold_expired", 410);
    let again = book(&client, &buyer, "k", gone).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_key_is_needed_is_bounded_and_means_one_request_of_one_person() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let body = json!({"hold_id": hold.to_string()});
    let without = client.post("/v1/bookings").bearer(&buyer.token).json(&body).send().await;
    let _ = without.problem("idempotency_key_required", 400);
    for key in ["", &"k".repeat(256)] {
        let _ = book(&client, &buyer, key, hold).await.problem("idempotency_key_required", 400);
    }
    let longest = "k".repeat(255);
    let _ = book(&client, &buyer, &longest, hold).await.ok(201);
    let another = world.hold(&buyer, &performance, &["A-1-2"]).await;
    let _ = book(&client, &buyer, &longest, another).await.problem("idempotency_key_reused", 422);
    let other = world.buyer().await;
    let theirs = world.hold(&other, &performance, &["A-1-3"]).await;
    let _ = book(&client, &other, &longest, theirs).await.ok(201);
}

#[tokio::test]
async fn of_two_simultaneous_requests_with_one_key_one_books() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let (one, other) = tokio::join!(book(&client, &buyer, "k", hold), book(&client, &buyer, "k", hold));
    let mut answers = [one, other];
    answers.sort_by_key(|answer| answer.status);
    let _ = answers[0].ok(201);
    if answers[1].status != 201 {
        let _ = answers[1].problem("idempotency_in_progress", 409);
    }
    assert_eq!(book(&client, &buyer, "k", hold).await.body, answers[0].body);
}

#[tokio::test]
async fn an_ended_hold_or_another_buyers_hold_books_nothing() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let other = world.buyer().await;
    let theirs = world.hold(&other, &performance, &["A-1-1"]).await;
    let _ = book(&client, &buyer, "theirs", theirs).await.problem("hold_expired", 410);
    let released = world.hold(&buyer, &performance, &["A-1-2"]).await;
    world.app.locks.release(released, buyer.user_id).await.unwrap();
    let _ = book(&client, &buyer, "released", released).await.problem("hold_expired", 410);
    let mut wanted = world.hold(&buyer, &performance, &["A-1-3"]).await;
    wanted.performance = domain::PerformanceId(world.app.ids.uuid());
    let _ = book(&client, &buyer, "nowhere", wanted).await.problem("hold_expired", 410);
    for (key, body) in [("text", json!({"hold_id": "x"})), ("empty", json!({"hold_id": ""}))] {
        let answer = client.post("/v1/bookings").bearer(&buyer.token).key(key).json(&body).send().await;
        let _ = answer.problem("hold_expired", 410);
    }
    let answer = client.post("/v1/bookings").bearer(&buyer.token).key("k").json(&json!({})).send().await;
    assert_eq!(answer.invalid(), ["hold_id"]);
}

#[tokio::test]
async fn an_expired_lock_fails_cleanly() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    world.flush_redis();
    let _ = book(&client, &buyer, "k", hold).await.problem("hold_expired", 410);
    assert!(world.app.books.bookings_of(buyer.user_id, 10, None).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn the_books_have_the_last_word_and_the_map_learns_it() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let other = world.buyer().await;
    let sold = world.confirmed(&other, &performance, &["A-1-1"]).await;
    // Tell Redis that the seat came back, which it did not.
    let record = SeatRecord { ownership: domain::seat::Ownership::Available, fence: sold.fence };
    let lie = Projection { index: sold.seats[0].index, record, given_back_by: None };
    world.app.locks.project(performance.performance_id, &[lie]).await.unwrap();
    let hold = world.hold(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    let taken = book(&client, &buyer, "k", hold).await.problem("seat_sold", 409);
    assert_eq!(taken["seats"], json!(["A-1-1"]));
    let _ = world.hold(&world.buyer().await, &performance, &["A-1-2"]).await;
}

/// Two of four seats stay within the limit, three do not: the refusal is the same.
#[tokio::test]
async fn of_twenty_keys_for_one_hold_one_books_and_the_others_hear_that_it_is_done() {
    let (world, client, buyer) = start().await;
    for seats in [&["A-1-1", "A-1-2"][..], &["A-1-3", "A-1-4", "A-1-5"]] {
        let performance = world.performance(Fixture::default()).await;
        let hold = world.hold(&buyer, &performance, seats).await;
        let mut asking = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (client, buyer) = (client.clone(), buyer.clone());
            asking.spawn(async move { book(&client, &buyer, &format!("{hold}-{n}"), hold).await });
        }
        let (booked, refused): (Vec<_>, Vec<_>) =
            asking.join_all().await.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((booked.len(), refused.len()), (1, 19));
        for answer in refused {
            let problem = answer.problem("hold_expired", 410);
            assert_eq!(problem.get("seats"), None, "{problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains("booked already") || detail.contains("booked seats of this hold already")
            );
        }
        let figures = world.app.locks.figures(performance.performance_id).await.unwrap();
        assert_eq!((figures.held, figures.reserved), (0, seats.len() as u64));
    }
}

#[tokio::test]
async fn a_buyers_own_seats_are_not_reported_as_sold_to_others() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let mine = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    let theirs = world.reserved(&world.buyer().await, &performance, &["A-1-2"]).await;
    let forget = async |booking: &Booking| {
        let record = SeatRecord { ownership: domain::seat::Ownership::Available, fence: booking.fence };
        let lie = Projection { index: booking.seats[0].index, record, given_back_by: None };
        world.app.locks.project(performance.performance_id, &[lie]).await.unwrap();
    };
    forget(&mine).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1", "A-1-3"]).await;
    let own = book(&client, &buyer, "own", hold).await.problem("hold_expired", 410);
    assert_eq!(own.get("seats"), None);
    assert!(own["detail"].as_str().unwrap().ends_with(&mine.booking_id.to_string()), "{own}");
    let _ = world.hold(&world.buyer().await, &performance, &["A-1-3"]).await;

    forget(&mine).await;
    forget(&theirs).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    let both = book(&client, &buyer, "both", hold).await.problem("seat_sold", 409);
    assert_eq!(both["seats"], json!(["A-1-2"]));
}

#[tokio::test]
async fn a_free_booking_is_confirmed_at_once_and_costs_nothing() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture { grades: &[("R", 0)], ..Fixture::default() }).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let booked = book(&client, &buyer, "k", hold).await.ok(201);
    assert_eq!((&booked["state"], &booked["amount"]), (&json!("confirmed"), &json!(0)));
    assert_eq!(world.app.locks.figures(performance.performance_id).await.unwrap().sold, 1);
    assert_eq!(world.money("authorized").await.count, 0);
}

#[tokio::test]
async fn a_limit_that_redis_forgot_is_kept_by_the_books() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture { max_seats_per_user: 2, ..Fixture::default() }).await;
    world.confirmed(&buyer, &performance, &["A-1-1"]).await;
    let generous = domain::performance::Performance { max_seats_per_user: 4, ..performance };
    let hold = world.hold(&buyer, &generous, &["A-1-2", "A-1-3"]).await;
    let _ = book(&client, &buyer, "k", hold).await.problem("limit_exceeded", 409);
    let hold = world.hold(&buyer, &generous, &["A-1-4"]).await;
    let _ = book(&client, &buyer, "one", hold).await.ok(201);
}

#[tokio::test]
async fn a_sale_with_a_queue_requires_an_admission() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let _ = book(&client, &buyer, "k", hold).await.problem("not_admitted", 403);
    let body = json!({"hold_id": hold.to_string()});
    let ask = |key: &str, admission: &str| {
        let request = client.post("/v1/bookings").bearer(&buyer.token).header("admission-token", admission);
        request.key(key).json(&body).send()
    };
    let admission = world.inside(&buyer, &performance).await;
    world.app.room.leave(performance.performance_id, buyer.user_id, None).await.unwrap();
    let _ = ask("left", &admission).await.problem("not_admitted", 403);
    let admission = world.inside(&buyer, &performance).await;
    let _ = ask("with", &admission).await.ok(201);
    let _ = client.post("/v1/bookings").json(&body).send().await.problem("unauthenticated", 401);
}

#[tokio::test]
async fn an_unavailable_store_uses_up_no_key() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let cut_off = world.client_with(&nowhere, book::FUNCTION, book::routes());
    let _ = book(&cut_off, &buyer, "k", hold).await.problem("store_unavailable", 503);
    let _ = book(&client, &buyer, "k", hold).await.ok(201);
}

#[tokio::test]
async fn the_payment_window_is_as_long_as_configured() {
    let (world, _, buyer) = start().await;
    let client = world.client_with(&[("YEMAE_PAY_WINDOW_S", "5")], book::FUNCTION, book::routes());
    let performance = world.performance(Fixture::default()).await;
    let hold = world.hold(&buyer, &performance, &["A-1-1"]).await;
    let booked = book(&client, &buyer, "k", hold).await.ok(201);
    let pay_by: Timestamp = booked["pay_by"].as_str().unwrap().parse().unwrap();
    assert!(Duration::try_from(pay_by - world.now()).unwrap() <= Duration::from_secs(5));
}

#[tokio::test]
async fn while_the_books_do_not_answer_the_waiting_room_lets_in_half_as_many() {
    let (world, _, buyer) = start().await;
    let broken = world.app_with(&[("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")]);
    let broken = Client::new(book::FUNCTION, book::routes(), broken);
    let performance = world.performance(Fixture { rate_per_min: 1_200, ..Fixture::queue() }).await;
    let (id, room) = (performance.performance_id, &world.app.room);
    let flow = world.app.catalog.flow(&performance).unwrap();
    for _ in 0..100 {
        room.join(id, world.buyer().await.user_id, None, &flow).await.unwrap();
    }
    let hold = HoldId { performance: id, token: world.app.ids.uuid() };
    let before = room.status(id, &flow).await.unwrap().serving;
    let began = std::time::Instant::now();
    let _ = book(&broken, &buyer, "k", hold).await.problem("store_unavailable", 503);
    room.status(id, &flow).await.unwrap();
    sleep(Duration::from_millis(1_500)).await;
    let called = room.status(id, &flow).await.unwrap().serving - before;
    // Half of 20 a second; the first look spent the saved-up burst.
    let most = began.elapsed().as_millis() / 100 + 2;
    assert!(u128::from(called) <= most, "{called} of at most {most}");
}

#[tokio::test]
async fn no_seat_is_taken_after_the_start_unless_latecomers_are_let_in() {
    let (world, client, buyer) = start().await;
    let fixture = Fixture { closes_in_s: 30, starts_in_s: 60, ..Fixture::default() };
    let closed = world.performance(fixture.clone()).await;
    let started = world.performance(fixture.clone()).await;
    let late = world.performance(Fixture { closes_in_s: 3_600, late_entry: true, ..fixture }).await;
    let hold = async |performance| world.hold(&buyer, performance, &["A-1-1"]).await;
    let (in_time, too_late, let_in) = (hold(&closed).await, hold(&started).await, hold(&late).await);
    world.set_forward(31);
    let _ = book(&client, &buyer, "closed", in_time).await.ok(201);
    world.set_forward(30);
    let refused = book(&client, &buyer, "started", too_late).await.problem("sale_not_open", 403);
    assert_eq!(refused["detail"], "The performance has started");
    let _ = book(&client, &buyer, "late", let_in).await.ok(201);
}
