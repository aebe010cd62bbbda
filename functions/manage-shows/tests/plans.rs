//! How large a seat plan may be.
#![cfg(test)]

use domain::layout::{ROWS_MAX, SEATS_MAX, SECTIONS_MAX};
use jiff::SignedDuration;
use testkit::{Answer, Client, Value, World, json};

struct Organizer {
    world: World,
    client: Client,
    performances: String,
}

impl Organizer {
    async fn start() -> Self {
        let world = World::start().await;
        let client = world.client(manage_shows::FUNCTION, manage_shows::routes());
        let show = json!({
            "title": "A", "genre": "b", "venue": "C", "grades": [{"grade": "grade of 20 letters.", "price": 1}],
            "currency": "KRW", "max_seats_per_user": 4,
        });
        let made = client.post("/v1/manage/shows").bearer(&world.organizer.token).json(&show).send().await;
        let show_id = made.ok(201)["show_id"].as_str().unwrap().to_owned();
        Self { world, client, performances: format!("/v1/manage/shows/{show_id}/performances") }
    }

    async fn add(&self, body: String) -> Answer {
        let request = self.client.post(&self.performances).bearer(&self.world.organizer.token);
        request.header("content-type", "application/json").body(body).send().await
    }

    fn performance_of(&self, sections: &Value) -> Value {
        let at = |days: i64| self.world.now() + SignedDuration::from_hours(24 * days);
        json!({
            "starts_at": at(7), "layout": {"sections": sections}, "sale": {"opens_at": at(1), "mode": "open"},
        })
    }
}

#[tokio::test]
async fn a_plan_at_all_of_its_bounds_is_stored_whole() {
    let organizer = Organizer::start().await;
    let (rows, seats) = (ROWS_MAX / SECTIONS_MAX, SEATS_MAX / u32::try_from(ROWS_MAX).unwrap());
    let row = |row: usize| json!({"row": format!("{row:0>20}"), "seats": seats, "not_for_sale": (2..=seats).collect::<Vec<_>>()});
    let section = |section: usize| {
        let rows: Vec<_> = (0..rows).map(row).collect();
        json!({"section": format!("{section:S>20}"), "grade": "grade of 20 letters.", "rows": rows})
    };
    let sections: Vec<_> = (0..SECTIONS_MAX).map(section).collect();
    let wanted = organizer.performance_of(&json!(sections));
    let body = wanted.to_string();
    assert!(body.len() > 400_000, "more than an item of the store holds: {}", body.len());
    let made = organizer.add(body).await.ok(201);
    assert_eq!(made["seat_count"], SEATS_MAX);

    let id = made["performance_id"].as_str().unwrap().parse().unwrap();
    let performance = organizer.world.app.programme.performance(id).await.unwrap().unwrap();
    assert_eq!(performance.for_sale_count as usize, ROWS_MAX);
    let kept = organizer.world.app.programme.layout(performance.layout_id).await.unwrap().unwrap();
    assert_eq!(serde_json::to_value(kept.sections).unwrap(), wanted["layout"]["sections"]);
}

#[tokio::test]
async fn a_body_that_no_plan_needs_is_too_large() {
    let organizer = Organizer::start().await;
    let small = organizer.performance_of(&json!([
        {"section": "A", "grade": "grade of 20 letters.", "rows": [{"row": "1", "seats": 2}]},
    ]));
    let small = small.to_string();
    let filled = |size: usize| format!("{}{small}", " ".repeat(size - small.len()));
    let _ = organizer.add(filled(manage_shows::PLAN_BODY_MAX)).await.ok(201);
    let refused = organizer.add(filled(manage_shows::PLAN_BODY_MAX + 1)).await;
    let problem = refused.problem("body_too_large", 413);
    assert_eq!(problem["detail"], "The body is over 4096 KiB");
    let show = organizer.client.post("/v1/manage/shows").bearer(&organizer.world.organizer.token);
    let show = show.header("content-type", "application/json").body(filled(64 * 1024 + 1));
    let _ = show.send().await.problem("body_too_large", 413);
}
