//! The real stores for the local runner and for tests: Redis, the embedded DynamoDB engine, and MiniStack as a second
//! opinion on the engine. Each listens on a free loopback port, and none outlives its owner.

mod engine;
mod error;
mod ministack;
mod process;
mod redis;
mod second;

pub use engine::{Engine, serve};
pub use error::StartError;
pub use ministack::MiniStack;
pub use process::{TiedProcess, free_port, on_path, signal, tied};
pub use redis::Redis;
pub use second::SecondOpinion;
