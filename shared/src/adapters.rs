//! The ports on real systems.

pub mod challenges;
pub mod dynamodb;
pub mod payment;
pub mod redis;
pub mod relay;
pub mod system;
