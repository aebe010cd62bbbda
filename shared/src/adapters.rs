//! The ports on real systems: DynamoDB, Redis, HTTP and the machine.

pub mod dynamodb;
pub mod payment;
pub mod redis;
pub mod relay;
pub mod system;
pub mod waker;
