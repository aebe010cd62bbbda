//! Both DynamoDB engines start, answer the SDK, keep the data that they should, and leave nothing behind.
#![cfg(test)]

use std::net::TcpStream;

use shared::{
    adapters::dynamodb::{DynamoStore, TableOutcome},
    config::DynamoConfig,
};
use stores::{Engine, MiniStack, StartError};
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
fn an_error_names_a_file_that_cannot_be_used() {
    let folder = TempDir::new().unwrap();
    let error = Engine::start(Some(folder.path())).err().unwrap();
    assert!(matches!(&error, StartError::Data { path, .. } if path == folder.path()));
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

async fn write(books: &DynamoStore) {
    assert!(outcomes(books).await.iter().all(|outcome| *outcome == TableOutcome::Created));
}

async fn holds_what_was_written(books: &DynamoStore) -> bool {
    outcomes(books).await.iter().all(|outcome| *outcome == TableOutcome::Existed)
}

async fn outcomes(books: &DynamoStore) -> Vec<TableOutcome> {
    books.create_tables().await.unwrap().into_iter().map(|(_, outcome)| outcome).collect()
}

fn connect(endpoint: &str) -> DynamoStore {
    DynamoStore::new(DynamoConfig {
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        table_prefix: "stores-".to_owned(),
        has_credentials: false,
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
