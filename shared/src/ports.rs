//! What Yemae needs from the world, as traits. Each says what an implementation must do. The adapters are in `adapters/`,
//! and one contract suite per port holds every adapter to it.

#![warn(missing_docs)]

mod books;
mod challenges;
mod locks;
mod money;
mod outbox;
mod people;
mod programme;
mod queue_books;
mod recovery;
mod replies;
mod room;
mod system;

pub use books::*;
pub use challenges::*;
pub use locks::*;
pub use money::*;
pub use outbox::*;
pub use people::*;
pub use programme::*;
pub use queue_books::*;
pub use recovery::*;
pub use replies::*;
pub use room::*;
pub use system::*;

/// Why a store could not do its work. Its `Display` is for the log: the cause never reaches an answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, or answered that it cannot now. Asking again later may work.
    #[error("{store} is unavailable")]
    Unavailable {
        /// Which store.
        store: &'static str,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Redis was lost and is being rebuilt from the books by somebody else.
    #[error("redis is being rebuilt")]
    Rebuilding,
    /// It holds something that this version cannot read.
    #[error("{store} holds a record that cannot be read: {what}")]
    Unreadable {
        /// Which store.
        store: &'static str,
        /// Which record, and why.
        what: String,
    },
}

impl StoreError {
    /// The store did not do it.
    pub fn unavailable(
        store: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Unavailable { store, source: source.into() }
    }
}
