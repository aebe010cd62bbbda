//! What a show's page promises.
#![cfg(test)]

use domain::{sale::SaleControl, show::ShowDetails};
use std::time::Duration;
use testkit::{Client, Fixture, StoreLine, World, json};
use tokio::time::{Instant, sleep};

fn another(world: &World) -> Client {
    world.client(show_detail::FUNCTION, show_detail::routes())
}

#[tokio::test]
async fn a_show_has_everything_that_a_buyer_needs() {
    let world = World::start().await;
    let grades = &[("VIP", 150_000), ("R", 0)];
    let fixture = Fixture {
        grades,
        sections: &[("A", "R", &[10]), ("B", "VIP", &[2])],
        house_seats: true,
        ..Fixture::queue()
    };
    let later = world.performance(Fixture { starts_in_s: 5 * 86_400, ..fixture.clone() }).await;
    let show = world.app.programme.show(later.show_id).await.unwrap().unwrap();
    let first = world.another_performance(&show, fixture.clone()).await;
    world.another_performance(&show, Fixture { published: false, ..fixture }).await;
    world.hold(&world.buyer().await, &first, &["A-1-2"]).await;
    world.confirmed(&world.buyer().await, &first, &["A-1-3", "A-1-4"]).await;

    let answer = another(&world).get(format!("/v1/shows/{}", show.show_id)).send().await;
    let detail = answer.ok(200);
    for (field, value) in [
        ("show_id", json!(show.show_id)),
        ("title", json!("봄의 제전")),
        ("genre", json!("ballet")),
        ("venue", json!("예술의전당")),
        ("description", json!("스트라빈스키")),
        ("age_limit", json!(8)),
        ("runtime_min", json!(90)),
        ("poster_url", json!("/posters/spring.svg")),
        ("from", json!(first.starts_at)),
        ("to", json!(later.starts_at)),
        ("min_price", json!(0)),
        ("max_price", json!(150_000)),
        ("currency", json!("KRW")),
        ("sale_state", json!("open")),
    ] {
        assert_eq!(detail[field], value, "{field}");
    }
    assert_eq!(detail["grades"][0], json!({"grade": "VIP", "price": 150_000, "currency": "KRW"}));
    assert_eq!(detail["performances"].as_array().unwrap().len(), 2);
    assert_eq!(
        detail["performances"][0],
        json!({
            "performance_id": first.performance_id, "starts_at": first.starts_at,
            "sale": {
                "opens_at": first.sale.opens_at, "prequeue_at": null, "closes_at": first.sale.closes_at,
                    "accessible_release_at": null,
                "mode": "queue", "state": "open",
            },
            "max_seats_per_user": 4, "seat_count": 12, "seats_left": 7,
        })
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
}

#[tokio::test]
async fn a_sale_has_the_state_that_its_clock_its_organizer_and_its_seats_give_it() {
    let world = World::start().await;
    let state = async |performance: &domain::performance::Performance| {
        let detail = another(&world).get(format!("/v1/shows/{}", performance.show_id)).send().await.ok(200);
        assert_eq!(detail["sale_state"], detail["performances"][0]["sale"]["state"]);
        detail["performances"][0]["sale"]["state"].clone()
    };
    for (fixture, expected) in [
        (Fixture { opens_in_s: 60, ..Fixture::default() }, "scheduled"),
        (Fixture { opens_in_s: 60, prequeue_in_s: Some(30), ..Fixture::queue() }, "scheduled"),
        (Fixture { opens_in_s: 60, prequeue_in_s: Some(-30), ..Fixture::queue() }, "prequeue"),
        (Fixture { closes_in_s: -1, ..Fixture::default() }, "closed"),
        (Fixture { control: SaleControl::Closed, ..Fixture::default() }, "closed"),
        (Fixture { control: SaleControl::Paused, ..Fixture::default() }, "paused"),
    ] {
        let performance = world.performance(fixture).await;
        assert_eq!(state(&performance).await, expected);
    }
    let small = world.performance(Fixture { sections: &[("A", "R", &[1])], ..Fixture::default() }).await;
    assert_eq!(state(&small).await, "open");
    world.confirmed(&world.buyer().await, &small, &["A-1-1"]).await;
    assert_eq!(state(&small).await, "sold_out");
}

#[tokio::test]
async fn a_sale_ends_with_the_start_unless_latecomers_are_let_in() {
    let world = World::start().await;
    let fixture = Fixture { closes_in_s: 3_600, starts_in_s: 60, ..Fixture::default() };
    let started = world.performance(fixture.clone()).await;
    let late = world.performance(Fixture { late_entry: true, ..fixture }).await;
    world.set_forward(61);
    for (performance, state, closes_at) in
        [(&started, "closed", started.starts_at), (&late, "open", late.sale.closes_at)]
    {
        let detail = another(&world).get(format!("/v1/shows/{}", performance.show_id)).send().await.ok(200);
        let sale = &detail["performances"][0]["sale"];
        assert_eq!((&sale["state"], &sale["closes_at"]), (&json!(state), &json!(closes_at)));
    }
}

#[tokio::test]
async fn a_grade_without_seats_does_not_affect_the_price_range() {
    let world = World::start().await;
    let grades = &[("VIP", 900_000), ("R", 50_000), ("S", 30_000), ("staff", 0)];
    let fixture = Fixture { grades, sections: &[("A", "R", &[10]), ("B", "S", &[1])], ..Fixture::default() };
    let performance = world.performance(Fixture { house_seats: true, ..fixture.clone() }).await;
    let path = format!("/v1/shows/{}", performance.show_id);
    let detail = another(&world).get(&path).send().await.ok(200);
    assert_eq!((&detail["min_price"], &detail["max_price"]), (&json!(50_000), &json!(50_000)));
    let show = world.app.programme.show(performance.show_id).await.unwrap().unwrap();
    world.another_performance(&show, Fixture { published: false, ..fixture.clone() }).await;
    assert_eq!(another(&world).get(&path).send().await.ok(200)["min_price"], 50_000);
    world.another_performance(&show, fixture).await;
    let detail = another(&world).get(&path).send().await.ok(200);
    assert_eq!((&detail["min_price"], &detail["max_price"]), (&json!(30_000), &json!(50_000)));
}

#[tokio::test]
async fn a_buyer_sees_when_the_gathering_begins() {
    let world = World::start().await;
    let fixture = Fixture { opens_in_s: 60, prequeue_in_s: Some(30), ..Fixture::queue() };
    let performance = world.performance(fixture).await;
    let detail = another(&world).get(format!("/v1/shows/{}", performance.show_id)).send().await.ok(200);
    let sale = &detail["performances"][0]["sale"];
    assert_eq!(sale["prequeue_at"], json!(performance.sale.door.prequeue.unwrap().opens_at));
}

#[tokio::test]
async fn a_page_that_the_client_has_is_not_sent_again_until_it_changes() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let path = format!("/v1/shows/{}", performance.show_id);
    let answer = another(&world).get(&path).send().await;
    another(&world).get(&path).header("if-none-match", answer.etag()).send().await.empty(304);
    let show = world.app.programme.show(performance.show_id).await.unwrap().unwrap();
    let details = ShowDetails { title: "다른 제목".into(), ..show.details.clone() };
    world.app.programme.update_show(&show, &details).await.unwrap();
    let changed = another(&world).get(&path).header("if-none-match", answer.etag()).send().await;
    assert_eq!(changed.ok(200)["title"], "다른 제목");
}

