//! What every function of Yemae shares: ports and their adapters, HTTP, settings.

pub mod adapters;
pub mod config;
pub mod passwords;
pub mod ports;
pub mod routes;
