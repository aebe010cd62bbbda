//! `yemae tables`: makes the tables that are missing.

use shared::adapters::dynamodb::{DynamoStore, TableOutcome};
use std::error::Error;

/// Make them, wait until they are ready, and say of each what was done.
pub(crate) async fn create(store: &DynamoStore) -> Result<(), Box<dyn Error>> {
    for (name, outcome) in store.create_tables().await? {
        let done = match outcome {
            TableOutcome::Created => "created",
            TableOutcome::Existed => "exists",
        };
        println!("{name} {done}");
    }
    Ok(())
}
