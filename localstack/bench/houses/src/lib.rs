//! Large houses, for measurements and for tests.

mod stadium;

pub use stadium::stadium;
