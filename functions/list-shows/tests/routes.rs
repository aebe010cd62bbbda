//! `list-shows`: what is played, searched, sorted and paged.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::sale::SaleControl;
use serde_json::{Value, json};
use testkit::{Client, Stage, World};

fn client(world: &World) -> Client {
    world.client(list_shows::FUNCTION, list_shows::routes())
}

async fn titles(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/shows?{query}")).send().await.json(200);
    page["items"].as_array().expect("items").iter().map(|show| show["title"].clone()).collect()
}

async fn three_shows() -> World {
    let world = World::start().await;
    let stage =
        |title, genre, price, starts_in_h| Stage { title, genre, price, starts_in_h, ..Stage::default() };
    world.performance(stage("나비", "opera", 30_000, 72)).await;
    world.performance(stage("가을", "ballet", 20_000, 96)).await;
    world.performance(stage("다리", "ballet", 10_000, 48)).await;
    world
}

#[tokio::test]
async fn a_show_has_every_field_of_the_contract() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let page = client(&world).get("/v1/shows").send().await.json(200);
    let starts_at = performance.starts_at.to_string();
    let expected = json!({
        "show_id": performance.show_id.to_string(), "title": "봄의 제전", "genre": "ballet", "venue": "예술의 집",
        "poster_url": null, "from": starts_at, "to": starts_at, "min_price": 50_000, "max_price": 50_000,
        "currency": "KRW", "sale_state": "open",
    });
    assert_eq!(page, json!({ "items": [expected], "next_cursor": null }));
}

#[tokio::test]
async fn shows_are_filtered_and_sorted() {
    let world = three_shows().await;
    let client = client(&world);
    assert_eq!(titles(&client, "").await, ["다리", "나비", "가을"]);
    assert_eq!(titles(&client, "sort=-date").await, ["가을", "나비", "다리"]);
    assert_eq!(titles(&client, "sort=title").await, ["가을", "나비", "다리"]);
    assert_eq!(titles(&client, "sort=price").await, ["다리", "가을", "나비"]);
    assert_eq!(titles(&client, "genre=ballet").await, ["다리", "가을"]);
    assert_eq!(titles(&client, "q=%EB%82%98%EB%B9%84").await, ["나비"]);
    let day_after = world.now() + jiff::SignedDuration::from_hours(60);
    assert_eq!(titles(&client, &format!("from={day_after}")).await, ["나비", "가을"]);
    assert_eq!(titles(&client, &format!("to={day_after}")).await, ["다리"]);
    client.get("/v1/shows?sort=x&from=y").send().await.invalid(&["from", "sort"]);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let world = three_shows().await;
    let client = client(&world);
    let first = client.get("/v1/shows?limit=2").send().await.json(200);
    assert_eq!(first["items"].as_array().map(Vec::len), Some(2));
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    assert_eq!(titles(&client, &format!("limit=2&cursor={cursor}")).await, ["가을"]);
    for limit in ["0", "101"] {
        client.get(&format!("/v1/shows?limit={limit}")).send().await.invalid(&["limit"]);
    }
    client.get("/v1/shows?limit=many").send().await.problem(422, "validation_failed");
    client.get("/v1/shows?cursor=x").send().await.invalid(&["cursor"]);
}

#[tokio::test]
async fn a_list_that_is_known_is_not_sent_again() {
    let world = three_shows().await;
    let client = client(&world);
    let tag = client.get("/v1/shows").send().await.header("etag").to_owned();
    client.get("/v1/shows").header("if-none-match", &tag).send().await.empty(304);
}

#[tokio::test]
async fn the_most_open_performance_says_what_the_sale_is() {
    for (stage, state) in [
        (Stage { opens_in_h: 1, ..Stage::default() }, "scheduled"),
        (Stage { closes_in_h: -1, opens_in_h: -2, ..Stage::default() }, "closed"),
        (Stage { control: SaleControl::Paused, ..Stage::default() }, "paused"),
        (Stage { control: SaleControl::Closed, ..Stage::default() }, "closed"),
    ] {
        let world = World::start().await;
        world.performance(stage).await;
        let page = client(&world).get("/v1/shows").send().await.json(200);
        assert_eq!(page["items"][0]["sale_state"], state);
    }
}

#[tokio::test]
async fn the_list_answers_without_redis() {
    let world = World::with(&[("YEMAE_REDIS_URL", "redis://127.0.0.1:1")]).await;
    world.performance(Stage::default()).await;
    let page = client(&world).get("/v1/shows").send().await.json(200);
    assert_eq!(page["items"][0]["sale_state"], "open");
}
