//! What tests of real processes share: starting functions, one or all of them, and talking to them.
#![allow(dead_code, unused_imports, reason = "each test uses a part of it")]
#![allow(missing_docs, unreachable_pub, reason = "it is a part of each test, not a library")]

mod process;
mod yemae;

pub use process::Process;
pub use testkit::{PRIVATE_KEY as PRIVATE_PEM, PUBLIC_KEY as PUBLIC_PEM};
pub use yemae::Yemae;
