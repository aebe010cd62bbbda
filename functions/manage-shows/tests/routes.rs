//! `manage-shows`: an organizer makes, changes and publishes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::user::Role;
use serde_json::{Value, json};
use testkit::{Client, Person, World};

struct Office {
    world: World,
    client: Client,
    organizer: Person,
}

impl Office {
    async fn open() -> Self {
        let world = World::start().await;
        let client = world.client(manage_shows::FUNCTION, manage_shows::routes());
        let organizer = world.person(Role::Organizer).await;
        Self { world, client, organizer }
    }

    async fn post(&self, path: &str, body: &Value) -> testkit::Answer {
        self.client.post(path).bearer(&self.organizer.token).json(body).send().await
    }

    async fn show(&self) -> String {
        let show = self.post("/v1/manage/shows", &show()).await.json(201);
        format!("/v1/manage/shows/{}", show["show_id"].as_str().expect("an id"))
    }

    async fn performance(&self, show: &str) -> String {
        let made = self.post(&format!("{show}/performances"), &performance()).await.json(201);
        format!("/v1/manage/performances/{}/publish", made["performance_id"].as_str().expect("an id"))
    }
}

fn show() -> Value {
    json!({
        "title": "봄의 제전", "genre": "Ballet", "venue": "예술의 집", "description": "한 편", "age_limit": 8,
        "runtime_min": 90, "poster_url": "https://house.example/spring.png", "currency": "KRW",
        "grades": [{ "grade": "R", "price": 110_000 }, { "grade": "S", "price": 0 }], "max_seats_per_user": 4,
    })
}

fn performance() -> Value {
    json!({
        "starts_at": "2099-05-01T10:00:00Z",
        "layout": { "sections": [
            { "section": "가", "grade": "R", "rows": [{ "row": "1", "seats": 3, "not_for_sale": [2] }] },
            { "section": "나", "grade": "S", "rows": [{ "row": "1", "seats": 2 }] },
        ]},
        "sale": { "opens_at": "2020-01-01T00:00:00Z", "mode": "queue", "cap": 10, "rate_per_min": 60 },
    })
}

#[tokio::test]
async fn a_show_is_made_read_and_changed() {
    let office = Office::open().await;
    let path = office.show().await;
    let read = office.client.get(&path).bearer(&office.organizer.token).send().await.json(200);
    assert_eq!((&read["genre"], &read["max_seats_per_user"]), (&json!("ballet"), &json!(4)));
    assert_eq!(read["grades"], show()["grades"]);
    assert_eq!(read["performances"], json!([]));
    let mut changed = show();
    changed["title"] = json!("가을");
    let put = office.client.put(&path).bearer(&office.organizer.token).json(&changed).send().await.json(200);
    assert_eq!(put["title"], "가을");
}

#[tokio::test]
async fn a_performance_is_added_and_published_once() {
    let office = Office::open().await;
    let show = office.show().await;
    let publish = office.performance(&show).await;
    let read = office.client.get(&show).bearer(&office.organizer.token).send().await.json(200);
    assert_eq!(read["performances"][0]["published"], false);
    assert_eq!(read["performances"][0]["closes_at"], "2099-05-01T10:00:00Z");
    let first = office.post(&publish, &json!({})).await.json(200);
    assert_eq!((&first["seat_count"], &first["sale"]["cap"]), (&json!(5), &json!(10)));
    assert_eq!(office.post(&publish, &json!({})).await.json(200), first);
}

#[tokio::test]
async fn published_prices_are_a_promise() {
    let office = Office::open().await;
    let path = office.show().await;
    let publish = office.performance(&path).await;
    let mut dearer = show();
    dearer["grades"][0]["price"] = json!(120_000);
    let put = |body: Value| office.client.put(&path).bearer(&office.organizer.token).json(&body).send();
    put(dearer).await.json(200);
    office.post(&publish, &json!({})).await.json(200);
    put(show()).await.invalid(&["grades"]);
}

#[tokio::test]
async fn everything_wrong_with_a_show_is_said_at_once() {
    let office = Office::open().await;
    let mut wrong = show();
    wrong["title"] = json!(" ");
    wrong["grades"] = json!([]);
    wrong["currency"] = json!("won");
    wrong["poster_url"] = json!("javascript:alert(1)");
    let answer = office.post("/v1/manage/shows", &wrong).await;
    answer.invalid(&["currency", "title", "poster_url", "grades"]);
}

#[tokio::test]
async fn a_layout_and_a_sale_are_checked() {
    let office = Office::open().await;
    let path = format!("{}/performances", office.show().await);
    let wrong = |pointer: &str, value: Value| {
        let mut body = performance();
        *body.pointer_mut(pointer).expect("there") = value;
        body
    };
    for (pointer, value, field) in [
        ("/layout/sections", json!([]), "layout"),
        ("/layout/sections/0/grade", json!("VIP"), "layout"),
        ("/layout/sections/1/section", json!("가"), "layout"),
        ("/layout/sections/0/rows/0/seats", json!(0), "layout"),
        ("/layout/sections/0/rows/0/not_for_sale", json!([4]), "layout"),
        ("/sale/opens_at", json!("2099-06-01T00:00:00Z"), "sale.closes_at"),
        ("/sale/cap", json!(0), "sale.cap"),
        ("/sale/mode", json!("lottery"), "sale.mode"),
        ("/starts_at", json!("soon"), "starts_at"),
    ] {
        office.post(&path, &wrong(pointer, value)).await.invalid(&[field]);
    }
}

#[tokio::test]
async fn only_organizers_make_shows_and_each_their_own() {
    let office = Office::open().await;
    let path = office.show().await;
    let buyer = office.world.buyer().await;
    let (rival, admin) = (office.world.person(Role::Organizer).await, office.world.person(Role::Admin).await);
    let get = |token: &str| office.client.get(&path).bearer(token).send();
    get(&buyer.token).await.problem(403, "forbidden");
    get(&rival.token).await.problem(403, "forbidden");
    get(&admin.token).await.json(200);
    office.client.get(&path).send().await.problem(401, "unauthenticated");
    let publish = office.performance(&path).await;
    office.client.post(&publish).bearer(&rival.token).send().await.problem(403, "forbidden");
    let made = office.client.post(&format!("{path}/performances")).bearer(&rival.token).json(&performance());
    made.send().await.problem(403, "forbidden");
    let nowhere = "/v1/manage/shows/0192f0c1-a2b3-7c4d-8e9f-0a1b2c3d4e5f";
    office.client.get(nowhere).bearer(&admin.token).send().await.problem(404, "not_found");
}
