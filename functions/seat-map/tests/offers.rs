//! What is offered to a buyer before anything is held.
#![cfg(test)]

use domain::performance::Performance;
use std::collections::BTreeSet;
use testkit::{Answer, Client, Fixture, Value, World, json};

async fn open(house: Fixture) -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(seat_map::FUNCTION, seat_map::routes());
    let performance = world.performance(house).await;
    (world, client, performance)
}

async fn ask(client: &Client, performance: &Performance, query: &str) -> Answer {
    client.get(format!("/v1/seats/{}/best?{query}", performance.performance_id)).send().await
}

fn seats(offers: &Value) -> Vec<Vec<String>> {
    let offers = offers["alternatives"].as_array().unwrap();
    let names = |offer: &Value| serde_json::from_value(offer["seats"].clone()).unwrap();
    offers.iter().map(names).collect()
}

/// Waits, since offers may be a second old.
async fn a_second_later() {
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
}

#[tokio::test]
async fn an_offer_says_what_it_is_and_nothing_is_held() {
    let house = Fixture { sections: &[("A", "R", &[4, 4, 4, 4])], ..Fixture::default() };
    let (_world, client, performance) = open(house).await;
    let answer = ask(&client, &performance, "count=2&grade=R").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let offers = answer.ok(200);
    assert_eq!(seats(&offers), [["A-1-1", "A-1-2"], ["A-2-1", "A-2-2"], ["A-3-1", "A-3-2"]]);
    let first = &offers["alternatives"][0];
    assert_eq!((&first["amount"], &offers["currency"]), (&json!(100_000), &json!("KRW")));
    assert_eq!(first["chosen"], json!({"row_distance_m": 0.28, "split": false}));
    assert_eq!(first["places"][1]["kind"], "seat");
    assert_eq!(offers["standing"], json!([]));
    let map = client.get(format!("/v1/seats/{}", performance.performance_id)).send().await.ok(200);
    assert_eq!(map["states"], "AAAAAA==", "all are free");
}

#[tokio::test]
async fn buyers_who_ask_in_the_same_second_are_offered_different_seats() {
    let house = Fixture { sections: &[("A", "R", &[20; 12])], ..Fixture::default() };
    let (world, client, performance) = open(house).await;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.extend(seats(&ask(&client, &performance, "count=4&grade=R").await.ok(200)).concat());
    }
    let each_once: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!((all.len(), each_once.len()), (48, 48));
    a_second_later().await;
    let best = seats(&ask(&client, &performance, "count=4&grade=R").await.ok(200)).concat();
    assert_eq!(best, all[..12], "who asks alone is offered the best");
    let taken: Vec<_> = best[..2].iter().map(String::as_str).collect();
    world.hold(&world.buyer().await, &performance, &taken).await;
    a_second_later().await;
    let offers = seats(&ask(&client, &performance, "count=4&grade=R").await.ok(200)).concat();
    assert!(offers.len() == 12 && !offers.contains(&best[0]), "{offers:?}");
}

#[tokio::test]
async fn few_seats_are_offered_as_they_are_and_none_as_none() {
    let house = Fixture { sections: &[("A", "R", &[2, 2])], ..Fixture::default() };
    let (world, client, performance) = open(house).await;
    for _ in 0..3 {
        let offers = ask(&client, &performance, "count=2&grade=R").await.ok(200);
        assert_eq!(seats(&offers), [["A-1-1", "A-1-2"], ["A-2-1", "A-2-2"]]);
    }
    assert!(seats(&ask(&client, &performance, "count=3&grade=R").await.ok(200)).is_empty());
    let split = ask(&client, &performance, "count=4&grade=R&split=true").await.ok(200);
    assert_eq!(seats(&split), [["A-1-1", "A-1-2", "A-2-1", "A-2-2"]]);
    assert_eq!(split["alternatives"][0]["chosen"]["split"], true);
    world.hold(&world.buyer().await, &performance, &["A-1-1", "A-2-1"]).await;
    a_second_later().await;
    assert!(seats(&ask(&client, &performance, "count=2&grade=R").await.ok(200)).is_empty());
}

#[tokio::test]
async fn wheelchair_places_are_offered_to_those_who_ask_for_them() {
    let house = Fixture {
        sections: &[("A", "R", &[6])],
        wheelchairs: &[("A-1-1", &["A-1-2"])],
        accessible_release_in_s: Some(60),
        ..Fixture::default()
    };
    let (world, client, performance) = open(house).await;
    let with = seats(&ask(&client, &performance, "count=3&grade=R&wheelchair=1").await.ok(200));
    assert_eq!(with, [["A-1-1", "A-1-2", "A-1-3"]]);
    let without = seats(&ask(&client, &performance, "count=2&grade=R").await.ok(200)).concat();
    assert!(without.iter().all(|seat| !["A-1-1", "A-1-2"].contains(&seat.as_str())), "{without:?}");
    world.set_forward(61);
    let released = seats(&ask(&client, &performance, "count=2&grade=R").await.ok(200)).concat();
    assert!(released.contains(&"A-1-1".to_owned()), "{released:?}");
}

#[tokio::test]
async fn standing_sections_say_what_fits() {
    let house = Fixture { standing: &[("F", "R", 5), ("G", "S", 9)], ..Fixture::default() };
    let house = Fixture { grades: &[("R", 50_000), ("S", 30_000)], ..house };
    let (world, client, performance) = open(house).await;
    world.hold(&world.buyer().await, &performance, &["F-entry-3"]).await;
    for (count, together) in [(2, true), (3, false)] {
        let offers = ask(&client, &performance, &format!("count={count}&grade=R")).await.ok(200);
        let amount = 50_000 * count;
        let fits = json!([{"section": "F", "left": 4, "together": together, "amount": amount}]);
        assert_eq!(offers["standing"], fits);
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for() {
    let (_world, client, performance) = open(Fixture::default()).await;
    for (query, field) in [
        ("count=0&grade=R", "count"),
        ("count=1&grade=VIP", "grade"),
        ("count=1&grade=R&wheelchair=2", "wheelchair"),
    ] {
        assert_eq!(ask(&client, &performance, query).await.invalid(), [field]);
    }
    let _ = ask(&client, &performance, "count=5&grade=R").await.problem("too_many_seats", 422);
    for query in ["", "count=1", "count=many&grade=R"] {
        let refusal = ask(&client, &performance, query).await;
        assert!(matches!(refusal.status, 400 | 422), "{query}: {}", refusal.body);
    }
    let nowhere =
        client.get("/v1/seats/01900000-0000-7000-8000-000000000000/best?count=1&grade=R").send().await;
    let _ = nowhere.problem("not_found", 404);
}
