//! Locks, the seat map, the steps of the waiting room and rate limits, in Redis.
//!
//! Every step is one script: atomic, on Redis's own clock, bounded, and harmless to repeat. If Redis has lost a
//! performance (or never had it), its steps answer `LOST`; crate `room` then rebuilds it from the books and repeats the
//! step.

mod connection;
mod limits;
mod locks;
mod rebuilds;
mod reply;
mod room;
mod steps;

pub use locks::RedisLocks;
pub use rebuilds::Rebuilds;

use crate::{
    ports::{Health, StoreError},
    telemetry::{
        calls::{Outcome, StoreCall},
        metrics::attribute,
    },
};
use ::room::{StepError, Stepped};
use async_trait::async_trait;
use connection::Connection;
use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind, Value};
use secrecy::SecretString;
use steps::Step;
use tracing::Instrument as _;

/// What errors and measurements call this store.
const STORE: &str = "redis";
/// How many commands a call sends together.
const BATCH_SIZE: &str = "db.operation.batch.size";

/// Everything that Yemae keeps in Redis.
pub struct RedisStore {
    connection: Connection,
}

impl RedisStore {
    /// Opens nothing before the first step.
    #[must_use]
    pub fn new(url: &SecretString) -> Self {
        Self { connection: Connection::new(url) }
    }

    /// Do a step that needs no rebuild.
    async fn run<T: FromRedisValue>(&self, step: Step) -> Result<T, StoreError> {
        perform(&self.connection, &step).await.map_err(unavailable).and_then(read)
    }
}

/// Do a step; the script is sent along if the server does not know it yet.
async fn perform(connection: &Connection, step: &Step) -> RedisResult<Value> {
    let call = StoreCall::begin(STORE, step.script.name, Vec::new);
    let work = async {
        match connection.send(&step.command).await {
            answer if is_unknown_script(&answer) => connection.send(&step.with_script()).await,
            answer => answer,
        }
    };
    let answer = work.instrument(call.span()).await;
    call.end(outcome(answer.as_ref().err()));
    answer
}

/// The same for many steps of one script that only reads, sent together.
async fn perform_all(connection: &Connection, steps: &[Step]) -> RedisResult<Vec<RedisResult<Value>>> {
    let Some(step) = steps.first() else { return Ok(Vec::new()) };
    let count = || vec![attribute(BATCH_SIZE, i64::try_from(steps.len()).unwrap_or(i64::MAX))];
    let call = StoreCall::begin(STORE, step.script.name, count);
    let commands: Vec<_> = steps.iter().map(|step| &step.command).collect();
    let work = async {
        let answers = connection.send_all(&commands).await?;
        if !answers.iter().any(is_unknown_script) {
            return Ok(answers);
        }
        // This only teaches the server the script: the answer comes again with the others.
        drop(connection.send(&step.with_script()).await);
        connection.send_all(&commands).await
    };
    let answers = work.instrument(call.span()).await;
    call.end(outcome(answers.as_ref().err()));
    answers
}

/// What a script refuses by its own code is an answer. Everything else is a failure.
fn outcome(error: Option<&RedisError>) -> Outcome<'_> {
    let Some(error) = error else { return Outcome::default() };
    let code = error.code();
    let failure = match code {
        Some("LOST" | "OUTRUN") => None,
        _ if error.is_timeout() => Some("timeout"),
        _ if error.is_io_error() || error.is_connection_dropped() => Some("connection"),
        _ => Some(code.unwrap_or("other")),
    };
    Outcome { code, failure }
}

fn is_unknown_script(answer: &RedisResult<Value>) -> bool {
    matches!(answer, Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript))
}

fn read<T: FromRedisValue>(answer: Value) -> Result<T, StoreError> {
    T::from_redis_value(answer)
        .map_err(|error| StoreError::Unreadable { store: STORE, what: error.to_string() })
}

fn stepped(answer: RedisResult<Value>) -> Stepped<Value> {
    answer.map_err(|error| match error.code() {
        Some("LOST") => StepError::Lost,
        _ => unavailable(error).into(),
    })
}

fn unavailable(error: RedisError) -> StoreError {
    StoreError::unavailable(STORE, error)
}

#[async_trait]
impl Health for RedisStore {
    async fn check(&self) -> Result<(), StoreError> {
        let call = StoreCall::begin(STORE, "PING", Vec::new);
        let answer = self.connection.send(&redis::cmd("PING")).instrument(call.span()).await;
        call.end(outcome(answer.as_ref().err()));
        answer.map(drop).map_err(unavailable)
    }
}
