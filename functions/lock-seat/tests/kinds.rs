//! Places that are not like all others: standing ones, those of wheelchairs and of companions, and those of another grade.
#![cfg(test)]

use domain::performance::Performance;
use std::collections::BTreeSet;
use testkit::{Answer, Client, Fixture, Person, Value, World, json};

/// Row A-1 of ten, with two wheelchair places and a companion's seat beside each; a standing area for twelve.
fn house() -> Fixture {
    Fixture {
        standing: &[("F", "R", 12)],
        wheelchairs: &[("A-1-1", &["A-1-2"]), ("A-1-9", &["A-1-10"])],
        ..Fixture::default()
    }
}

struct Hall {
    world: World,
    client: Client,
    performance: Performance,
}

impl Hall {
    async fn open(house: Fixture) -> Self {
        let world = World::start().await;
        let client = world.client(lock_seat::FUNCTION, lock_seat::routes());
        let performance = world.performance(house).await;
        Self { world, client, performance }
    }

    async fn ask(&self, buyer: &Person, wanted: Value) -> Answer {
        let mut body = wanted;
        body["performance_id"] = json!(self.performance.performance_id);
        self.client.post("/v1/holds").bearer(&buyer.token).json(&body).send().await
    }

    async fn stand(&self, buyer: &Person, count: u32) -> Answer {
        self.ask(buyer, json!({"standing": {"section": "F", "count": count}})).await
    }

    async fn asks(&self, wanted: Value) -> Answer {
        self.ask(&self.world.buyer().await, wanted).await
    }

    async fn give_back(&self, buyer: &Person, hold: &Value) {
        let path = format!("/v1/holds/{}", hold["hold_id"].as_str().unwrap());
        self.client.delete(path).bearer(&buyer.token).send().await.empty(204);
    }
}

#[tokio::test]
async fn standing_places_come_by_entry_number() {
    let hall = Hall::open(house()).await;
    let buyer = hall.world.buyer().await;
    let held = hall.stand(&buyer, 2).await.ok(201);
    assert_eq!(held["seats"], json!(["F-entry-1", "F-entry-2"]));
    assert_eq!(held["amount"], 100_000);
    let first = json!({
        "seat": "F-entry-1", "section": "F", "kind": "standing", "entry_number": 1, "entrance": "2번 게이트",
        "grade": "R",
    });
    assert_eq!(held["places"][0], first);
    let path = format!("/v1/holds/{}", held["hold_id"].as_str().unwrap());
    assert_eq!(hall.client.get(path).bearer(&buyer.token).send().await.ok(200), held);
}

#[tokio::test]
async fn numbers_that_came_back_are_sold_in_order_and_a_group_stays_together_where_it_can() {
    let hall = Hall::open(house()).await;
    let (mut buyers, mut holds) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let buyer = hall.world.buyer().await;
        holds.push(hall.stand(&buyer, 2).await.ok(201));
        buyers.push(buyer);
    }
    hall.give_back(&buyers[3], &holds[3]).await;
    hall.give_back(&buyers[0], &holds[0]).await;
    let names = |numbers: &[u32]| json!(numbers.iter().map(|n| format!("F-entry-{n}")).collect::<Vec<_>>());
    for (count, wanted) in [(1, &[1][..]), (2, &[7, 8]), (3, &[2, 11, 12])] {
        let standing = json!({"standing": {"section": "F", "count": count}});
        assert_eq!(hall.asks(standing).await.ok(201)["seats"], names(wanted));
    }
}

#[tokio::test]
async fn a_full_area_says_whether_places_may_come_back() {
    let hall = Hall::open(Fixture { standing: &[("F", "R", 3)], ..house() }).await;
    let sold_out = json!({"standing": {"section": "F", "count": 1}});
    let (first, second) = (hall.world.buyer().await, hall.world.buyer().await);
    let _ = hall.world.confirmed(&first, &hall.performance, &["F-entry-1", "F-entry-2"]).await;
    let hold = hall.stand(&second, 1).await.ok(201);
    let problem = hall.asks(sold_out.clone()).await.problem("seat_held", 409);
    assert_eq!(problem["detail"], "There are no 1 free places in F");
    hall.give_back(&second, &hold).await;
    let _ = hall.asks(json!({"standing": {"section": "F", "count": 2}})).await.problem("seat_sold", 409);
    let _ = hall.world.confirmed(&second, &hall.performance, &["F-entry-3"]).await;
    let _ = hall.asks(sold_out).await.problem("seat_sold", 409);
}

#[tokio::test]
async fn limits_and_fields_of_standing_places() {
    let hall = Hall::open(house()).await;
    let buyer = hall.world.buyer().await;
    let _ = hall.stand(&buyer, 3).await.ok(201);
    let _ = hall.stand(&buyer, 2).await.problem("limit_exceeded", 409);
    let _ = hall.stand(&buyer, 5).await.problem("too_many_seats", 422);
    let _ = hall.stand(&buyer, 4_000_000_000).await.problem("too_many_seats", 422);
    assert_eq!(hall.stand(&buyer, 0).await.invalid(), ["standing.count"]);
    for section in ["A", "G", ""] {
        let standing = json!({"standing": {"section": section, "count": 1}});
        assert_eq!(hall.ask(&buyer, standing).await.invalid(), ["standing.section"]);
    }
    let standing = json!({"section": "F", "count": 1});
    let best = json!({"grade": "R", "count": 1});
    for (wanted, field) in [
        (json!({"standing": standing, "seats": ["A-1-3"]}), "seats"),
        (json!({"standing": standing, "best": best}), "seats"),
        (json!({"standing": standing, "wheelchair": 1}), "wheelchair"),
        (json!({}), "seats"),
    ] {
        assert_eq!(hall.ask(&buyer, wanted).await.invalid(), [field]);
    }
}