#[tokio::test]
async fn an_unpublished_show_is_not_found() {
    let world = World::start().await;
    let hidden = world.performance(Fixture { published: false, ..Fixture::default() }).await;
    for id in [hidden.show_id.to_string(), world.app.ids.uuid().to_string(), "x".into()] {
        let _ = another(&world).get(format!("/v1/shows/{id}")).send().await.problem("not_found", 404);
    }
}

#[tokio::test]
async fn the_page_works_without_redis() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let client = world.client_with(&nowhere, show_detail::FUNCTION, show_detail::routes());
    let detail = client.get(format!("/v1/shows/{}", performance.show_id)).send().await.ok(200);
    assert_eq!(detail["performances"][0]["seats_left"], 10);
}

#[tokio::test]
async fn no_reader_of_a_page_waits_for_books_that_hang() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let line = StoreLine::to(world.dynamodb_url()).await;
    let settings = [("AWS_ENDPOINT_URL_DYNAMODB", &*line.url())];
    let client = world.client_with(&settings, show_detail::FUNCTION, show_detail::routes());
    let path = format!("/v1/shows/{}", performance.show_id);
    let known = client.get(&path).send().await.ok(200);
    line.cut();
    sleep(Duration::from_millis(1_100)).await;
    for _ in 0..3 {
        let begun = Instant::now();
        assert_eq!(client.get(&path).send().await.ok(200), known);
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn the_seats_left_are_restored_after_redis_lost_them() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-1", "A-1-2"]).await;
    world.flush_redis();
    let client = another(&world);
    let begun = Instant::now();
    let left = async || {
        let detail = client.get(format!("/v1/shows/{}", performance.show_id)).send().await.ok(200);
        detail["performances"][0]["seats_left"].clone()
    };
    while left().await != 8 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        sleep(Duration::from_millis(100)).await;
    }
}
