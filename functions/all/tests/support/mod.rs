//! What tests of real processes share: starting functions, one or all of them, and talking to them.
#![allow(dead_code, unused_imports, reason = "each test uses a part of it")]
#![allow(missing_docs, unreachable_pub, reason = "it is a part of each test, not a library")]

mod keys;
mod process;
mod yemae;

pub use keys::{PRIVATE_PEM, PUBLIC_PEM};
pub use process::Process;
pub use yemae::Yemae;
