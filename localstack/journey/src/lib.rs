//! The whole journey of a sale, from an account to a cancelled booking, through every public function of a running Yemae:
//! as processes, behind nginx, in a cluster, or on Lambda. It leaves a show and an account behind.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a journey that fails must stop at once and say where"
)]

mod client;

use client::ApiClient;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// A running Yemae and its organizer, as no account can sign up as one.
#[derive(Debug, Clone)]
pub struct RunningYemae {
    /// The address of Yemae: `http://host:port`.
    pub base: String,
    /// The organizer's address.
    pub organizer_email: String,
    /// The organizer's password.
    pub organizer_password: String,
}

/// Takes the journey. Everything that it creates is named after `run`, so that it can be repeated.
pub async fn take(house: &RunningYemae, run: Uuid) {
    let organizer = organizer(house).await;
    let performance = put_on_sale(&organizer, run).await;

    let (mut buyer, refresh_token) = sign_up(house, run).await;
    look_around(&buyer, &performance, run).await;
    wait_for_the_turn(&mut buyer, &performance).await;
    let booking = buy(&mut buyer, &performance).await;
    assert_eq!(sale(&organizer, &performance).await["sold"], 2);
    cancel(&mut buyer, &booking).await;
    assert_eq!(sale(&organizer, &performance).await["sold"], 0);
    log_out(&buyer, &refresh_token).await;
}

async fn organizer(house: &RunningYemae) -> ApiClient {
    let mut organizer = ApiClient::of(&house.base);
    log_in(&mut organizer, &house.organizer_email, &house.organizer_password).await;
    organizer
}

async fn put_on_sale(organizer: &ApiClient, run: Uuid) -> String {
    let show = json!({
        "title": format!("봄밤 {run}"), "genre": "concert", "venue": "Hall", "currency": "KRW", "max_seats_per_user": 4,
        "grades": [{ "grade": "R", "price": 90_000 }, { "grade": "S", "price": 60_000 }],
    });
    let show = organizer.post("/v1/manage/shows", show, 201).await;
    let show = format!("/v1/manage/shows/{}", text(&show, "show_id"));
    let row = |row: &str| json!({ "row": row, "seats": 10 });
    let performance = json!({
        "starts_at": "2999-05-01T10:00:00Z",
        "layout": { "sections": [
            { "section": "A", "grade": "R", "rows": [row("1"), row("2")] },
            { "section": "B", "grade": "S", "rows": [row("1")] },
        ] },
        "sale": { "opens_at": "2020-01-01T00:00:00Z", "mode": "queue", "cap": 10, "rate_per_min": 6_000 },
    });
    let performance = organizer.post(&format!("{show}/performances"), performance, 201).await;
    assert_eq!(performance["seat_count"], 30);
    let performance = text(&performance, "performance_id");
    let publish = format!("/v1/manage/performances/{performance}/publish");
    organizer.ask(Method::POST, &publish, None, 200).await;
    assert_eq!(organizer.get(&show, 200).await["performances"][0]["published"], true);
    let flow = json!({ "cap": 20 });
    organizer.ask(Method::PATCH, &format!("/v1/manage/sales/{performance}"), Some(flow), 200).await;
    performance
}

async fn sign_up(house: &RunningYemae, run: Uuid) -> (ApiClient, String) {
    let mut buyer = ApiClient::of(&house.base);
    let email = format!("buyer-{run}@yemae.test");
    let account = json!({ "email": email, "password": "another password", "name": "관객" });
    buyer.post("/v1/users", account.clone(), 201).await;
    assert_eq!(buyer.post("/v1/users", account, 409).await["code"], "email_taken");
    assert_eq!(buyer.get("/v1/me", 401).await["code"], "unauthenticated");

    let first = log_in(&mut buyer, &email, "another password").await;
    assert_eq!(buyer.get("/v1/me", 200).await["role"], "buyer");
    let renewed = buyer.post("/v1/tokens", json!({ "refresh_token": first }), 200).await;
    buyer.set("authorization", format!("Bearer {}", text(&renewed, "access_token")));
    assert_eq!(buyer.get("/v1/me", 200).await["email"], email);
    (buyer, text(&renewed, "refresh_token"))
}

async fn log_in(client: &mut ApiClient, email: &str, password: &str) -> String {
    let tokens = client.post("/v1/login", json!({ "email": email, "password": password }), 200).await;
    client.set("authorization", format!("Bearer {}", text(&tokens, "access_token")));
    text(&tokens, "refresh_token")
}

