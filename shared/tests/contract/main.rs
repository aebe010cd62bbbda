//! One suite a port: every adapter keeps the same promises, on every store that it may meet.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is the way to fail"
)]

mod limits;
mod locks;
mod lost;
mod map_story;
mod redis_store;
mod room;
mod room_story;
