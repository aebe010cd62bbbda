//! What every function owes every request, whatever its routes.
#![cfg(test)]

use axum::{
    http::Method,
    routing::{get, post},
};
use domain::{PerformanceId, UserId, user::Role};
use serde::{Deserialize, Serialize};
use shared::{
    config::Config,
    http::{
        Function, Problem, Router,
        auth::{Manager, SignedIn, Ticketed},
        json::Json,
        paced::Paced,
        page::{PageQuery, Query},
        path::Path,
    },
    services::tokens::{ACCESS_TTL_S, Access, QueueTicket, Tokens},
};
use std::time::Duration;
use testkit::{Client, Fixture, STRANGERS_PRIVATE_KEY, World, json, unreachable};

const FUNCTION: Function = Function::new("sample").deadline_s(1);

#[derive(Debug, Serialize, Deserialize)]
struct Thing {
    name: String,
    parts: Vec<u8>,
}

async fn echo(Json(thing): Json<Thing>) -> axum::Json<Thing> {
    axum::Json(thing)
}

async fn broken() -> axum::Json<u8> {
    panic!("with a secret in its message")
}

async fn slow() -> axum::Json<u8> {
    tokio::time::sleep(Duration::from_secs(5)).await;
    axum::Json(0)
}

async fn mine(SignedIn(user): SignedIn) -> axum::Json<UserId> {
    axum::Json(user)
}

async fn paced(Paced(SignedIn(user)): Paced<SignedIn>) -> axum::Json<UserId> {
    axum::Json(user)
}

async fn paced_by_ticket(Paced(Ticketed(ticket)): Paced<Ticketed>) -> axum::Json<UserId> {
    axum::Json(ticket.sub)
}

async fn managed(manager: Manager) -> axum::Json<UserId> {
    axum::Json(manager.user())
}

async fn one(Path(id): Path<PerformanceId>) -> axum::Json<PerformanceId> {
    axum::Json(id)
}

async fn page(Query(page): Query<PageQuery>) -> Result<axum::Json<usize>, Problem> {
    page.limit().map(axum::Json)
}

fn routes() -> Router {
    Router::new()
        .route("/v1/things", post(echo).get(page))
        .route("/v1/things/{id}", get(one))
        .route("/v1/broken", get(broken))
        .route("/v1/slow", get(slow))
        .route("/v1/mine", get(mine))
        .route("/v1/managed", get(managed))
        .route("/v1/paced", post(paced).put(paced_by_ticket))
}

/// A function that needs no store.
fn sample() -> Client {
    Client::new(FUNCTION, routes(), unreachable())
}

#[tokio::test]
async fn unknown_paths_and_forbidden_methods_are_problems() {
    let client = sample();
    for path in ["/", "/v1", "/v1/things/", "/v1/things/x/y", "/v2/things", "/v1/broken/"] {
        let _ = client.get(path).send().await.problem("not_found", 404);
        let _ = client.post(path).send().await.problem("not_found", 404);
    }
    for (method, path, allowed) in [
        (Method::DELETE, "/v1/things", ["GET", "HEAD", "POST"].as_slice()),
        (Method::POST, "/v1/mine", &["GET", "HEAD"]),
        (Method::OPTIONS, "/v1/mine", &["GET", "HEAD"]),
    ] {
        let answer = client.request(method, path).send().await;
        let _ = answer.problem("method_not_allowed", 405);
        let mut allow: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        allow.sort_unstable();
        assert_eq!(allow, allowed, "{path}");
    }
}

#[tokio::test]
async fn a_malformed_path_parameter_names_nothing() {
    for id in ["x", "%FF", "00000000-0000-0000-0000-00000000000g", &"9".repeat(5_000)] {
        let _ = sample().get(format!("/v1/things/{id}")).send().await.problem("not_found", 404);
    }
}

