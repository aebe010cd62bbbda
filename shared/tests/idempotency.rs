//! Answers that repeat, whatever becomes of the first request: its client, its work, its time.
#![cfg(test)]

use axum::{extract::State, http::StatusCode, response::Response, routing::post};
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Background, Code, Function, Problem, Router,
        auth::SignedIn,
        idempotency::{IdempotencyKey, KeyedAnswer, Once},
        json::Json,
    },
    ports::{Reply, ReplyKey},
};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
    time::{Duration, Instant},
};
use testkit::{Client, Person, World, json};
use tokio::time::{sleep, timeout};

const FUNCTION: Function = Function::new("sample").verifies().deadline_s(20);
const SHORT: Function = Function::new("sample").verifies().deadline_s(1);

/// How often the work of each key has begun.
static RUNS: LazyLock<Mutex<HashMap<String, u32>>> = LazyLock::new(Mutex::default);

/// How the first run of a key ends. Later runs complete at once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum First {
    TakesMs(u64),
    Panics,
    IsBusy,
}

async fn work(
    SignedIn(user): SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    background: Background,
    State(once): State<Once>,
    Json(first): Json<First>,
) -> Result<Response, Problem> {
    let name = key.clone();
    let run = move |_| {
        let run = began(&key);
        async move {
            match first {
                First::TakesMs(ms) if run == 1 => sleep(Duration::from_millis(ms)).await,
                First::Panics if run == 1 => panic!("with a secret in its message"),
                First::IsBusy if run == 1 => return Err(Code::StoreUnavailable.into()),
                _ => {}
            }
            Ok(KeyedAnswer::Given(Reply::json(StatusCode::OK, &run)))
        }
    };
    let key = ReplyKey { user, operation: "sample", key: name };
    once.run(&background, key, &first, run).await
}

fn began(key: &str) -> u32 {
    let mut runs = RUNS.lock().unwrap();
    let run = runs.entry(key.to_owned()).or_default();
    *run += 1;
    *run
}

fn runs(key: &str) -> u32 {
    RUNS.lock().unwrap().get(key).copied().unwrap_or_default()
}

struct Caller {
    world: World,
    person: Person,
}

impl Caller {
    async fn start() -> Self {
        let world = World::start().await;
        let person = world.buyer().await;
        Self { world, person }
    }

    fn client(&self, function: Function) -> Client {
        self.world.client(function, Router::new().route("/v1/work", post(work)))
    }

    async fn ask(&self, client: &Client, key: &str, first: First) -> testkit::Answer {
        let request = client.post("/v1/work").bearer(&self.person.token).key(key);
        request.json(&json!(first)).send().await
    }

    /// Asks again as long as the first request is reported as running. Returns the answer, and how long that lasted.
    async fn answer(&self, client: &Client, key: &str, first: First) -> (testkit::Answer, Duration) {
        let begun = Instant::now();
        loop {
            let answer = self.ask(client, key, first).await;
            if answer.status != 409 {
                return (answer, begun.elapsed());
            }
            let _ = answer.problem("idempotency_in_progress", 409);
            assert!(begun.elapsed() < Duration::from_secs(10), "{key} is taken for ever");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_at_any_moment_leaves_no_key_taken() {
    let caller = Caller::start().await;
    let client = caller.client(FUNCTION);
    for ms in 0..70 {
        let (key, first) = (format!("hung-up-{ms}"), First::TakesMs(20 + ms));
        let _ = timeout(Duration::from_millis(ms), caller.ask(&client, &key, first)).await;
        let (answer, waited) = caller.answer(&client, &key, first).await;
        assert_eq!(answer.ok(200), json!(1), "{ms} ms");
        assert_eq!(runs(&key), 1, "{ms} ms");
        assert!(waited < Duration::from_secs(1), "{ms} ms: {waited:?}");
    }
}

#[tokio::test]
async fn work_that_panics_or_is_refused_for_now_frees_its_key_at_once() {
    let caller = Caller::start().await;
    let client = caller.client(FUNCTION);
    for (first, code, status) in [(First::Panics, "internal", 500), (First::IsBusy, "store_unavailable", 503)]
    {
        let failed = caller.ask(&client, code, first).await;
        let _ = failed.problem(code, status);
        assert!(!failed.body.contains("secret"));
        let again = caller.ask(&client, code, first).await;
        assert_eq!(again.ok(200), json!(2));
        assert_eq!(caller.ask(&client, code, first).await.body, again.body);
    }
}

#[tokio::test]
async fn work_ends_with_its_requests_deadline_and_frees_its_key() {
    let caller = Caller::start().await;
    let client = caller.client(SHORT);
    let first = First::TakesMs(60_000);
    let _ = caller.ask(&client, "late", first).await.problem("timeout", 504);
    let (answer, waited) = caller.answer(&client, "late", first).await;
    assert_eq!(answer.ok(200), json!(2));
    assert!(waited < Duration::from_secs(1), "{waited:?}");
}

#[tokio::test]
async fn work_that_takes_its_time_keeps_its_key() {
    let caller = Caller::start().await;
    let [one, other] = [caller.client(FUNCTION), caller.client(FUNCTION)];
    let first = First::TakesMs(8_000);
    let repeat = async {
        sleep(Duration::from_millis(7_500)).await;
        caller.ask(&other, "long", first).await
    };
    let (answer, repeat) = tokio::join!(caller.ask(&one, "long", first), repeat);
    let _ = repeat.problem("idempotency_in_progress", 409);
    assert_eq!(answer.ok(200), json!(1));
    assert_eq!(caller.ask(&other, "long", first).await.body, answer.body);
    assert_eq!(runs("long"), 1);
}

/// A process whose client is gone and that dies: the claim is never released.
#[test]
fn a_key_whose_process_died_is_free_after_seconds() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let (stores, dying) = (runtime(), runtime());
    let caller = stores.block_on(Caller::start());
    let first = First::TakesMs(60_000);
    dying.block_on(async {
        let client = caller.client(FUNCTION);
        let asked = timeout(Duration::from_secs(3), caller.ask(&client, "died", first)).await;
        assert!(asked.is_err());
    });
    dying.shutdown_background();
    stores.block_on(async {
        let client = caller.client(FUNCTION);
        let _ = caller.ask(&client, "died", first).await.problem("idempotency_in_progress", 409);
        let (answer, waited) = caller.answer(&client, "died", first).await;
        assert_eq!(answer.ok(200), json!(2));
        assert!(waited < Duration::from_secs(7), "{waited:?}");
    });
}
