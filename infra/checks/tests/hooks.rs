//! LocalStack's hook creates exactly the tables that the code creates. It runs here as LocalStack runs it, against MiniStack.
#![cfg(test)]

use checks::{root, run};
use shared::{
    adapters::dynamodb::{DynamoStore, TableOutcome},
    config::Config,
};
use std::process::Command;
use stores::MiniStack;

#[tokio::test]
async fn the_hook_makes_every_table_and_again_changes_nothing() {
    let ministack = MiniStack::start().await.unwrap();
    for _ in 0..2 {
        let path = format!("{}:{}", root("target/aws/bin").display(), std::env::var("PATH").unwrap());
        run(Command::new(root("localstack/ready.d/tables.sh"))
            .env("PATH", path)
            .env("YEMAE_TABLES", root("infra/tables.json"))
            .env("AWS_ENDPOINT_URL", ministack.endpoint())
            .env("AWS_DEFAULT_REGION", "ap-northeast-2")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test"));
    }
    let settings =
        |name: &str| (name == "AWS_ENDPOINT_URL_DYNAMODB").then(|| ministack.endpoint().to_owned());
    let store = DynamoStore::new(Config::from_lookup(&settings).unwrap().dynamodb);
    for (table, outcome) in store.create_tables().await.unwrap() {
        assert_eq!(outcome, TableOutcome::Existed, "{table}");
    }
}
