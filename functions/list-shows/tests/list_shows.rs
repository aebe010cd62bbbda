//! What the list of shows promises.
#![cfg(test)]

use domain::{sale::SaleControl, show::ShowDetails};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::time::Duration;
use testkit::{Client, Fixture, StoreLine, Value, World, json};
use tokio::time::{Instant, sleep};

const DAY_S: i64 = 86_400;

/// Three shows, by title, genre, price and the day of the performance.
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
                // The free grade is not for sale.
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

/// A process with an empty memory.
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
async fn shows_are_found_by_genre_text_and_days() {
    let (world, client) = start().await;
    let day = |in_s: i64| {
        let korea = TimeZone::fixed(jiff::tz::offset(9));
        (world.now() + SignedDuration::from_secs(in_s)).to_zoned(korea).date().to_string()
    };
    let exactly = (world.now() + SignedDuration::from_secs(4 * DAY_S)).to_string();
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
    let unsaid = invalid("?from=2026-12-01T19:00&to=2026-12-01T19:00:00".into()).await;
    assert_eq!(unsaid, ["from", "to"], "an hour is not dropped silently");
    let cursor = page(&client, "?limit=1").await["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(invalid(format!("?sort=price&cursor={cursor}")).await, ["cursor"], "of another order");
}

/// A show with one performance at this time, however far away.
async fn played_at(world: &World, title: &'static str, starts_at: &str) {
    let starts_at: Timestamp = starts_at.parse().unwrap();
    let starts_in_s = (starts_at - world.now()).total(jiff::Unit::Second).unwrap().round();
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    let starts_in_s = starts_in_s as i64;
    world.performance(Fixture { title, starts_in_s, ..Fixture::default() }).await;
}

#[tokio::test]
async fn a_day_ends_at_midnight_in_korea_however_far_away() {
    let world = World::start().await;
    played_at(&world, "28일 밤", "2028-02-28T23:59:30+09:00").await;
    played_at(&world, "29일 낮", "2028-02-29T14:00:00+09:00").await;
    let client = another(&world);
    for (query, found) in [
        ("?to=2028-02-28", &["28일 밤"][..]),
        ("?from=2028-02-29", &["29일 낮"]),
        ("?from=2028-02-28&to=2028-02-29", &["28일 밤", "29일 낮"]),
        ("?from=2028-02-28T14:59:00Z&to=2028-02-29T00:00:00%2B09:00", &["28일 밤"]),
        ("?to=9999-12-30", &["28일 밤", "29일 낮"]),
        ("?to=9999-12-31&from=-009999-01-01", &["28일 밤", "29일 낮"]),
        ("?from=9999-12-31", &[]),
        ("?from=&to=", &["28일 밤", "29일 낮"]),
    ] {
        assert_eq!(titles(&page(&client, query).await), found, "{query}");
    }
}

#[tokio::test]
async fn words_are_found_however_they_are_written() {
    let world = World::start().await;
    world.performance(Fixture { title: "은하수 투어 ＬＩＶＥ", ..Fixture::default() }).await;
    let decomposed = "\u{1106}\u{116E}\u{110C}\u{1175}\u{1100}\u{1162}";
    world.performance(Fixture { title: decomposed, ..Fixture::default() }).await;
    let client = another(&world);
    for (q, found) in [
        ("은하수투어", "은하수 투어 ＬＩＶＥ"),
        ("은 하수 투어live", "은하수 투어 ＬＩＶＥ"),
        ("\u{110B}\u{1173}\u{11AB}\u{1112}\u{1161}", "은하수 투어 ＬＩＶＥ"),
        ("무지개", decomposed),
    ] {
        let encoded = q.bytes().fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"));
        assert_eq!(titles(&page(&client, &format!("?q={encoded}")).await), [found], "{q}");
    }
}

#[tokio::test]
async fn shows_ahead_come_first_and_past_ones_last() {
    let world = World::start().await;
    let fixture = |title, starts_in_s| Fixture { title, starts_in_s, genre: "musical", ..Fixture::default() };
    world.performance(fixture("지난달", -30 * DAY_S)).await;
    let long = world.performance(fixture("오래 하는 것", -20 * DAY_S)).await;
    let show = world.app.programme.show(long.show_id).await.unwrap().unwrap();
    world.another_performance(&show, fixture("", 2 * DAY_S)).await;
    world.performance(fixture("어제", -DAY_S)).await;
    // It plays for an hour and a half.
    world.performance(fixture("지금", -3_600)).await;
    world.performance(fixture("다음 주", 7 * DAY_S)).await;
    let client = another(&world);
    for (sort, order) in [
        ("", ["지금", "오래 하는 것", "다음 주", "어제", "지난달"]),
        ("?sort=-date", ["다음 주", "오래 하는 것", "지금", "지난달", "어제"]),
        ("?sort=title", ["다음 주", "오래 하는 것", "지금", "어제", "지난달"]),
    ] {
        assert_eq!(titles(&page(&client, sort).await), order, "{sort}");
    }
    let last_days = format!("?to={}", (world.now() - SignedDuration::from_secs(2 * DAY_S)));
    assert_eq!(titles(&page(&client, &last_days).await), ["오래 하는 것", "지난달"], "by what was asked for");
}

#[tokio::test]
async fn a_page_goes_on_where_the_last_one_ended_although_its_last_show_is_gone() {
    let (world, client) = start().await;
    for sort in ["date", "-date", "title", "-title", "price", "-price"] {
        let all = page(&client, &format!("?sort={sort}")).await;
        let first = page(&client, &format!("?sort={sort}&limit=2")).await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = page(&client, &format!("?sort={sort}&limit=2&cursor={cursor}")).await;
        assert_eq!(titles(&rest), titles(&all)[2..], "{sort}");
    }
    let first = page(&client, "?genre=concert&limit=1").await;
    assert_eq!(titles(&first), ["가을 음악회"]);
    let id = first["items"][0]["show_id"].as_str().unwrap().parse().unwrap();
    let show = world.app.programme.show(id).await.unwrap().unwrap();
    let elsewhere = ShowDetails { genre: "festival".into(), ..show.details.clone() };
    world.app.programme.update_show(&show, &elsewhere).await.unwrap();
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = page(&another(&world), &format!("?genre=concert&limit=1&cursor={cursor}")).await;
    assert_eq!((titles(&next), &next["next_cursor"]), (vec!["Jazz Night"], &Value::Null));
}

#[tokio::test]
async fn a_cold_list_of_many_shows_is_a_few_round_trips_to_redis() {
    let world = World::start().await;
    for _ in 0..40 {
        let performance = world.performance(Fixture::default()).await;
        let _ = world.app.locks.figures(performance.performance_id).await.unwrap();
    }
    let client = another(&world);
    let before = world.redis_reads();
    assert_eq!(page(&client, "?limit=100").await["items"].as_array().unwrap().len(), 40);
    // The client says hello and asks for all of them together; counting the reads is one more read.
    let reads = world.redis_reads() - before;
    assert!(reads <= 8, "{reads} reads");
}

#[tokio::test]
async fn a_list_does_not_wait_for_a_redis_that_has_lost_everything() {
    let world = World::start().await;
    for _ in 0..8 {
        world.performance(Fixture { sections: &[("A", "R", &[1])], ..Fixture::default() }).await;
    }
    let sold_out = world
        .performance(Fixture { sections: &[("A", "R", &[1])], genre: "gone", ..Fixture::default() })
        .await;
    world.confirmed(&world.buyer().await, &sold_out, &["A-1-1"]).await;
    world.flush_redis();
    let client = another(&world);
    let begun = Instant::now();
    assert_eq!(page(&client, "?limit=100").await["items"].as_array().unwrap().len(), 9);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let state = async || page(&client, "?genre=gone").await["items"][0]["sale_state"].clone();
    let begun = Instant::now();
    while state().await != "sold_out" {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is brought back for the list");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn no_reader_of_a_list_waits_for_books_that_hang() {
    let (world, _) = start().await;
    let line = StoreLine::to(world.dynamodb_url()).await;
    let client = world.client_with(
        &[("AWS_ENDPOINT_URL_DYNAMODB", &line.url())],
        list_shows::FUNCTION,
        list_shows::routes(),
    );
    assert_eq!(titles(&page(&client, "").await).len(), 3);
    line.cut();
    sleep(Duration::from_millis(1_100)).await;
    for query in ["", "?sort=title", "?genre=concert", "", ""] {
        let begun = Instant::now();
        assert!(titles(&page(&client, query).await).len() >= 2, "{query}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{query}: {:?}", begun.elapsed());
    }
    world.performance(Fixture { title: "새로운 것", ..Fixture::default() }).await;
    line.mend();
    let begun = Instant::now();
    while titles(&page(&client, "").await).len() < 4 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is read again");
        sleep(Duration::from_millis(100)).await;
    }
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
    assert_eq!(state().await, "paused", "buyers do not see unpublished performances");
    world.another_performance(&show, Fixture::default()).await;
    assert_eq!(state().await, "open");
}

#[tokio::test]
async fn unpublished_shows_are_not_listed() {
    let world = World::start().await;
    world.performance(Fixture { published: false, ..Fixture::default() }).await;
    assert_eq!(page(&another(&world), "").await, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn a_list_that_the_client_has_is_not_sent_again() {
    let (_world, client) = start().await;
    let answer = client.get("/v1/shows").send().await;
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
    client.get("/v1/shows").header("if-none-match", answer.etag()).send().await.empty(304);
    let other = client.get("/v1/shows?sort=title").header("if-none-match", answer.etag()).send().await;
    let _ = other.ok(200);
}

#[tokio::test]
async fn the_list_works_without_redis() {
    let (world, _) = start().await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let client = world.client_with(&nowhere, list_shows::FUNCTION, list_shows::routes());
    assert_eq!(titles(&page(&client, "").await).len(), 3);
}
