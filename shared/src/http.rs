//! HTTP as the contract wants it: problems instead of empty errors, authority in argument types, answers that repeat.

pub mod address;
pub mod auth;
pub mod background;
pub mod brake;
pub mod connection;
mod declaration;
pub mod etag;
mod events;
pub mod function;
pub mod idempotency;
pub mod json;
pub mod lasting;
mod logged;
mod observed;
pub mod paced;
pub mod page;
pub mod path;
pub mod problem;
mod process;
mod refusal;
mod router;
pub mod scale;
pub mod serve;
mod socket;
pub mod validation;
mod weight;
pub mod wire;
mod words;

pub use background::Background;
pub use function::Function;
pub use problem::{Code, Problem};
pub use process::Streaming;
pub use router::{DocumentedRoute, Router, routes};
pub use scale::{Floor, Memory};
pub use serve::{serve, serve_without_stores};
