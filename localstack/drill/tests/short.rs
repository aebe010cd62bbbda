//! The short form of the recovery exercise: the heart of the stack is broken under a sale, and nothing is lost.
#![cfg(test)]

use checks::not_checked;
use drill::{Plan, PlannedFault};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_stores_functions_and_the_provider_break_under_a_sale() {
    let plan = Plan {
        // The engine last: after it the brake lets few buyers in for a minute.
        faults: vec![
            PlannedFault::FunctionsKilled,
            PlannedFault::ProviderAway,
            PlannedFault::RedisKilled,
            PlannedFault::EngineKilled,
        ],
        factor: 240.0,
        quiet: Duration::from_secs(2),
        buyer_every: Duration::from_secs(3),
    };
    let report = drill::run(&plan).await.unwrap();
    println!("{}", report.markdown());
    report.not_checked.iter().for_each(|why| not_checked(&format!("the drill's {why}")));
    assert!(report.is_clean(), "{:#?}", report.failures);
}
