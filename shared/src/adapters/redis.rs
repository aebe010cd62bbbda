//! Locks, the seat map, the waiting room and rate limits, in Redis.
//!
//! Every step is one script: atomic, on Redis's own clock, bounded, and harmless to repeat. A performance that Redis
//! has lost (or never had) answers `LOST`; it is then rebuilt from the books and the step is done again.

mod connection;
mod limits;
mod locks;
mod rebuild;
mod room;
mod steps;

use crate::ports::{Clock, Health, QueueBooks, Recovery, StoreError};
use async_trait::async_trait;
use connection::Connection;
use domain::{PerformanceId, draw::Draw};
use quick_cache::sync::Cache;
use rebuild::{InProgress, Rebuilder};
use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind, Value};
use secrecy::SecretString;
use std::sync::Arc;
use steps::Step;

/// How often a performance is brought back for one step: it may be lost again at once.
const LOSSES_MAX: u32 = 3;
/// Draws that a process remembers.
const DRAWS_MAX: usize = 1_000;

/// Everything that Yemae keeps in Redis.
pub struct RedisStore {
    rebuilder: Rebuilder,
    /// Those that were made: they never change.
    draws: Cache<PerformanceId, Draw>,
}

impl RedisStore {
    /// Nothing is opened before the first step.
    #[must_use]
    pub fn new(
        url: &SecretString,
        recovery: Arc<dyn Recovery>,
        queue_books: Arc<dyn QueueBooks>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let connection = Arc::new(Connection::new(url));
        Self {
            rebuilder: Rebuilder {
                connection,
                recovery,
                queue_books,
                clock,
                in_progress: InProgress::default(),
            },
            draws: Cache::new(DRAWS_MAX),
        }
    }

    /// A step of a performance; if Redis has lost it, it is brought back first.
    async fn run_of<T: FromRedisValue>(
        &self,
        performance: PerformanceId,
        step: Step,
    ) -> Result<T, StoreError> {
        for _ in 0..LOSSES_MAX {
            match perform(self.connection(), &step).await {
                Err(error) if error.code() == Some("LOST") => self.rebuilder.bring_back(performance).await?,
                answer => return answer.map_err(unavailable).and_then(read),
            }
        }
        Err(StoreError::Rebuilding)
    }

    /// A step that needs nothing but Redis.
    async fn run<T: FromRedisValue>(&self, step: Step) -> Result<T, StoreError> {
        perform(self.connection(), &step).await.map_err(unavailable).and_then(read)
    }

    /// Steps of one script for different performances, in one round trip; nothing where Redis has lost a performance.
    async fn run_all<T: FromRedisValue>(&self, steps: &[Step]) -> Result<Vec<Option<T>>, StoreError> {
        let answers = perform_all(self.connection(), steps).await.map_err(unavailable)?;
        let answer = |answer: RedisResult<Value>| match answer {
            Err(error) if error.code() == Some("LOST") => Ok(None),
            answer => answer.map_err(unavailable).and_then(read).map(Some),
        };
        answers.into_iter().map(answer).collect()
    }

    fn connection(&self) -> &Connection {
        &self.rebuilder.connection
    }

    fn queue_books(&self) -> &dyn QueueBooks {
        &*self.rebuilder.queue_books
    }
}

/// Do a step; a server that does not know the script yet is sent it.
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
            // Its answer comes again with the others': this is how the server gets to know the script.
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

fn unavailable(error: RedisError) -> StoreError {
    StoreError::unavailable("redis", error)
}

#[async_trait]
impl Health for RedisStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.connection().send(&redis::cmd("PING")).await.map(drop).map_err(unavailable)
    }
}
