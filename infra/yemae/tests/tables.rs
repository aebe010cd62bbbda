//! `infra/tables.json`, which Terraform and `LocalStack`'s hook read, is what the code prints and what it creates.
#![cfg(test)]

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::TableDescription,
};
use serde_json::{Value, json};
use shared::adapters::dynamodb::Http;
use std::{collections::BTreeMap, process::Command};
use stores::Engine;

#[test]
fn the_committed_tables_are_what_the_code_says() {
    let printed = checks::run(Command::new(env!("CARGO_BIN_EXE_yemae")).args(["tables", "--print"]));
    assert!(printed == checks::text("infra/tables.json"), "run `make tables`");
}

#[tokio::test]
async fn the_committed_tables_are_what_the_command_makes() {
    let engine = Engine::start(None).unwrap();
    let address = [("AWS_ENDPOINT_URL_DYNAMODB", engine.endpoint()), ("YEMAE_TABLE_PREFIX", "yemae-")];
    checks::run(Command::new(env!("CARGO_BIN_EXE_yemae")).arg("tables").envs(address));
    let client = client(&engine);
    let committed: Vec<Value> = serde_json::from_str(&checks::text("infra/tables.json")).unwrap();
    let made = client.list_tables().send().await.unwrap().table_names.unwrap();
    assert_eq!(made.len(), committed.len());
    for table in committed {
        let name = format!("yemae-{}", table["create"]["TableName"].as_str().unwrap());
        let made = client.describe_table().table_name(&name).send().await.unwrap().table.unwrap();
        assert_eq!(as_created(&made), sorted(&table["create"]), "{name}");
        let ttl = client.describe_time_to_live().table_name(&name).send().await.unwrap();
        let attribute = ttl.time_to_live_description.and_then(|ttl| ttl.attribute_name);
        assert_eq!(json!(attribute), table["time_to_live"]["AttributeName"], "{name}");
    }
}

fn client(engine: &Engine) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-2"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(engine.endpoint())
        .http_client(Http::default());
    Client::from_conf(config.build())
}

/// The keys and indexes of a description, in a fixed order.
fn as_created(table: &TableDescription) -> Value {
    let schema = |keys: &[aws_sdk_dynamodb::types::KeySchemaElement]| {
        let keys = keys.iter();
        keys.map(|key| (key.attribute_name.clone(), key.key_type.as_str().to_owned())).collect::<Vec<_>>()
    };
    let attributes: BTreeMap<_, _> = table
        .attribute_definitions()
        .iter()
        .map(|attribute| (attribute.attribute_name.clone(), attribute.attribute_type.as_str().to_owned()))
        .collect();
    let indexes: BTreeMap<_, _> = table
        .global_secondary_indexes()
        .iter()
        .map(|index| {
            let projected = index.projection.as_ref().and_then(|p| p.projection_type.clone()).unwrap();
            (index.index_name.clone().unwrap(), json!([schema(index.key_schema()), projected.as_str()]))
        })
        .collect();
    json!([attributes, schema(table.key_schema()), indexes])
}

/// The same for a committed table.
fn sorted(create: &Value) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let schema = |keys: &Value| {
        list(keys).iter().map(|key| json!([key["AttributeName"], key["KeyType"]])).collect::<Vec<_>>()
    };
    let attributes: BTreeMap<_, _> = list(&create["AttributeDefinitions"])
        .into_iter()
        .map(|attribute| {
            (attribute["AttributeName"].as_str().unwrap().to_owned(), attribute["AttributeType"].clone())
        })
        .collect();
    let indexes: BTreeMap<_, _> = list(&create["GlobalSecondaryIndexes"])
        .into_iter()
        .map(|index| {
            let name = index["IndexName"].as_str().unwrap().to_owned();
            (name, json!([schema(&index["KeySchema"]), index["Projection"]["ProjectionType"]]))
        })
        .collect();
    json!([attributes, schema(&create["KeySchema"]), indexes])
}
