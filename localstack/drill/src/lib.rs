//! The recovery exercise: a Yemae of many processes on this machine, a small steady sale, and one fault after another. After
//! each it says what buyers saw, how soon a whole journey succeeded again, which alerts fired, and what was lost.

mod alerts;
mod audit;
mod buyer;
mod client;
mod diary;
mod exercise;
mod fault;
mod house;
mod part;
mod planted;
mod report;
pub mod rules;
mod scene;
mod stack;

pub use exercise::{Plan, run};
pub use fault::PlannedFault;
pub use report::Report;

/// An exercise that cannot be held says why in one line.
pub type DrillResult<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
