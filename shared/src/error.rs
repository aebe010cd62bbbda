//! What every layer needs for its errors: the chain of their causes, for the log.

pub use room::chain;
