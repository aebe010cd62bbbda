//! Answers that DynamoDB gives under contention and no emulator does, replayed by a small server.

use crate::{
    engines::{run, store},
    fixtures::{at, booking, completion, reply_key, uuid},
};
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse};
use domain::{PerformanceId, UserId, id::SessionId};
use shared::{
    adapters::dynamodb::DynamoStore,
    ports::{Books, Replies, ReserveError, Rotation, Sessions, StoreError},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Plays answers in order, then succeeds for ever. It remembers the bodies of all requests.
#[derive(Clone)]
struct Replay {
    answers: Arc<Mutex<VecDeque<String>>>,
    requests: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Replay {
    async fn start(answers: impl IntoIterator<Item = String>) -> (Self, DynamoStore) {
        let replay =
            Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), requests: Arc::default() };
        let router = Router::new().fallback(answer).with_state(replay.clone());
        let store = store(&format!("http://{}", testkit::serve(router).await));
        (replay, store)
    }

    fn tokens(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("not poisoned");
        requests.iter().map(|request| request["ClientRequestToken"].to_string()).collect()
    }

    fn count(&self) -> usize {
        self.requests.lock().expect("not poisoned").len()
    }
}

async fn answer(State(replay): State<Replay>, body: String) -> impl IntoResponse {
    replay.requests.lock().expect("not poisoned").push(serde_json::from_str(&body).expect("JSON"));
    let next = replay.answers.lock().expect("not poisoned").pop_front();
    let status = if next.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    (status, [("content-type", "application/x-amz-json-1.0")], next.unwrap_or_else(|| "{}".to_owned()))
}

fn refusal(kind: &str) -> String {
    format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{kind}","message":"replayed"}}"#)
}

fn cancelled(codes: &[&str]) -> String {
    let reasons: Vec<_> = codes.iter().map(|code| format!(r#"{{"Code":"{code}"}}"#)).collect();
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    format!(r#"{{"__type":"{kind}","Message":"replayed","CancellationReasons":[{}]}}"#, reasons.join(","))
}

async fn reserve(store: &DynamoStore) -> Result<(), ReserveError> {
    let user = UserId(uuid());
    let wish = booking(PerformanceId(uuid()), user, &[0], 1);
    store.reserve(&wish, 4, at(0), &completion(reply_key(user), uuid())).await
}

#[test]
fn a_transaction_in_conflict_is_tried_again_under_the_same_token() {
    let answers = [
        cancelled(&["None", "TransactionConflict", "None", "None", "None"]),
        cancelled(&["None", "None", "None", "None", "ThrottlingError"]),
        refusal("TransactionInProgressException"),
        cancelled(&["ProvisionedThroughputExceeded", "None", "None", "None", "None"]),
    ];
    run(async {
        let (replay, store) = Replay::start(answers).await;
        reserve(&store).await.expect("the fifth try succeeds");
        let tokens = replay.tokens();
        assert_eq!(tokens.len(), 5);
        assert!(tokens.iter().all(|token| *token == tokens[0] && token.len() > 30), "{tokens:?}");
        reserve(&store).await.expect("succeeds");
        assert_ne!(replay.tokens()[5], tokens[0], "another sale has another token");
    });
}

#[test]
fn an_endless_conflict_is_given_up_in_time() {
    let conflict = cancelled(&["None", "None", "None", "None", "TransactionConflict"]);
    run(async {
        let (replay, store) = Replay::start(std::iter::repeat_n(conflict, 100)).await;
        let began = Instant::now();
        let outcome = reserve(&store).await;
        assert!(matches!(outcome, Err(ReserveError::Store(StoreError::Unavailable { .. }))), "{outcome:?}");
        assert!(began.elapsed() < Duration::from_secs(2));
        assert!((5..10).contains(&replay.count()));
    });
}

#[test]
fn throttling_is_tried_again() {
    for kind in ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"] {
        run(async {
            let (replay, store) = Replay::start([refusal(kind)]).await;
            reserve(&store).await.expect("the second try succeeds");
            assert_eq!(replay.count(), 2);
        });
    }
}

#[test]
fn a_false_condition_is_an_answer_even_beside_a_conflict() {
    let answer = cancelled(&["ConditionalCheckFailed", "TransactionConflict", "None", "None", "None"]);
    run(async {
        let (replay, store) = Replay::start([answer]).await;
        assert!(matches!(reserve(&store).await, Err(ReserveError::Superseded)));
        assert_eq!(replay.count(), 1);
    });
}

#[test]
fn a_single_write_in_conflict_is_tried_again() {
    let conflict = refusal("TransactionConflictException");
    run(async {
        let (replay, store) = Replay::start(std::iter::repeat_n(conflict, 3)).await;
        let answer = completion(reply_key(UserId(uuid())), uuid());
        store.complete(&answer).await.expect("the fourth try succeeds");
        assert_eq!(replay.count(), 4);
    });
}

#[test]
fn what_cannot_succeed_is_not_tried_again() {
    run(async {
        let (replay, store) = Replay::start(std::iter::repeat_n(refusal("ValidationException"), 9)).await;
        assert!(matches!(reserve(&store).await, Err(ReserveError::Store(_))));
        assert_eq!(replay.count(), 1);
    });
}

/// The first try succeeded and its answer was lost. The SDK's second try finds the token already replaced: by itself.
#[test]
fn a_token_is_not_reused_by_its_own_lost_answer() {
    let found = format!(
        r#"{{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"replayed",
            "Item":{{"token_hash":{{"B":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="}},
            "revoked":{{"BOOL":false}},"rotated_at_us":{{"N":"{}"}},"expires_at_us":{{"N":"{}"}}}}}}"#,
        at(0).as_microsecond(),
        at(100).as_microsecond()
    );
    run(async {
        let (replay, store) = Replay::start([found]).await;
        let rotation = Rotation {
            session: SessionId(uuid()),
            old_hash: [1; 32],
            new_hash: [2; 32],
            now: at(0),
            repeatable_since: at(-30),
            expires_at: at(100),
        };
        store.rotate(&rotation).await.expect("it was this very call");
        assert_eq!(replay.count(), 1);
    });
}
