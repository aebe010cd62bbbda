//! What a crowd gets that asks for the best seats at the same moment.
#![cfg(test)]

use domain::performance::Performance;
use std::collections::BTreeSet;
use testkit::{Answer, Client, Fixture, Person, Section, World, json};

/// Twenty rows of twenty: 400 seats.
const HOUSE: &[Section] = &[("A", "R", &[20; 20])];

async fn house(sections: &'static [Section]) -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(lock_seat::FUNCTION, lock_seat::routes());
    let performance = world.performance(Fixture { sections, ..Fixture::default() }).await;
    (world, client, performance)
}

/// One wish for so many seats together per buyer. Buyers are made first, so that the requests come at once.
async fn crowd(world: &World, wishes: impl IntoIterator<Item = u32>) -> Vec<(Person, u32)> {
    let mut crowd = Vec::new();
    for count in wishes {
        crowd.push((world.buyer().await, count));
    }
    crowd
}

async fn ask_at_once(client: &Client, performance: &Performance, crowd: Vec<(Person, u32)>) -> Vec<Answer> {
    let mut asking = tokio::task::JoinSet::new();
    for (buyer, count) in crowd {
        let (client, best) = (client.clone(), json!({"count": count, "grade": "R"}));
        let body = json!({"performance_id": performance.performance_id, "best": best});
        asking.spawn(async move { client.post("/v1/holds").bearer(&buyer.token).json(&body).send().await });
    }
    asking.join_all().await
}

/// How many got seats, and the seats, each once. The others were told that there are none together.
fn held(answers: &[Answer]) -> (usize, BTreeSet<String>) {
    let (granted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    for answer in refused {
        let problem = answer.problem("seat_held", 409);
        assert!(problem["detail"].as_str().unwrap().starts_with("There are no "), "{problem}");
    }
    let names = |answer: &&Answer| answer.ok(201)["seats"].as_array().unwrap().clone();
    let all: Vec<_> = granted.iter().flat_map(names).map(|name| name.as_str().unwrap().to_owned()).collect();
    let each_once: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(each_once.len(), all.len(), "a seat was held twice");
    (granted.len(), each_once)
}

#[tokio::test]
async fn no_buyer_in_a_crowd_is_refused_while_seats_are_free() {
    let (world, client, performance) = house(HOUSE).await;
    let crowd = crowd(&world, [2; 60]).await;
    let (granted, seats) = held(&ask_at_once(&client, &performance, crowd).await);
    assert_eq!((granted, seats.len()), (60, 120));
}

#[tokio::test]
async fn every_pair_is_sold_and_no_single_seat_is_left() {
    let (world, client, performance) = house(HOUSE).await;
    let crowd = crowd(&world, [2; 250]).await;
    let (granted, seats) = held(&ask_at_once(&client, &performance, crowd).await);
    assert_eq!((granted, seats.len()), (200, 400));
}

#[tokio::test]
async fn groups_of_many_sizes_leave_no_seat_unsold() {
    let (world, client, performance) = house(HOUSE).await;
    let mut seats = BTreeSet::new();
    for wishes in [(0..160).map(|n| n % 4 + 1).collect(), vec![2; 40], vec![1; 40]] {
        let crowd = crowd(&world, wishes).await;
        let (_, more) = held(&ask_at_once(&client, &performance, crowd).await);
        assert!(seats.is_disjoint(&more), "a seat was held twice");
        seats.extend(more);
    }
    assert_eq!(seats.len(), 400);
}

#[tokio::test]
async fn the_search_goes_on_when_others_took_all_seats_that_it_looked_at() {
    let (world, client, performance) = house(&[("A", "R", &[1_000, 2])]).await;
    let generous = Performance { max_seats_per_user: 1_000, ..performance.clone() };
    let (group, first, second) = (world.buyer().await, crowd(&world, [1]).await, crowd(&world, [2]).await);
    let (_, middle) = held(&ask_at_once(&client, &performance, first).await);
    // Seats that the map of a moment ago shows as free are held before the next buyer asks.
    let row = (1..=1_000).map(|number| format!("A-1-{number}")).filter(|seat| !middle.contains(seat));
    let row: Vec<_> = row.collect();
    let _ = world.hold(&group, &generous, &row.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (_, seats) = held(&ask_at_once(&client, &performance, second).await);
    assert_eq!(seats.into_iter().collect::<Vec<_>>(), ["A-2-1", "A-2-2"]);
}

#[tokio::test]
async fn seats_released_a_moment_ago_are_offered() {
    let (world, client, performance) = house(&[("A", "R", &[2])]).await;
    let (first, late, lucky) = (world.buyer().await, crowd(&world, [2]).await, crowd(&world, [2]).await);
    let hold = world.hold(&first, &performance, &["A-1-1", "A-1-2"]).await;
    assert_eq!(held(&ask_at_once(&client, &performance, late).await).0, 0);
    client.delete(format!("/v1/holds/{hold}")).bearer(&first.token).send().await.empty(204);
    assert_eq!(held(&ask_at_once(&client, &performance, lucky).await).0, 1);
}
