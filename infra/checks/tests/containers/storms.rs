//! A crowd at each function's own kind of work, with half the memory that a cluster gives the function.

use checks::docker::Container;
use demo::{CLUB_GRADE, CLUB_NIGHT, STADIUM_NIGHT};
use domain::{UserId, queue::Standing, user::Role};
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use shared::{
    config::Config,
    services::tokens::{Access, QueueTicket, Tokens},
};
use std::time::Duration;
use testkit::{PRIVATE_KEY, PUBLIC_KEY};
use tokio::task::JoinSet;
use uuid::Uuid;

/// How many requests are sent at once, each by a different person.
const CROWD: u128 = 200;
/// How many if each request hashes a password, which is a hundred times the work.
const CROWD_THAT_HASHES: u128 = 60;
const GIVEN_UP_AFTER: Duration = Duration::from_secs(30);

/// The request that each person in the crowd sends.
struct Work {
    method: Method,
    path: String,
    body: Value,
    crowd: u128,
}

impl Work {
    fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: Value::Null, crowd: CROWD }
    }

    fn post(path: &str, body: Value) -> Self {
        Self { method: Method::POST, path: path.to_owned(), body, crowd: CROWD }
    }

    /// The request that a function gets most often. `person` makes each body different.
    fn of(function: &str, person: u128) -> Self {
        let (someone, unknown) = (format!("storm-{person}@yemae.test"), Uuid::from_u128(person));
        match function {
            "signup" | "login" => {
                let path = if function == "login" { "/v1/login" } else { "/v1/users" };
                let body = json!({"email": someone, "password": "a long password", "name": "관객"});
                Self { crowd: CROWD_THAT_HASHES, ..Self::post(path, body) }
            }
            "session" => Self::post("/v1/tokens", json!({"refresh_token": format!("{unknown}.x")})),
            "list-shows" => Self::get(format!("/v1/shows?q={person}")),
            "show-detail" => Self::get(format!("/v1/shows/{unknown}")),
            "seat-map" => Self::get(format!("/v1/seats/{STADIUM_NIGHT}")),
            "seat-stream" => Self::get(format!("/v1/seat-stream/{CLUB_NIGHT}")),
            "enqueue" => Self::post("/v1/queue-tickets", json!({"performance_id": STADIUM_NIGHT})),
            "queue-status" => Self::get(format!("/v1/queues/{STADIUM_NIGHT}/me")),
            "admit" => Self::post("/v1/admissions", Value::Null),
            "lock-seat" => {
                let best = json!({"count": 1, "grade": CLUB_GRADE});
                Self::post("/v1/holds", json!({"performance_id": CLUB_NIGHT, "best": best}))
            }
            "book" => Self::post("/v1/bookings", json!({"hold_id": unknown})),
            "pay" => {
                Self::post("/v1/payments", json!({"booking_id": unknown, "method": "card", "token": "ok"}))
            }
            "cancel" => Self::post("/v1/cancellations", json!({"booking_id": unknown})),
            "bookings" => Self::get("/v1/me/bookings"),
            "manage-shows" => Self::get("/v1/manage/shows"),
            "manage-sale" => Self::get(format!("/v1/manage/sales/{STADIUM_NIGHT}")),
            "sweep" | "relay" => Self { crowd: 20, ..Self::post("/", Value::Null) },
            "web" => Self::get("/"),
            // A function without an entry here gets a path that it answers as not found.
            _ => Self::get("/v1/nowhere"),
        }
    }
}

/// The crowd asks at once. Each request is answered or told to come back (503 `busy`); nothing else fails.
pub(crate) async fn storm(function: &str, container: &Container) {
    let client = reqwest::Client::builder().timeout(GIVEN_UP_AFTER).build().unwrap();
    let tokens = tokens();
    let mut requests = JoinSet::new();
    for person in 1..=Work::of(function, 0).crowd {
        let work = Work::of(function, person);
        let request = client.request(work.method, container.url(&work.path));
        let request = if work.body.is_null() { request } else { request.json(&work.body) };
        let request = signed(request, &tokens, UserId(Uuid::from_u128(person)));
        requests.spawn(async move { request.send().await.map(|answer| answer.status().as_u16()) });
    }
    let statuses: Vec<u16> =
        requests.join_all().await.into_iter().map(|status| status.expect("an answer")).collect();
    let done = statuses.iter().filter(|status| **status < 500).count();
    let busy = statuses.iter().filter(|status| **status == 503).count();
    assert!(done >= 10 && done + busy == statuses.len(), "{function}: {statuses:?}");
    assert!(busy == 0 || ["login", "signup"].contains(&function), "{function}: {statuses:?}");
}

/// All credentials that any of the functions may need.
fn signed(request: RequestBuilder, tokens: &Tokens, user: UserId) -> RequestBuilder {
    let now = Timestamp::UNIX_EPOCH + std::time::UNIX_EPOCH.elapsed().unwrap();
    let iat = now.as_second();
    let access = Access { sub: user, role: Role::Organizer, iat, exp: iat + 600 };
    let ticket = QueueTicket::new(user, STADIUM_NIGHT, Some(Standing::Number(1_000_000)), now);
    request
        .bearer_auth(tokens.sign(&access).unwrap())
        .header("queue-ticket", tokens.sign(&ticket).unwrap())
        .header("idempotency-key", user.to_string())
}

fn tokens() -> Tokens {
    let config = Config::from_lookup(&|name| match name {
        "YEMAE_JWT_PRIVATE_KEY" => Some(PRIVATE_KEY.to_owned()),
        "YEMAE_JWT_PUBLIC_KEYS" => Some(PUBLIC_KEY.to_owned()),
        _ => None,
    });
    Tokens::from_config(&config.unwrap()).unwrap()
}
