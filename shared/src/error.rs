//! What every floor does with an error.

pub use room::chain;
