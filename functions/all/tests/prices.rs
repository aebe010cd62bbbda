//! The prices and limits on the pages are those that are charged and enforced, even while another organizer changes them.
#![cfg(test)]

use jiff::SignedDuration;
use std::{collections::HashMap, time::Duration};
use testkit::{Answer, Client, Person, Value, World, json};
use tokio::time::sleep;

const ROUNDS: u32 = 40;

/// The functions that an organizer and a buyer use. The two organizers use different instances.
struct House {
    world: World,
    manage: [Client; 2],
    lock: Client,
    book: Client,
}

impl House {
    async fn open() -> Self {
        let world = World::start().await;
        let manage = || world.client(manage_shows::FUNCTION, manage_shows::routes());
        let lock = world.client(lock_seat::FUNCTION, lock_seat::routes());
        let book = world.client(book::FUNCTION, book::routes());
        Self { manage: [manage(), manage()], lock, book, world }
    }

    async fn make(&self, path: &str, body: &Value) -> Value {
        self.manage[0].post(path).bearer(&self.world.organizer.token).json(body).send().await.ok(201)
    }

    /// The list as read by a process with an empty memory.
    async fn list(&self) -> Vec<Value> {
        let list = self.world.client(list_shows::FUNCTION, list_shows::routes());
        let page = list.get("/v1/shows?limit=100").send().await.ok(200);
        page["items"].as_array().unwrap().clone()
    }

    async fn detail(&self, show: &Value) -> Value {
        let detail = self.world.client(show_detail::FUNCTION, show_detail::routes());
        detail.get(format!("/v1/shows/{}", show.as_str().unwrap())).send().await.ok(200)
    }

    async fn hold(&self, buyer: &Person, performance: &str, seats: u64) -> Answer {
        let seats: Vec<_> = (1..=seats).map(|seat| format!("A-1-{seat}")).collect();
        let body = json!({"performance_id": performance, "seats": seats});
        self.lock.post("/v1/holds").bearer(&buyer.token).json(&body).send().await
    }
}

/// A show with a grade that is not for sale and costs nothing.
fn show(price: u64, currency: &str, max_seats_per_user: u32) -> Value {
    json!({
        "title": "경주", "genre": "concert", "venue": "작은 집", "currency": currency,
        "grades": [{"grade": "R", "price": price}, {"grade": "없음", "price": 0}],
        "max_seats_per_user": max_seats_per_user,
    })
}

/// Adds an unpublished performance of ten seats, on sale at once, and returns its id.
async fn perform(house: &House, show: &str) -> String {
    let (now, hours) = (house.world.now(), SignedDuration::from_hours);
    let performance = json!({
        "starts_at": now + hours(48),
        "layout": {"sections": [{"section": "A", "grade": "R", "rows": [{"row": "1", "seats": 10}]}]},
        "sale": {"opens_at": now - hours(1), "mode": "open"},
    });
    let made = house.make(&format!("{show}/performances"), &performance).await;
    made["performance_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_shown_is_what_is_charged_when_a_show_changes_while_it_is_published() {
    let house = House::open().await;
    let token = &house.world.organizer.token;
    let (mut charged, mut repriced) = (HashMap::new(), 0);
    for round in 0..ROUNDS {
        let made = house.make("/v1/manage/shows", &show(1_000, "KRW", 6)).await;
        let path = format!("/v1/manage/shows/{}", made["show_id"].as_str().unwrap());
        let performance = perform(&house, &path).await;
        let put = async {
            // The pause decides whether this comes before, during or after the other's read of the show.
            sleep(Duration::from_millis(u64::from(round % 20))).await;
            house.manage[0].put(&path).bearer(token).json(&show(9_000, "USD", 2)).send().await
        };
        let publish = house.manage[1].post(format!("/v1/manage/performances/{performance}/publish"));
        let (put, published) = tokio::join!(put, publish.bearer(token).send());
        let max = published.ok(200)["max_seats_per_user"].as_u64().unwrap();
        match put.status {
            200 => repriced += 1,
            _ => assert_eq!(put.invalid(), ["grades", "currency", "max_seats_per_user"]),
        }

        let buyer = house.world.buyer().await;
        let _ = house.hold(&buyer, &performance, max + 1).await.problem("too_many_seats", 422);
        let held = house.hold(&buyer, &performance, max).await.ok(201);
        let body = json!({"hold_id": held["hold_id"]});
        let book = house.book.post("/v1/bookings").bearer(&buyer.token).key("k").json(&body);
        let booked = book.send().await.ok(201);
        let price = json!(booked["amount"].as_u64().unwrap() / max);
        assert_eq!((&held["amount"], &held["currency"]), (&booked["amount"], &booked["currency"]));

        let managed = house.manage[0].get(&path).bearer(token).send().await.ok(200);
        let detail = house.detail(&made["show_id"]).await;
        for page in [&managed, &detail] {
            let shown = (&page["grades"][0]["price"], &page["currency"]);
            assert_eq!(shown, (&price, &booked["currency"]), "round {round}");
        }
        assert_eq!(managed["max_seats_per_user"], max);
        assert_eq!(detail["performances"][0]["max_seats_per_user"], max);
        charged.insert(made["show_id"].clone(), (price, booked["currency"].clone()));
    }
    let list = house.list().await;
    assert_eq!(list.len(), charged.len());
    for listed in list {
        let (price, currency) = &charged[&listed["show_id"]];
        assert_eq!(
            (&listed["min_price"], &listed["max_price"], &listed["currency"]),
            (price, price, currency)
        );
    }
    println!("{repriced} of {ROUNDS} changes came before the publication");
}

#[tokio::test]
async fn the_limit_shown_is_the_limit_enforced() {
    let house = House::open().await;
    let token = &house.world.organizer.token;
    let made = house.make("/v1/manage/shows", &show(1_000, "KRW", 6)).await;
    let path = format!("/v1/manage/shows/{}", made["show_id"].as_str().unwrap());
    let performance = perform(&house, &path).await;
    let _ = house.manage[0].put(&path).bearer(token).json(&show(1_000, "KRW", 2)).send().await.ok(200);
    let publish = house.manage[0].post(format!("/v1/manage/performances/{performance}/publish"));
    let _ = publish.bearer(token).send().await.ok(200);
    let detail = house.detail(&made["show_id"]).await;
    assert_eq!(detail["performances"][0]["max_seats_per_user"], 2);
    let buyer = house.world.buyer().await;
    let _ = house.hold(&buyer, &performance, 3).await.problem("too_many_seats", 422);
    let _ = house.hold(&buyer, &performance, 2).await.ok(201);
}