#[tokio::test]
async fn a_body_is_bounded_json_declared_as_json() {
    let client = sample();
    let things = || client.post("/v1/things").header("content-type", "application/json; charset=utf-8");
    let thing = json!({"name": "한글 이름 🎭", "parts": [1]});
    assert_eq!(things().body(thing.to_string()).send().await.ok(200), thing);
    for body in ["", "{", "{\"name\":\"a\",", "\u{feff}{}", "nonsense", "{\"name\":\"\u{1}\"}"] {
        let _ = things().body(body).send().await.problem("malformed_body", 400);
    }
    let _ = things()
        .body(b"{\"name\":\"\xff\",\"parts\":[]}".to_vec())
        .send()
        .await
        .problem("malformed_body", 400);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "json", ""] {
        let request = client.post("/v1/things").header("content-type", content_type);
        let _ = request.body(thing.to_string()).send().await.problem("unsupported_media_type", 415);
    }
    let unsaid = client.post("/v1/things").body(thing.to_string()).send().await;
    let _ = unsaid.problem("unsupported_media_type", 415);

    let sized = |size: usize| {
        let frame = json!({"name": "", "parts": []}).to_string().len();
        json!({"name": "a".repeat(size - frame), "parts": []}).to_string()
    };
    let _ = things().body(sized(64 * 1024)).send().await.ok(200);
    let _ = things().body(sized(64 * 1024 + 1)).send().await.problem("body_too_large", 413);
}

#[tokio::test]
async fn json_of_another_shape_names_the_field() {
    for (body, field) in [
        (json!({"name": "a"}), "parts"),
        (json!({"name": 1, "parts": []}), "name"),
        (json!({"name": "a", "parts": [1, 256]}), "parts[1]"),
    ] {
        assert_eq!(sample().post("/v1/things").json(&body).send().await.invalid(), [field]);
    }
    assert_eq!(
        sample().post("/v1/things").json(&json!("text")).send().await.invalid(),
        [""],
        "the body itself"
    );
}

#[tokio::test]
async fn a_page_has_1_to_100_items() {
    for (query, limit) in [("", 20), ("?limit=1", 1), ("?limit=100&other=x", 100)] {
        assert_eq!(sample().get(format!("/v1/things{query}")).send().await.ok(200), limit);
    }
    for query in ["?limit=0", "?limit=101", "?limit=-1", "?limit=x", "?limit=4294967296", "?limit="] {
        let wrong = sample().get(format!("/v1/things{query}")).send().await.invalid();
        assert_eq!(wrong, ["limit"], "{query}");
    }
}

#[tokio::test]
async fn a_panic_and_a_slow_answer_are_problems_that_reveal_nothing() {
    let answer = sample().get("/v1/broken").send().await;
    let _ = answer.problem("internal", 500);
    assert!(!answer.body.contains("secret"));
    let _ = sample().get("/v1/slow").send().await.problem("timeout", 504);
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let client = sample();
    let answer = client.request(Method::HEAD, "/v1/things").send().await;
    answer.empty(200);
    assert_eq!(answer.header("content-type"), "application/json");
    client.request(Method::HEAD, "/v1/mine").send().await.empty(401);
}

#[tokio::test]
async fn an_answer_carries_the_callers_ids_or_new_ones() {
    let client = sample();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let answer = client
        .get("/v1/nothing")
        .header("x-request-id", "abc-123")
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
        .send()
        .await;
    assert_eq!(answer.header("x-request-id"), "abc-123");
    assert_eq!(answer.problem("not_found", 404)["trace_id"], trace);

    let forged = client.get("/v1/nothing").header("x-request-id", "a b").send().await;
    assert_eq!(forged.header("x-request-id").len(), 36);
    let other = client.get("/v1/nothing").send().await;
    assert_ne!(forged.header("x-request-id"), other.header("x-request-id"));
    assert_ne!(forged.json()["trace_id"], other.json()["trace_id"]);
}