#[tokio::test]
async fn a_crowd_stands_in_the_order_in_which_it_was_served() {
    let hall = Hall::open(Fixture { standing: &[("F", "R", 100)], ..house() }).await;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..60 {
        let (client, buyer) = (hall.client.clone(), hall.world.buyer().await);
        let standing = json!({"section": "F", "count": number % 3 + 1});
        let body = json!({"performance_id": hall.performance.performance_id, "standing": standing});
        asking.spawn(async move { client.post("/v1/holds").bearer(&buyer.token).json(&body).send().await });
    }
    let mut numbers = Vec::new();
    for answer in asking.join_all().await.iter().filter(|answer| answer.status == 201) {
        let places = answer.ok(201)["places"].as_array().unwrap().clone();
        numbers.extend(places.iter().map(|place| place["entry_number"].as_u64().unwrap()));
    }
    let each_once: BTreeSet<_> = numbers.iter().copied().collect();
    assert_eq!(each_once.len(), numbers.len(), "a number was given twice");
    assert_eq!(each_once, (1..=100).collect(), "all were wanted");
}

#[tokio::test]
async fn wheelchair_places_are_named_by_those_who_need_them() {
    let hall = Hall::open(house()).await;
    let refused = async |wanted: Value, seat: Option<&str>| {
        let problem = hall.asks(wanted).await.problem("validation_failed", 422);
        assert_eq!(problem["errors"][0]["field"], "wheelchair");
        let Some(seat) = seat else { return };
        assert_eq!(problem["seats"], json!([seat]));
        assert!(problem["detail"].as_str().unwrap().starts_with(&format!("{seat} is ")), "{problem}");
    };
    refused(json!({"seats": ["A-1-1"]}), Some("A-1-1")).await;
    refused(json!({"seats": ["A-1-2", "A-1-3"]}), Some("A-1-2")).await;
    refused(json!({"seats": ["A-1-1", "A-1-9"], "wheelchair": 1}), Some("A-1-9")).await;
    refused(json!({"seats": ["A-1-1", "A-1-10"], "wheelchair": 1}), Some("A-1-10")).await;
    refused(json!({"seats": ["A-1-3"], "wheelchair": 1}), None).await;
    let held = hall.asks(json!({"seats": ["A-1-1", "A-1-2", "A-1-3"], "wheelchair": 1})).await.ok(201);
    let kinds: Vec<_> = held["places"].as_array().unwrap().iter().map(|place| place["kind"].clone()).collect();
    assert_eq!(kinds, ["wheelchair", "companion", "seat"]);
    let _ = hall.asks(json!({"seats": ["A-1-9"], "wheelchair": 1})).await.ok(201);
}

#[tokio::test]
async fn the_best_seats_are_none_of_wheelchairs_until_these_are_released() {
    let release = Fixture { accessible_release_in_s: Some(3_600), max_seats_per_user: 10, ..house() };
    let hall = Hall::open(release).await;
    let all = json!({"best": {"count": 7, "grade": "R"}});
    let detail = hall.asks(all).await.problem("seat_sold", 409)["detail"].clone();
    assert_eq!(detail, "There are no 7 free seats together in R");
    hall.world.set_forward(3_601);
    let held = hall.asks(json!({"seats": ["A-1-2", "A-1-1"]})).await.ok(201);
    assert_eq!(held["places"][0]["kind"], "wheelchair", "released, and the ticket says what it is");
    let rest = hall.asks(json!({"best": {"count": 8, "grade": "R"}})).await.ok(201);
    assert_eq!(rest["seats"].as_array().unwrap().len(), 8);
}

#[tokio::test]
async fn each_place_of_a_mixed_row_has_the_price_of_its_own_grade() {
    let mixed = Fixture {
        grades: &[("R", 50_000), ("S", 30_000)],
        graded: &[("A-1-4", "S"), ("A-1-5", "S"), ("A-1-8", "S")],
        ..Fixture::default()
    };
    let hall = Hall::open(mixed).await;
    let held = hall.asks(json!({"seats": ["A-1-3", "A-1-4", "A-1-5"]})).await.ok(201);
    assert_eq!(held["amount"], 110_000);
    let grades: Vec<_> = held["places"].as_array().unwrap().iter().map(|place| place["grade"].clone()).collect();
    assert_eq!(grades, ["R", "S", "S"]);
    let best = hall.asks(json!({"best": {"count": 1, "grade": "S"}})).await.ok(201);
    assert_eq!((&best["seats"], &best["amount"]), (&json!(["A-1-8"]), &json!(30_000)));
    let _ = hall.asks(json!({"best": {"count": 1, "grade": "S"}})).await.problem("seat_held", 409);
}
