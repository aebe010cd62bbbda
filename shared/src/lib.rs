//! What every function of Yemae shares: ports and their adapters, HTTP, settings.

pub mod adapters;
pub mod app;
pub mod availability;
pub mod brake;
pub mod catalog;
pub mod config;
pub mod deadline;
pub mod fresh;
pub mod http;
pub mod lasting;
pub mod passwords;
pub mod ports;
pub mod projector;
pub mod refresh;
pub mod routes;
pub mod seat_map;
pub mod second_look;
pub mod settle;
pub mod telemetry;
pub mod tokens;
pub mod waker;
pub mod wire;
