//! What the list of shows promises.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use domain::sale::SaleControl;
use testkit::{Client, Fixture, Value, World, json};

const DAY_S: i64 = 86_400;

/// Three shows, by title, genre, price and the day that they are played.
async fn start() -> (World, Client) {
    let world = World::start().await;
    for (title, genre, price, starts_in_s) in [
        ("가을 음악회", "concert", 30_000, 3 * DAY_S),
        ("Jazz Night", "concert", 10_000, 5 * DAY_S),
        ("봄의 제전", "ballet", 50_000, DAY_S),
    ] {
        let fixture = Fixture { title, genre, starts_in_s, ..Fixture::default() };
        let fixture = match price {
            30_000 => Fixture {
                // Nobody can buy the free one.
                grades: &[("R", 30_000), ("VIP", 90_000), ("staff", 0)],
                sections: &[("A", "R", &[10]), ("B", "VIP", &[2])],
                ..fixture
            },
            10_000 => Fixture { grades: &[("R", 10_000)], ..fixture },
            _ => Fixture { grades: &[("R", 50_000)], ..fixture },
        };
        world.performance(fixture).await;
    }
    let client = another(&world);
    (world, client)
}

/// A process that remembers nothing yet.
fn another(world: &World) -> Client {
    world.client(list_shows::FUNCTION, list_shows::routes())
}

async fn page(client: &Client, query: &str) -> Value {
    client.get(format!("/v1/shows{query}")).send().await.ok(200)
}

