//! The outcome of one try of a write, and the tries after it.
//!
//! DynamoDB refuses a write while another transaction touches the same item, whatever its condition would say. That is
//! no answer, so the write is retried a few times, after pauses that grow and vary.

use super::{STORE, measured::retried};
use crate::ports::StoreError;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use std::{error::Error, future::Future, time::Duration};

/// How many pauses to make before giving up on a conflict.
const PAUSES: u32 = 6;
/// The longest first pause. It doubles each time; all together they stay below 1.3 s.
const FIRST_PAUSE_MS: u64 = 20;

/// Why a write had no effect.
#[derive(Debug)]
pub(super) enum WriteError<R> {
    /// Its condition was false. Comes with what is known about the refusal.
    Refused(R),
    /// Other transactions touched the same item, again and again.
    Conflict(StoreError),
    /// The store failed.
    Failed(StoreError),
}

impl<R> WriteError<R> {
    /// What is known about the refusal, if it was one.
    pub(super) fn refused(self) -> Result<R, StoreError> {
        match self {
            Self::Refused(found) => Ok(found),
            Self::Conflict(error) | Self::Failed(error) => Err(error),
        }
    }

    /// For a condition that only a bug can make false: names it.
    pub(super) fn unexpected(self, what: &'static str) -> StoreError {
        self.refused().map_or_else(|error| error, |_| StoreError::unavailable(STORE, what))
    }

    /// Reads the SDK's error. `refused` knows how this operation reports a false condition.
    pub(super) fn from_sdk<E>(error: SdkError<E>, refused: impl FnOnce(&E) -> Option<R>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if let Some(found) = error.as_service_error().and_then(refused) {
            return Self::Refused(found);
        }
        let conflict = error.code() == Some("TransactionConflictException");
        let error = StoreError::unavailable(STORE, error);
        if conflict { Self::Conflict(error) } else { Self::Failed(error) }
    }
}

/// Retries until there is no conflict, or the tries run out.
pub(super) async fn past_conflicts<T, R, F>(
    operation: &'static str,
    attempt: impl Fn() -> F,
) -> Result<T, WriteError<R>>
where
    F: Future<Output = Result<T, WriteError<R>>>,
{
    for pause in 0..PAUSES {
        match attempt().await {
            Err(WriteError::Conflict(_)) => {
                retried(operation, "TransactionConflict");
                tokio::time::sleep(jittered(pause)).await;
            }
            outcome => return outcome,
        }
    }
    attempt().await
}

/// Between half and all of a pause that doubles each time, so that writes that collided don't collide again.
fn jittered(pause: u32) -> Duration {
    let longest_us = (FIRST_PAUSE_MS * 1_000) << pause;
    let random = getrandom::u32().unwrap_or_default();
    let share_us = longest_us / 2 * u64::from(random) / u64::from(u32::MAX);
    Duration::from_micros(longest_us / 2 + share_us)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pauses_together_are_bounded() {
        let longest: u64 = (0..PAUSES).map(|pause| FIRST_PAUSE_MS << pause).sum();
        assert!(longest < 1_300, "{longest} ms");
        for pause in 0..PAUSES {
            let whole = Duration::from_millis(FIRST_PAUSE_MS << pause);
            assert!((whole / 2..=whole).contains(&jittered(pause)));
        }
    }
}
