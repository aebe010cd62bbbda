//! What the functions of Yemae share, layer by layer: `http` is at the top, then come `app`, `services` beside
//! `adapters`, `ports`, `telemetry`, and the settings and errors that every layer knows. A layer knows only those below it; a test
//! holds it to that.

// The code that `FromApp` makes names this crate as other crates do.
extern crate self as shared;

pub mod adapters;
pub mod app;
pub mod config;
pub mod deadline;
pub mod error;
pub mod http;
pub mod ports;
pub mod routes;
pub mod services;
pub mod telemetry;
