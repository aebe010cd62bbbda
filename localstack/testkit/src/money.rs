//! What the sandbox provider did with the money.

use crate::World;
use serde_json::Value;

/// Sums in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger {
    /// Set aside, ever.
    pub authorized: u64,
    /// Taken, ever.
    pub captured: u64,
    /// Let go.
    pub voided: u64,
    /// Given back.
    pub refunded: u64,
}

impl World {
    /// The sums as they are.
    pub async fn ledger(&self) -> Ledger {
        let answer = reqwest::get(format!("{}/v1/ledger", self.sandbox.url())).await.expect("an answer");
        let ledger: Value = answer.json().await.expect("JSON");
        let amount = |name: &str| ledger[name]["amount"].as_u64().expect("an amount");
        Ledger {
            authorized: amount("authorized"),
            captured: amount("captured"),
            voided: amount("voided"),
            refunded: amount("refunded"),
        }
    }
}
