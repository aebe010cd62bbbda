//! A place belongs to an account: it is found again from any device, and before the opening it is drawn.
#![cfg(test)]

use domain::{performance::Performance, sale::Staff, user::Email};
use std::collections::BTreeSet;
use testkit::{Answer, Client, Fixture, Person, Value, World, json};

/// Every function that a person in the queue meets, each with its own memory.
struct House {
    world: World,
    enqueue: Client,
    status: Client,
    admit: Client,
    lock_seat: Client,
    book: Client,
}

impl House {
    async fn open() -> Self {
        let world = World::start().await;
        let enqueue = world.client(enqueue::FUNCTION, enqueue::routes());
        let status = world.client(queue_status::FUNCTION, queue_status::routes());
        let admit = world.client(admit::FUNCTION, admit::routes());
        let lock_seat = world.client(lock_seat::FUNCTION, lock_seat::routes());
        let book = world.client(book::FUNCTION, book::routes());
        Self { world, enqueue, status, admit, lock_seat, book }
    }

    /// Joins without an old ticket, as after all data on a phone was deleted.
    async fn join(&self, person: &Person, performance: &Performance) -> Answer {
        let body = json!({"performance_id": performance.performance_id});
        self.enqueue.post("/v1/queue-tickets").bearer(&person.token).json(&body).send().await
    }

    async fn place(&self, ticket: &Value, performance: &Performance) -> Value {
        let path = format!("/v1/queues/{}/me", performance.performance_id);
        self.status.get(path).header("queue-ticket", ticket.as_str().unwrap()).send().await.ok(200)
    }

    async fn hold(&self, person: &Person, performance: &Performance, seat: &str, admission: &str) -> Answer {
        let body = json!({"performance_id": performance.performance_id, "seats": [seat]});
        let request = self.lock_seat.post("/v1/holds").bearer(&person.token).json(&body);
        request.header("admission-token", admission).send().await
    }

    async fn book(&self, person: &Person, hold: &Value, admission: &str) -> Answer {
        let request = self.book.post("/v1/bookings").bearer(&person.token).key("once");
        request.header("admission-token", admission).json(&json!({"hold_id": hold["hold_id"]})).send().await
    }

    async fn leave(&self, admission: &str) {
        self.admit.delete("/v1/admissions").header("admission-token", admission).send().await.empty(204);
    }

    async fn renew(&self, admission: &str) -> Answer {
        self.admit.put("/v1/admissions").header("admission-token", admission).send().await
    }

    async fn claim(&self, ticket: &Value) -> Answer {
        self.admit.post("/v1/admissions").header("queue-ticket", ticket.as_str().unwrap()).send().await
    }
}

#[tokio::test]
async fn another_device_finds_number_and_state_and_goes_on_inside() {
    let house = House::open().await;
    let performance = house.world.performance(Fixture { cap: 1, ..Fixture::queue() }).await;
    let (first, second) = (house.world.buyer().await, house.world.buyer().await);
    let joined = house.join(&first, &performance).await.ok(201);
    let _ = house.join(&second, &performance).await.ok(201);
    assert_eq!(house.place(&joined["queue_ticket"], &performance).await["state"], "called");
    let called = house.join(&first, &performance).await.ok(200);
    assert_eq!((&called["number"], &called["state"]), (&json!(1), &json!("called")));

    let inside = house.claim(&joined["queue_ticket"]).await.ok(201);
    let reloaded = house.join(&first, &performance).await.ok(200);
    assert_eq!((&reloaded["number"], &reloaded["state"]), (&json!(1), &json!("admitted")));
    let again = house.claim(&reloaded["queue_ticket"]).await.ok(200);
    assert_eq!(again["session_ends_at"], inside["session_ends_at"]);
    assert_eq!(house.join(&second, &performance).await.ok(200)["number"], 2);
}