#[tokio::test]
async fn no_answer_is_sniffed_or_stored_by_accident() {
    for path in ["/v1/things", "/v1/nothing", "/v1/broken"] {
        let answer = sample().get(path).send().await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn only_our_own_valid_access_token_identifies_a_caller() {
    let app = unreachable();
    let client = Client::new(FUNCTION, routes(), app.clone());
    let (sub, now) = (UserId(app.ids.uuid()), app.clock.now().as_second());
    let access = Access { sub, role: Role::Buyer, iat: now, exp: now + ACCESS_TTL_S };
    let good = app.tokens.sign(&access).expect("a private key");
    assert_eq!(client.get("/v1/mine").bearer(&good).send().await.ok(200), sub.to_string());
    let lower_case = client.get("/v1/mine").header("authorization", format!("bearer {good}"));
    let _ = lower_case.send().await.ok(200);

    let performance = PerformanceId(app.ids.uuid());
    let ticket = QueueTicket { sub, performance, number: Some(1), entry: None, exp: access.exp };
    let strangers = Config::from_lookup(&|name| {
        (name == "YEMAE_JWT_PRIVATE_KEY").then(|| STRANGERS_PRIVATE_KEY.to_owned())
    });
    let stranger = Tokens::from_config(&strangers.expect("settings")).expect("keys");
    for header in [
        String::new(),
        "Bearer".into(),
        "Bearer ".into(),
        format!("Basic {good}"),
        good.clone(),
        format!("Bearer {good}x"),
        format!("Bearer {}", app.tokens.sign(&ticket).expect("a private key")),
        format!("Bearer {}", stranger.sign(&access).expect("a private key")),
        format!("Bearer {}", app.tokens.sign(&Access { exp: now, ..access.clone() }).expect("a private key")),
        format!("Bearer {}", "a.".repeat(4_000)),
    ] {
        let answer = client.get("/v1/mine").header("authorization", &header).send().await;
        let _ = answer.problem("unauthenticated", 401);
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{header}");
    }
    let _ = client.get("/v1/mine").send().await.problem("unauthenticated", 401);
}

#[tokio::test]
async fn a_buyer_manages_nothing() {
    let app = unreachable();
    let client = Client::new(FUNCTION, routes(), app.clone());
    for (role, status) in [(Role::Buyer, 403), (Role::Organizer, 200), (Role::Admin, 200)] {
        let access = Access { sub: UserId(app.ids.uuid()), role, iat: 0, exp: i64::MAX };
        let token = app.tokens.sign(&access).expect("a private key");
        let answer = client.get("/v1/managed").bearer(&token).send().await;
        assert_eq!(answer.status, status);
        if status == 403 {
            let _ = answer.problem("forbidden", 403);
        }
    }
    let _ = client.get("/v1/managed").send().await.problem("unauthenticated", 401);
}

#[tokio::test]
async fn an_address_that_changes_things_too_often_must_wait() {
    let world = World::start().await;
    let settings = [("YEMAE_ADDRESS_RATE_PER_MIN", "2"), ("YEMAE_TRUSTED_HOPS", "1")];
    let client = world.client_with(&settings, FUNCTION, routes());
    let thing = json!({"name": "a", "parts": []});
    let from = |address: &str| client.post("/v1/things").header("x-forwarded-for", address).json(&thing);
    for _ in 0..2 {
        let _ = from("9.9.9.9, 1.1.1.1").send().await.ok(200);
    }
    let refused = from("8.8.8.8, 1.1.1.1").send().await;
    let _ = refused.problem("rate_limited", 429);
    assert_eq!(refused.header("ratelimit-policy"), "\"default\";q=2;w=60");
    assert!(refused.header("ratelimit").starts_with("\"default\";r=0;t="));
    assert_eq!(refused.header("retry-after"), "30");
    let _ = from("2.2.2.2").send().await.ok(200);
    let reading = client.get("/v1/things").header("x-forwarded-for", "1.1.1.1");
    let _ = reading.send().await.ok(200);
}

#[tokio::test]
async fn an_ipv6_network_counts_as_one_address() {
    let world = World::start().await;
    let settings = [("YEMAE_ADDRESS_RATE_PER_MIN", "1"), ("YEMAE_TRUSTED_HOPS", "1")];
    let client = world.client_with(&settings, FUNCTION, routes());
    let thing = json!({"name": "a", "parts": []});
    let from = |address: &str| client.post("/v1/things").header("x-forwarded-for", address).json(&thing);
    let _ = from("2001:db8:1:2::1").send().await.ok(200);
    let _ = from("2001:db8:1:2:ffff::1").send().await.problem("rate_limited", 429);
    let _ = from("2001:db8:1:3::1").send().await.ok(200);
}

#[tokio::test]
async fn an_account_that_asks_too_often_must_wait_whichever_instance_it_asks() {
    let world = World::start().await;
    let [one, other] = [world.client(FUNCTION, routes()), world.client(FUNCTION, routes())];
    let (person, neighbour) = (world.buyer().await, world.buyer().await);
    let performance = world.performance(Fixture::queue()).await;
    let ticket = world.ticket(&person, &performance, 1);
    let mut served = 0;
    let refused = loop {
        let asked = match served % 2 {
            0 => one.post("/v1/paced").bearer(&person.token),
            _ => other.put("/v1/paced").header("queue-ticket", &ticket),
        };
        let answer = asked.send().await;
        if answer.status != 200 {
            break answer;
        }
        served += 1;
        assert!(served < 120, "each counts for itself");
    };
    // The burst, and what was restored while it was used up.
    assert!(served >= 60, "{served}");
    let body = refused.problem("rate_limited", 429);
    assert!((1..=500).contains(&body["retry_after_ms"].as_u64().unwrap()), "{body}");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit-policy"), "\"default\";q=120;w=60");
    assert!(refused.header("ratelimit").starts_with("\"default\";r=0;t="));
    let theirs = one.post("/v1/paced").bearer(&neighbour.token).send().await;
    assert_eq!(theirs.ok(200), json!(neighbour.user_id));
}

#[tokio::test]
async fn a_limit_per_account_authenticates_first() {
    let client = sample();
    let _ = client.post("/v1/paced").send().await.problem("unauthenticated", 401);
    let _ = client.put("/v1/paced").send().await.problem("bad_queue_ticket", 401);
}

#[tokio::test]
async fn an_account_that_cannot_be_counted_is_served() {
    let world = World::start().await;
    let (client, person) = (sample(), world.buyer().await);
    for _ in 0..2 {
        let _ = client.post("/v1/paced").bearer(&person.token).send().await.ok(200);
    }
}

#[tokio::test]
async fn requests_that_cannot_be_counted_are_served() {
    let mut app = unreachable();
    app.limits.address_rate_per_min = 1;
    let client = Client::new(Function::new("sample"), routes(), app);
    let thing = json!({"name": "a", "parts": []});
    for _ in 0..2 {
        let _ = client.post("/v1/things").json(&thing).send().await.ok(200);
    }
}

#[tokio::test]
async fn healthz_needs_nothing_and_readyz_needs_the_stores_that_the_function_uses() {
    let away = Client::new(Function::new("sample").needs_redis(), routes(), unreachable());
    assert_eq!(away.get("/healthz").send().await.status, 200);
    let _ = away.get("/readyz").send().await.problem("store_unavailable", 503);

    let world = World::start().await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    for (settings, function, status) in [
        (&[][..], Function::new("sample").needs_redis(), 200),
        (&nowhere, Function::new("sample").needs_redis(), 503),
        (&nowhere, Function::new("sample"), 200),
    ] {
        let client = world.client_with(settings, function, routes());
        assert_eq!(client.get("/readyz").send().await.status, status, "{settings:?}");
    }
}