fn titles(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|show| show["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_show_is_listed_with_its_dates_its_prices_and_its_sale() {
    let (world, client) = start().await;
    let page = page(&client, "?q=%EA%B0%80%EC%9D%84").await;
    let show = &page["items"][0];
    for (field, value) in [
        ("title", json!("가을 음악회")),
        ("genre", json!("concert")),
        ("venue", json!("예술의전당")),
        ("poster_url", json!("/posters/spring.svg")),
        ("min_price", json!(30_000)),
        ("max_price", json!(90_000)),
        ("currency", json!("KRW")),
        ("sale_state", json!("open")),
    ] {
        assert_eq!(show[field], value, "{field}");
    }
    assert!(show["show_id"].is_string());
    let from: jiff::Timestamp = show["from"].as_str().unwrap().parse().unwrap();
    assert_eq!(show["from"], show["to"]);
    assert_eq!((from - world.now()).get_seconds() / DAY_S, 2);
    assert_eq!(page["next_cursor"], Value::Null);
}

#[tokio::test]
async fn shows_are_sorted_as_asked() {
    let (_world, client) = start().await;
    let (autumn, jazz, spring) = ("가을 음악회", "Jazz Night", "봄의 제전");
    for (sort, order) in [
        ("", [spring, autumn, jazz]),
        ("?sort=date", [spring, autumn, jazz]),
        ("?sort=-date", [jazz, autumn, spring]),
        ("?sort=title", [jazz, autumn, spring]),
        ("?sort=-title", [spring, autumn, jazz]),
        ("?sort=price", [jazz, autumn, spring]),
        ("?sort=-price", [spring, autumn, jazz]),
    ] {
        assert_eq!(titles(&page(&client, sort).await), order, "{sort}");
    }
}

#[tokio::test]
async fn shows_are_found_by_genre_words_and_days() {
    let (world, client) = start().await;
    let day = |in_s: i64| {
        let day = (world.now() + jiff::SignedDuration::from_secs(in_s)).to_string();
        day.split_once('T').unwrap().0.to_owned()
    };
    let exactly = (world.now() + jiff::SignedDuration::from_secs(4 * DAY_S)).to_string();
    for (query, found) in [
        ("?genre=concert".to_owned(), vec!["가을 음악회", "Jazz Night"]),
        ("?genre=CONCERT".to_owned(), vec!["가을 음악회", "Jazz Night"]),
        ("?genre=conc".to_owned(), vec![]),
        ("?q=jazz".to_owned(), vec!["Jazz Night"]),
        ("?q=%EC%98%88%EC%88%A0%EC%9D%98".to_owned(), vec!["봄의 제전", "가을 음악회", "Jazz Night"]),
        ("?q=nothing".to_owned(), vec![]),
        ("?q=&genre=".to_owned(), vec!["봄의 제전", "가을 음악회", "Jazz Night"]),
        (format!("?from={exactly}"), vec!["Jazz Night"]),
        (format!("?to={exactly}"), vec!["봄의 제전", "가을 음악회"]),
        (format!("?from={0}&to={0}", day(3 * DAY_S)), vec!["가을 음악회"]),
        (format!("?from={}&to={}&genre=ballet", day(0), day(9 * DAY_S)), vec!["봄의 제전"]),
    ] {
        assert_eq!(titles(&page(&client, &query).await), found, "{query}");
    }
}

#[tokio::test]
async fn pages_lead_through_all_shows_and_end() {
    let (_world, client) = start().await;
    let first = page(&client, "?limit=2&sort=price").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = page(&client, &format!("?limit=2&sort=price&cursor={cursor}")).await;
    assert_eq!((titles(&first).len(), titles(&second)), (2, vec!["봄의 제전"]));
    assert_eq!(second["next_cursor"], Value::Null);
    assert_eq!(page(&client, "?limit=3").await["next_cursor"], Value::Null);
}

#[tokio::test]
async fn a_question_that_makes_no_sense_names_its_parameters() {
    let (_world, client) = start().await;
    let invalid = |query: String| {
        let request = client.get(format!("/v1/shows{query}"));
        async { request.send().await.invalid() }
    };
    assert_eq!(invalid("?from=soon&to=later&sort=colour".into()).await, ["from", "to", "sort"]);
    let long = "a".repeat(101);
    assert_eq!(invalid(format!("?q={long}&genre={long}")).await, ["genre", "q"]);
    assert_eq!(invalid("?limit=101".into()).await, ["limit"]);
    assert_eq!(invalid("?cursor=x".into()).await, ["cursor"]);
}

#[tokio::test]
async fn a_show_is_as_open_as_its_most_open_performance() {
    let world = World::start().await;
    let paused = SaleControl::Paused;
    let performance =
        world.performance(Fixture { sections: &[("A", "R", &[1])], ..Fixture::default() }).await;
    let show = world.app.programme.show(performance.show_id).await.unwrap().unwrap();
    let state = async || page(&another(&world), "").await["items"][0]["sale_state"].clone();
    assert_eq!(state().await, "open");
    world.hold(&world.buyer().await, &performance, &["A-1-1"]).await;
    assert_eq!(state().await, "open", "what is held may come back");
    world.flush_redis();
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    assert_eq!(state().await, "sold_out");
    world.another_performance(&show, Fixture { closes_in_s: -1, ..Fixture::default() }).await;
    assert_eq!(state().await, "sold_out");
    world.another_performance(&show, Fixture { opens_in_s: 60, ..Fixture::default() }).await;
    assert_eq!(state().await, "scheduled");
    world.another_performance(&show, Fixture { control: paused, ..Fixture::default() }).await;
    assert_eq!(state().await, "paused");
    world.another_performance(&show, Fixture { published: false, ..Fixture::default() }).await;
    assert_eq!(state().await, "paused", "nobody sees what is not published");
    world.another_performance(&show, Fixture::default()).await;
    assert_eq!(state().await, "open");
}

#[tokio::test]
async fn what_is_not_published_is_not_listed() {
    let world = World::start().await;
    world.performance(Fixture { published: false, ..Fixture::default() }).await;
    assert_eq!(page(&another(&world), "").await, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn a_list_that_is_known_is_not_sent_again() {
    let (_world, client) = start().await;
    let answer = client.get("/v1/shows").send().await;
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
    client.get("/v1/shows").header("if-none-match", answer.etag()).send().await.empty(304);
    let other = client.get("/v1/shows?sort=title").header("if-none-match", answer.etag()).send().await;
    let _ = other.ok(200);
}

#[tokio::test]
async fn without_redis_the_list_is_there_all_the_same() {
    let (world, _) = start().await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let client = world.client_with(&nowhere, list_shows::FUNCTION, list_shows::routes());
    assert_eq!(titles(&page(&client, "").await).len(), 3);
}
