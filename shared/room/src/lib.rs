//! The waiting room's protocol: what a process does for one request around the store's atomic steps.
//!
//! `domain::queue` states the rule of each step. This crate says in which order the steps run, what is written to the
//! books before the room acts on it, and how a room that the store has lost is rebuilt. It does no I/O and knows no
//! runtime. Production runs it on Redis, DynamoDB and tokio. The simulator runs the same futures on stores and time of
//! its own, and drops them at any await.

#![warn(missing_docs)]

mod draw;
mod error;
mod lease;
mod mistake;
mod ports;
mod rebuild;
mod visit;

pub use error::{StepError, StoreError, chain};
pub use mistake::Mistake;
use ports::within;
pub use ports::*;
pub use rebuild::{CameBack, Rebuilder, whole};
pub use visit::Room;
