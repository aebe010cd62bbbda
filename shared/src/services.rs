//! What Yemae does with its ports, for any function. Each service has an error of its own, which `http` maps to a
//! problem.

pub mod availability;
pub mod catalog;
pub mod challenges;
pub mod fresh;
pub mod history;
pub mod oversell_guard;
pub mod passwords;
pub mod projector;
pub mod refresh_tokens;
pub mod seat_maps;
pub mod second_look;
pub mod settlement;
pub mod tokens;