#[tokio::test]
async fn people_gather_without_numbers_and_are_drawn_when_the_sale_opens() {
    let house = House::open().await;
    let fixture = Fixture { prequeue_in_s: Some(60), opens_in_s: 120, ..Fixture::queue() };
    let performance = house.world.performance(fixture).await;
    let early = house.world.buyer().await;
    let _ = house.join(&early, &performance).await.problem("sale_not_open", 403);
    house.world.set_forward(61);
    let mut tickets = Vec::new();
    for _ in 0..7 {
        let person = house.world.buyer().await;
        let gathered = house.join(&person, &performance).await.ok(201);
        assert_eq!((&gathered["state"], &gathered["number"]), (&json!("prequeue"), &json!(null)));
        assert_eq!((&gathered["ahead"], &gathered["eta_s"]), (&json!(null), &json!(null)));
        let _ = house.join(&person, &performance).await.ok(200);
        assert_eq!(house.claim(&gathered["queue_ticket"]).await.ok(202)["state"], "prequeue");
        tickets.push(gathered["queue_ticket"].clone());
    }
    let path = format!("/v1/queues/{}", performance.performance_id);
    let before = house.status.get(&path).send().await.ok(200);
    let commitment = performance.sale.door.prequeue.as_ref().unwrap().commitment;
    assert_eq!((&before["state"], &before["draw"]), (&json!("prequeue"), &json!({"commitment": commitment})));
    assert_eq!(before["serving"], 0);

    house.world.set_forward(60);
    let late = house.world.buyer().await;
    assert_eq!(house.join(&late, &performance).await.ok(201)["number"], 8);
    let mut numbers = BTreeSet::new();
    for ticket in &tickets {
        let place = house.place(ticket, &performance).await;
        assert!(["waiting", "called"].contains(&place["state"].as_str().unwrap()), "{place}");
        numbers.insert(place["number"].as_u64().unwrap());
    }
    assert_eq!(numbers, (1..=7).collect());
    let draw = house.world.client(queue_status::FUNCTION, queue_status::routes());
    let draw = draw.get(&path).send().await.ok(200)["draw"].clone();
    assert_eq!((&draw["commitment"], &draw["pool_size"]), (&json!(commitment), &json!(7)));
    let made: domain::draw::Draw = serde_json::from_value(draw).unwrap();
    assert!(made.keeps_its_word());

    house.world.flush_redis();
    for (entry, ticket) in (1..).zip(&tickets) {
        assert_eq!(house.place(ticket, &performance).await["number"], made.number_of(entry));
    }
}

#[tokio::test]
async fn staff_go_in_without_queueing_and_take_no_buyers_place() {
    let house = House::open().await;
    let world = &house.world;
    let performance = world.performance(Fixture { cap: 1, ..Fixture::queue() }).await;
    let (buyer, staff) = (world.buyer().await, world.buyer().await);
    let inside = house.join(&buyer, &performance).await.ok(201);
    let _ = house.claim(&inside["queue_ticket"]).await.ok(201);

    let mut sale = performance.sale.clone();
    sale.door.bypass =
        vec![Staff { user_id: staff.user_id, email: Some(Email::parse(&staff.email).unwrap()) }];
    world.app.programme.set_sale(&performance, &sale, world.organizer.user_id, world.now()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1_010)).await;
    let passed = house.join(&staff, &performance).await.ok(200);
    assert_eq!((&passed["state"], &passed["number"]), (&json!("called"), &json!(null)));
    let ticket = &passed["queue_ticket"];
    assert_eq!(house.place(ticket, &performance).await["state"], "called");
    let admitted = house.claim(ticket).await.ok(201);
    let token = admitted["admission_token"].as_str().unwrap();
    let renewed = house.renew(token).await.ok(200);
    assert_eq!(renewed["session_ends_at"], admitted["session_ends_at"]);
    let _ = house.hold(&staff, &performance, "A-1-1", token).await.ok(201);
    house.leave(token).await;
    let _ = house.hold(&staff, &performance, "A-1-2", token).await.problem("not_admitted", 403);
    let _ = house.renew(token).await.problem("session_over", 410);
    let _ = house.claim(ticket).await.ok(201);
    let _ = house.hold(&staff, &performance, "A-1-2", token).await.ok(201);
    let status = house.status.get(format!("/v1/queues/{}", performance.performance_id)).send().await.ok(200);
    assert_eq!((&status["active"], &status["issued"]), (&json!(1), &json!(1)));

    sale.door.bypass.clear();
    let performance = world.app.programme.performance(performance.performance_id).await.unwrap().unwrap();
    world.app.programme.set_sale(&performance, &sale, world.organizer.user_id, world.now()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1_010)).await;
    let _ = house.claim(ticket).await.problem("call_lapsed", 410);
    let _ = house.renew(token).await.problem("session_over", 410);
    let _ = house.hold(&staff, &performance, "A-1-3", token).await.problem("not_admitted", 403);
}

#[tokio::test]
async fn a_returned_admission_holds_and_books_nothing() {
    let house = House::open().await;
    let performance = house.world.performance(Fixture { cap: 2, ..Fixture::queue() }).await;
    let mut gone = Vec::new();
    for seat in 1..=6 {
        let person = house.world.buyer().await;
        let ticket = house.join(&person, &performance).await.ok(201)["queue_ticket"].clone();
        let admitted = house.claim(&ticket).await.ok(201);
        let admission = admitted["admission_token"].as_str().unwrap().to_owned();
        let hold = house.hold(&person, &performance, &format!("A-1-{seat}"), &admission).await.ok(201);
        house.leave(&admission).await;
        gone.push((person, hold, admission));
    }
    for lost in [false, true] {
        if lost {
            house.world.flush_redis();
        }
        for (person, hold, admission) in &gone {
            let refused = house.hold(person, &performance, "A-1-9", admission).await;
            let _ = refused.problem("not_admitted", 403);
            let _ = house.book(person, hold, admission).await.problem("not_admitted", 403);
            let _ = house.renew(admission).await.problem("session_over", 410);
        }
    }
}
