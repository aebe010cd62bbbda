//! A stand-in for the payment provider, local only. It takes no money, and misbehaves when a token asks it to.
//!
//! | token | what happens |
//! |---|---|
//! | `ok` | authorizes |
//! | `slow` | authorizes after five seconds |
//! | `lost` | authorizes, then hangs up without an answer; a repeat is answered |
//! | any other | declines |
//!
//! `GET /v1/heard` lists the last calls, each with the `traceparent` that it carried.

mod http;
mod ledger;
mod server;

pub use http::{SandboxSettings, router};
pub use server::{Sandbox, serve};