async fn look_around(buyer: &ApiClient, performance: &str, run: Uuid) {
    let search = format!("/v1/shows?genre=concert&q={run}");
    let listed = |reply: &Value| reply["items"][0]["sale_state"] == "open";
    let shows = buyer.get_until(&search, listed).await;
    let show = buyer.get(&format!("/v1/shows/{}", text(&shows["items"][0], "show_id")), 200).await;
    assert_eq!(show["performances"][0]["performance_id"], performance);
    assert_eq!(show["performances"][0]["seats_left"], 30);
    let layout = buyer.get(&format!("/v1/seats/{performance}/layout"), 200).await;
    assert_eq!(layout["sections"][1]["rows"][0]["first_index"], 20);
    assert_eq!(buyer.get(&format!("/v1/seats/{performance}"), 200).await["seat_count"], 30);
}

async fn wait_for_the_turn(buyer: &mut ApiClient, performance: &str) {
    let seats = json!({ "performance_id": performance, "seats": ["A-1-1"] });
    assert_eq!(buyer.post("/v1/holds", seats, 403).await["code"], "not_admitted");

    let wanted = json!({ "performance_id": performance });
    let place = buyer.post("/v1/queue-tickets", wanted.clone(), 201).await;
    assert_eq!(place["number"], 1);
    assert_eq!(buyer.post("/v1/queue-tickets", wanted, 200).await["number"], 1);
    buyer.set("queue-ticket", text(&place, "queue_ticket"));
    assert_eq!(buyer.get(&format!("/v1/queues/{performance}"), 200).await["cap"], 20);
    buyer.get_until(&format!("/v1/queues/{performance}/me"), |place| place["state"] == "called").await;
    let admitted = buyer.ask(Method::POST, "/v1/admissions", None, 201).await;
    buyer.set("admission-token", text(&admitted, "admission_token"));
    let renewed = buyer.ask(Method::PUT, "/v1/admissions", None, 200).await;
    buyer.set("admission-token", text(&renewed, "admission_token"));
}

async fn buy(buyer: &mut ApiClient, performance: &str) -> String {
    let seats = json!({ "performance_id": performance, "seats": ["A-1-1", "A-1-2"] });
    let hold = buyer.post("/v1/holds", seats, 201).await;
    assert_eq!(hold["amount"], 180_000);
    let hold = text(&hold, "hold_id");
    buyer.get(&format!("/v1/holds/{hold}"), 200).await;

    buyer.set("idempotency-key", "booking");
    let booking = buyer.post("/v1/bookings", json!({ "hold_id": hold }), 201).await;
    assert_eq!(booking["state"], "reserved");
    assert_eq!(buyer.post("/v1/bookings", json!({ "hold_id": hold }), 201).await, booking);

    let booking = text(&booking, "booking_id");
    let order = |token: &str| json!({ "booking_id": booking, "method": "card", "token": token });
    buyer.set("idempotency-key", "declined payment");
    assert_eq!(buyer.post("/v1/payments", order("decline"), 402).await["code"], "payment_declined");
    buyer.set("idempotency-key", "payment");
    let paid = buyer.post("/v1/payments", order("ok"), 200).await;
    assert_eq!(paid["state"], "confirmed");
    assert_eq!(buyer.post("/v1/payments", order("ok"), 200).await, paid);
    buyer.ask(Method::DELETE, "/v1/admissions", None, 204).await;
    booking
}

async fn cancel(buyer: &mut ApiClient, booking: &str) {
    assert_eq!(buyer.get("/v1/me/bookings", 200).await["items"][0]["state"], "confirmed");
    buyer.set("idempotency-key", "cancellation");
    let cancelled = buyer.post("/v1/cancellations", json!({ "booking_id": booking }), 200).await;
    assert_eq!((&cancelled["refund"], &cancelled["fee"]), (&json!(180_000), &json!(0)));
    let history = buyer.get(&format!("/v1/me/bookings/{booking}"), 200).await;
    let states: Vec<_> =
        history["history"].as_array().expect("a history").iter().map(|step| &step["state"]).collect();
    assert_eq!(states, ["reserved", "confirmed", "cancelled"]);
}

async fn sale(organizer: &ApiClient, performance: &str) -> Value {
    organizer.get(&format!("/v1/manage/sales/{performance}"), 200).await
}

async fn log_out(buyer: &ApiClient, refresh_token: &str) {
    let token = json!({ "refresh_token": refresh_token });
    buyer.ask(Method::DELETE, "/v1/tokens", Some(token.clone()), 204).await;
    buyer.post("/v1/tokens", token, 401).await;
}

fn text(reply: &Value, field: &str) -> String {
    reply[field].as_str().unwrap_or_else(|| panic!("no {field} in {reply}")).to_owned()
}
