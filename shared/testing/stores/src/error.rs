//! Why a store did not start: each error is one line that says what to do about it.

use std::{error::Error, fmt, io, path::PathBuf, time::Duration};

/// Why a store did not start.
#[derive(thiserror::Error)]
pub enum StartError {
    /// Redis is not installed.
    #[error(
        "redis-server was not found: install it with `apt-get install redis-server`, \
         or set YEMAE_REDIS_URL to a running one"
    )]
    RedisMissing,

    /// MiniStack is not installed.
    #[error("MiniStack was not found at {}: run `make ministack` or `make test`", .0.display())]
    MiniStackMissing(PathBuf),

    /// The store's process ended by itself.
    #[error("{store} ended as soon as it started, saying \"{last_words}\": mend that and start again")]
    Ended {
        store: &'static str,
        /// The last line of its log.
        last_words: String,
    },

    /// The store runs, but does not answer.
    #[error("{store} did not answer within {} s: start again when this machine is calm", .within.as_secs())]
    Silent {
        store: &'static str,
        /// How long it was given to answer.
        within: Duration,
    },

    /// The place for a store's data cannot be used.
    #[error(
        "{store} cannot keep its data in {}: make that writable, or drop it with `make clean-data`",
        .path.display()
    )]
    Data {
        store: &'static str,
        path: PathBuf,
        /// What the system or the engine said.
        source: Box<dyn Error + Send + Sync>,
    },

    /// The system refused a port, a temporary folder, a thread or a process.
    #[error("this machine refused {what} for {store}: free some and start again")]
    Refused {
        store: &'static str,
        /// What was asked of the system.
        what: &'static str,
        /// What it said.
        source: io::Error,
    },
}

/// One line with all causes, since a test that unwraps the error prints this.
impl fmt::Debug for StartError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{self}")?;
        self.source().map_or(Ok(()), |cause| write!(to, " ({cause})"))
    }
}

impl StartError {
    /// For `map_err`: the system refused `what` for `store`.
    pub(crate) fn refused(store: &'static str, what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Refused { store, what, source }
    }

    /// For `map_err`: `store` cannot keep its data in `path`.
    pub(crate) fn data<E: Into<Box<dyn Error + Send + Sync>>>(
        store: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(E) -> Self {
        move |source| Self::Data { store, path: path.into(), source: source.into() }
    }
}
