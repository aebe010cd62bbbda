//! The waiting room's protocol: what a process does for a request, step by step, around the atomic steps of the store.
//!
//! `domain::queue` states the rule of each step. This crate says in which order steps are done, what is written to the
//! books before it is acted on, and how a room that the store has lost is brought back. It does no I/O and knows no
//! runtime: production runs it on Redis, DynamoDB and tokio, the simulator runs the same futures on its own stores and
//! its own time, and drops them at any await.

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
pub use rebuild::{Rebuilder, whole};
pub use visit::Room;
