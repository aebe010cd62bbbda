//! What the tests of the functions use: real stores, a clock that can be set forward, and a client that calls a
//! function as its server would.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

mod client;
mod clock;
mod keys;
mod line;
mod ports;
mod program;
mod prometheus;
mod sale;
mod world;

pub use client::{Answer, Client, Request};
pub use keys::{PRIVATE_KEY, PUBLIC_KEY, STRANGERS_PRIVATE_KEY};
pub use line::StoreLine;
pub use ports::{serve, until_it_listens};
pub use program::program;
pub use prometheus::{prometheus_label, prometheus_name};
pub use sale::{DRAW_SECRET, Fixture, NOT_FOR_SALE, Section};
pub use serde_json::{Value, json};
pub use world::{Money, Person, World, unreachable};
