//! The rules of Yemae as plain data and pure functions: no I/O, no clock, no async, so that every rule can be tried a
//! million times without a server. Time, randomness and identity are arguments.

#![warn(missing_docs)]

pub mod best;
pub mod booking;
pub mod challenge;
pub mod draw;
#[cfg(test)]
mod fixtures;
pub mod history;
pub mod hold;
pub mod house;
pub mod id;
pub mod invalid;
pub mod layout;
pub mod money;
mod password;
pub mod performance;
pub mod plain;
pub mod queue;
pub mod sale;
pub mod search;
pub mod seat;
pub mod show;
pub mod steering;
pub mod user;
pub mod withdrawal;

pub use id::{BookingId, HouseId, LayoutId, PerformanceId, ShowId, UserId};
pub use invalid::Invalid;
