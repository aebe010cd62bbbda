//! Both DynamoDB engines start, answer the SDK, keep what they should, and leave nothing behind.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use std::{net::TcpStream, time::Duration};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    },
};
use stores::{Engine, MiniStack, StoreError};
use tempfile::TempDir;

#[tokio::test]
async fn the_engine_keeps_its_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new/dynamodb.sqlite");
    let engine = Engine::start(Some(&file)).unwrap();
    write(&connect(engine.endpoint())).await;
    drop(engine);
    assert!(!folder.path().join("new/dynamodb.sqlite-wal").exists(), "the file was not closed");

    let engine = Engine::start(Some(&file)).unwrap();
    assert!(holds_what_was_written(&connect(engine.endpoint())).await);
}

#[test]
fn one_engine_serves_several_runtimes() {
    let engine = Engine::start(None).unwrap();
    runtime().block_on(write(&connect(engine.endpoint())));
    assert!(runtime().block_on(holds_what_was_written(&connect(engine.endpoint()))));
}

#[tokio::test]
async fn the_engine_is_gone_after_drop_even_for_connected_clients() {
    let engine = Engine::start(None).unwrap();
    let address = engine.endpoint().trim_start_matches("http://").to_owned();
    let half_a_request = TcpStream::connect(&address).unwrap();
    write(&connect(engine.endpoint())).await;
    drop(engine);
    assert!(TcpStream::connect(&address).is_err());
    drop(half_a_request);
}

#[test]
fn a_file_that_cannot_be_is_named() {
    let folder = TempDir::new().unwrap();
    let error = Engine::start(Some(folder.path())).err().unwrap();
    assert!(matches!(&error, StoreError::Data { path, .. } if path == folder.path()));
    assert!(error.to_string().contains("make clean-data"), "{error}");
}

#[tokio::test]
async fn ministack_answers_until_dropped() {
    let ministack = MiniStack::start().await.unwrap();
    let client = connect(ministack.endpoint());
    write(&client).await;
    assert!(holds_what_was_written(&client).await);
    let address = ministack.endpoint().trim_start_matches("http://").to_owned();
    drop(ministack);
    assert!(TcpStream::connect(&address).is_err());
}

async fn write(client: &Client) {
    let definition =
        AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S);
    let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash);
    let table = client.create_table().table_name("seats").billing_mode(BillingMode::PayPerRequest);
    let table = table.attribute_definitions(definition.build().unwrap()).key_schema(key.build().unwrap());
    table.send().await.unwrap();
    while client.describe_table().table_name("seats").send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    client.put_item().table_name("seats").item("pk", seat()).send().await.unwrap();
}

async fn holds_what_was_written(client: &Client) -> bool {
    client.get_item().table_name("seats").key("pk", seat()).send().await.unwrap().item.is_some()
}

fn seat() -> AttributeValue {
    AttributeValue::S("A-1-1".to_owned())
}

fn connect(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
