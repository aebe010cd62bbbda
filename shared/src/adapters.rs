//! The ports on real systems.

pub mod dynamodb;
pub mod payment;
pub mod redis;
pub mod relay;
pub mod system;
pub mod waker;
