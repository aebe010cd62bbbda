//! Why a store, or one of its steps, failed.

use std::error::Error;

/// Why a store failed. Its `Display` is for the log: the cause never reaches an answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, or answered that it cannot at the moment. A later try may succeed.
    #[error("{store} is unavailable")]
    Unavailable {
        /// Which store.
        store: &'static str,
        /// What it answered, or what went wrong on the way.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Redis was lost and is being rebuilt from the books by another process.
    #[error("redis is being rebuilt")]
    Rebuilding,
    /// It holds a record that this version cannot read.
    #[error("{store} holds a record that cannot be read: {what}")]
    Unreadable {
        /// Which store.
        store: &'static str,
        /// Which record, and why.
        what: String,
    },
}

impl StoreError {
    /// This store is unavailable, for this reason.
    pub fn unavailable(store: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable { store, source: source.into() }
    }
}

/// Why an atomic step failed.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Redis has lost the performance, or its last moment: the performance has to be rebuilt first.
    #[error("redis has lost the performance")]
    Lost,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An error with all its causes, for the log.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let (mut words, mut next) = (error.to_string(), error.source());
    while let Some(cause) = next {
        let cause_words = cause.to_string();
        // Some errors repeat their cause's words.
        if !words.ends_with(&cause_words) {
            words.push_str(": ");
            words.push_str(&cause_words);
        }
        next = cause.source();
    }
    words
}
