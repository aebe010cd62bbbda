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

use crate::ports::{Health, StoreError};
use ::room::{StepError, Stepped};
use async_trait::async_trait;
use connection::Connection;
use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind, Value};
use secrecy::SecretString;
use steps::Step;

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
    match connection.send(&step.command).await {
        answer if is_unknown_script(&answer) => connection.send(&step.with_script()).await,
        answer => answer,
    }
}

/// The same for many steps of one script that only reads, sent together.
async fn perform_all(connection: &Connection, steps: &[Step]) -> RedisResult<Vec<RedisResult<Value>>> {
    let commands: Vec<_> = steps.iter().map(|step| &step.command).collect();
    let answers = connection.send_all(&commands).await?;
    match steps.first() {
        Some(step) if answers.iter().any(is_unknown_script) => {
            // This only teaches the server the script: the answer comes again with the others.
            drop(connection.send(&step.with_script()).await);
            connection.send_all(&commands).await
        }
        _ => Ok(answers),
    }
}

fn is_unknown_script(answer: &RedisResult<Value>) -> bool {
    matches!(answer, Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript))
}

fn read<T: FromRedisValue>(answer: Value) -> Result<T, StoreError> {
    T::from_redis_value(answer)
        .map_err(|error| StoreError::Unreadable { store: "redis", what: error.to_string() })
}

fn stepped(answer: RedisResult<Value>) -> Stepped<Value> {
    answer.map_err(|error| match error.code() {
        Some("LOST") => StepError::Lost,
        _ => unavailable(error).into(),
    })
}

fn unavailable(error: RedisError) -> StoreError {
    StoreError::unavailable("redis", error)
}

#[async_trait]
impl Health for RedisStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.connection.send(&redis::cmd("PING")).await.map(drop).map_err(unavailable)
    }
}
