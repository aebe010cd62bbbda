//! `yemae tables`: creates the missing tables, or prints their definitions.

use serde_json::{Value, json};
use shared::adapters::dynamodb::{
    AttributeKind, DynamoStore, KeyAttribute, PRIMARY_KEY, Projected, TABLES, TableDefinition, TableOutcome,
};
use std::error::Error;

/// Creates the tables, waits until they are ready, and prints what was done about each.
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

/// Prints the definitions for other tools that create tables: Terraform, and the hook of `LocalStack`.
pub(crate) fn print() -> Result<(), Box<dyn Error>> {
    let tables: Vec<_> = TABLES.iter().map(described).collect();
    println!("{}", serde_json::to_string_pretty(&tables)?);
    Ok(())
}

/// `create` is the input of `CreateTable` without the name's prefix, `time_to_live` that of `UpdateTimeToLive`.
fn described(table: &TableDefinition) -> Value {
    let attributes = table.key_attributes().into_iter().map(|(name, kind)| {
        let kind = match kind {
            AttributeKind::Text => "S",
            AttributeKind::Number => "N",
        };
        json!({ "AttributeName": name, "AttributeType": kind })
    });
    let mut create = json!({
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes.collect::<Vec<_>>(),
        "KeySchema": key_schema(PRIMARY_KEY),
    });
    // DynamoDB refuses an empty list.
    if let (Some(create), false) = (create.as_object_mut(), table.indexes.is_empty()) {
        let indexes = table.indexes.iter().map(|index| {
            let projected = match index.projected {
                Projected::Everything => "ALL",
                Projected::Keys => "KEYS_ONLY",
            };
            json!({
                "IndexName": index.name,
                "KeySchema": key_schema([index.hash, index.range]),
                "Projection": { "ProjectionType": projected },
            })
        });
        create.insert("GlobalSecondaryIndexes".to_owned(), indexes.collect());
    }
    let time_to_live = table.ttl_attribute.map(|name| json!({ "Enabled": true, "AttributeName": name }));
    json!({ "create": create, "time_to_live": time_to_live })
}

fn key_schema([hash, range]: [KeyAttribute; 2]) -> Value {
    json!([
        { "AttributeName": hash.name, "KeyType": "HASH" },
        { "AttributeName": range.name, "KeyType": "RANGE" },
    ])
}
