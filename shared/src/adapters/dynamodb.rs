//! The books and everything else that must not be lost, in DynamoDB.
//!
//! One file a port (`books` has one for each of its parts), and below them what they share: `keys` (where everything
//! is), `write` (one write, and the conditions that make its repeat harmless), `transaction` (writes that happen
//! together or not at all), `read`.

mod books;
mod client;
mod history;
mod houses;
mod http;
mod item;
mod keys;
mod layouts;
mod measured;
mod outbox;
mod payments;
mod programme;
mod queue_books;
mod read;
mod recovery;
mod replies;
mod retry;
mod sales;
mod seats;
mod sessions;
mod single;
mod tables;
mod transaction;
mod users;
mod withdrawals;
mod write;

pub use http::Http;
pub use tables::{
    AttributeKind, IndexDefinition, KeyAttribute, PRIMARY_KEY, Projected, TABLES, TableDefinition,
    TableOutcome,
};

use crate::{
    adapters::waker::Waker,
    config::DynamoConfig,
    ports::{Health, StoreError},
};
use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use futures_util::future::try_join_all;
use keys::{Key, Table};
use tokio::sync::OnceCell;

/// What errors call this store.
const STORE: &str = "dynamodb";

/// Users, log-in sessions, the programme, the library of houses, the books with their outbox, those of the queue, replies and recovery, on DynamoDB.
#[derive(Debug)]
pub struct DynamoStore {
    config: DynamoConfig,
    client: OnceCell<Client>,
    waker: Waker,
}

impl DynamoStore {
    /// Remembers where the store is and touches nothing: the client is built by the first call, because loading root
    /// certificates takes longer than a whole cold start may.
    #[must_use]
    pub fn new(config: DynamoConfig) -> Self {
        Self { config, client: OnceCell::new(), waker: Waker::default() }
    }

    /// Wakes `relay` with each change that it has to tell of.
    #[must_use]
    pub fn waking(self, waker: Waker) -> Self {
        Self { waker, ..self }
    }

    async fn client(&self) -> &Client {
        self.client.get_or_init(|| client::build(&self.config)).await
    }

    fn name_of(&self, table: Table) -> String {
        format!("{}{}", self.config.table_prefix, table.name())
    }
}

#[async_trait]
impl Health for DynamoStore {
    async fn check(&self) -> Result<(), StoreError> {
        try_join_all(Table::ALL.map(|table| self.get(Key::absent(table)))).await.map(|_| ())
    }
}
