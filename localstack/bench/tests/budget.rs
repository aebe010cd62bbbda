//! How many calls of the stores each step of a booking may cost, counted on the wire: a call more is a decision, not an
//! accident.
#![cfg(test)]

use bench::{
    Result,
    resources::{Buyer, CountedHouse, STEPS, Usage, timer_calls},
};

/// The calls of Redis and of DynamoDB that a step makes once its function knows the sale. Each request that changes
/// something is counted by address, which is one of Redis.
const BUDGET: [(&str, u64, u64); 20] = [
    ("sign up", 1, 1),
    // Two limits, each looked at, charged and given back.
    ("log in", 7, 2),
    ("renew the tokens", 1, 3),
    ("the list", 0, 0),
    ("the show", 0, 0),
    ("the layout", 0, 0),
    ("the map", 0, 0),
    ("what changed", 0, 0),
    ("join", 3, 0),
    ("poll", 0, 0),
    ("own place", 1, 0),
    ("claim", 4, 1),
    ("sign of life", 2, 0),
    ("hold two seats", 2, 0),
    // The locks are extended and the map follows; the key is claimed and the books decide.
    ("book", 3, 2),
    ("pay", 2, 5),
    ("leave", 2, 1),
    ("the ticket", 0, 1),
    ("cancel", 2, 5),
    ("log out", 1, 2),
];

/// What a call of the timer may cost while there is nothing to do: a read of each of the 16 shards; two in the index of what
/// is due, for now and for later.
const AT_REST: [(&str, u64, u64); 2] = [("relay", 1, 16), ("sweep", 1, 32)];

/// So many that one of them comes within a second of the one before, also on a busy machine.
const BUYERS: u32 = 8;

#[tokio::test]
async fn no_step_of_a_booking_makes_more_calls_than_it_is_allowed() -> Result<()> {
    let house = CountedHouse::in_this_process().await?;
    let mut buyers = Buyer::some(0, BUYERS);
    let mut spent = Vec::new();
    for step in &STEPS {
        let least = cheapest(&step.take_all(&house, &mut buyers).await?);
        spent.push((step.name, least.to_redis.count(), least.to_dynamodb.count()));
    }
    assert_eq!(spent, BUDGET);

    for (function, to_redis, to_dynamodb) in AT_REST {
        // The first call connects, and does what there is to do.
        timer_calls(&house, function).await?;
        let (spent, answer) = timer_calls(&house, function).await?;
        let calls = (spent.to_redis.count(), spent.to_dynamodb.count());
        assert_eq!(calls, (to_redis, to_dynamodb), "{function} answered {answer}");
    }
    Ok(())
}

/// What the buyer spent who met the function knowing most. The first teaches it the sale.
fn cheapest(spent: &[Usage]) -> Usage {
    let calls = |usage: &&Usage| usage.to_redis.count() + usage.to_dynamodb.count();
    spent.iter().min_by_key(calls).cloned().unwrap_or_default()
}
