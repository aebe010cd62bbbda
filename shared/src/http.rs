//! HTTP as the contract wants it: problems instead of empty errors, authority in argument types, answers that repeat.

pub mod address;
pub mod auth;
pub mod background;
pub mod connection;
mod declaration;
pub mod etag;
mod events;
pub mod function;
pub mod idempotency;
pub mod json;
pub mod paced;
pub mod page;
pub mod path;
pub mod problem;
pub mod scale;
pub mod serve;
mod socket;
pub mod trace;
pub mod validation;
mod words;

pub use background::Background;
pub use function::{Function, Router};
pub use problem::{Code, Problem};
pub use scale::{Floor, Memory};
pub use serve::{Streaming, serve, serve_without_stores};
