//! What buyers see of their own bookings.
#![cfg(test)]

use testkit::{Client, Fixture, Person, Value, World, json};

async fn start() -> (World, Client, Person) {
    let world = World::start().await;
    let client = world.client(bookings::FUNCTION, bookings::routes());
    let buyer = world.buyer().await;
    (world, client, buyer)
}

fn ids(page: &Value) -> Vec<Value> {
    page["items"].as_array().unwrap().iter().map(|item| item["booking_id"].clone()).collect()
}

#[tokio::test]
async fn pages_lead_from_the_newest_to_the_oldest_and_end() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let mut newest_first = Vec::new();
    for seat in ["A-1-1", "A-1-2", "A-1-3", "A-1-4"] {
        newest_first.insert(0, json!(world.reserved(&buyer, &performance, &[seat]).await.booking_id));
    }
    world.reserved(&world.buyer().await, &performance, &["A-1-5"]).await;
    let page = |query: String| client.get(format!("/v1/me/bookings{query}")).bearer(&buyer.token).send();
    let all = page(String::new()).await.ok(200);
    assert_eq!((ids(&all), &all["next_cursor"]), (newest_first.clone(), &Value::Null));
    let (mut found, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = page(query).await.ok(200);
        found.extend(ids(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
        assert!(found.len() < newest_first.len(), "the last page says so");
    }
    assert_eq!(found, newest_first);
    assert_eq!(page("?limit=0".into()).await.invalid(), ["limit"]);
    assert_eq!(page("?cursor=nonsense".into()).await.invalid(), ["cursor"]);
}

#[tokio::test]
async fn a_booking_lists_its_tickets_and_its_history() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let paid = world.confirmed(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    let cancelled = paid.cancel(10_000, world.now()).unwrap();
    world.change(&paid, &cancelled, None).await;
    let path = format!("/v1/me/bookings/{}", paid.booking_id);
    let detail = client.get(path).bearer(&buyer.token).send().await.ok(200);
    for (field, value) in [
        ("booking_id", json!(paid.booking_id)),
        ("state", json!("cancelled")),
        ("seats", json!(["A-1-1", "A-1-2"])),
        ("amount", json!(100_000)),
        ("refund", json!(90_000)),
        ("fee", json!(10_000)),
        ("currency", json!("KRW")),
        ("venue", json!("예술의전당")),
        ("starts_at", json!(performance.starts_at)),
    ] {
        assert_eq!(detail[field], value, "{field}");
    }
    assert_eq!(detail["tickets"][1], json!({"seat": "A-1-2", "grade": "R", "price": 50_000}));
    let states: Vec<_> =
        detail["history"].as_array().unwrap().iter().map(|change| &change["state"]).collect();
    assert_eq!(states, ["reserved", "confirmed", "cancelled"]);
    assert!(detail["history"][0]["at"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn a_ticket_says_what_kind_of_place_it_is_and_where_to_go_in() {
    let (world, client, buyer) = start().await;
    let house =
        Fixture { standing: &[("F", "R", 500)], wheelchairs: &[("A-1-1", &["A-1-2"])], ..Fixture::default() };
    let performance = world.performance(house).await;
    let booking = world.confirmed(&buyer, &performance, &["A-1-2", "A-1-3", "F-entry-120"]).await;
    let path = format!("/v1/me/bookings/{}", booking.booking_id);
    let detail = client.get(path).bearer(&buyer.token).send().await.ok(200);
    let places = json!([
        {"seat": "A-1-2", "section": "A", "row": "1", "number": "2", "kind": "companion", "grade": "R"},
        {"seat": "A-1-3", "section": "A", "row": "1", "number": "3", "kind": "seat", "grade": "R"},
        {
            "seat": "F-entry-120", "section": "F", "kind": "standing", "entry_number": 120,
            "entrance": "2번 게이트", "grade": "R",
        },
    ]);
    assert_eq!(detail["places"], places);
    assert_eq!(detail["seats"], json!(["A-1-2", "A-1-3", "F-entry-120"]));
    let list = client.get("/v1/me/bookings").bearer(&buyer.token).send().await.ok(200);
    assert_eq!(list["items"][0]["places"], places);
}

#[tokio::test]
async fn another_buyers_booking_is_not_found() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let theirs = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    let other = world.buyer().await;
    let unknown = world.app.ids.uuid().to_string();
    for id in [theirs.booking_id.to_string(), unknown, "x".into()] {
        let path = format!("/v1/me/bookings/{id}");
        let _ = client.get(&path).bearer(&other.token).send().await.problem("not_found", 404);
        let _ = client.get(&path).send().await.problem("unauthenticated", 401);
    }
    assert!(ids(&client.get("/v1/me/bookings").bearer(&other.token).send().await.ok(200)).is_empty());
    let _ = client.get("/v1/me/bookings").send().await.problem("unauthenticated", 401);
}
