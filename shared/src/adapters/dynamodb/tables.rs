//! The tables as data, and their creation. Every other description of the tables is checked against this one.

use super::{DynamoStore, STORE, keys::Table};
use crate::{error::chain, ports::StoreError};
use aws_sdk_dynamodb::{
    error::{BuildError, ProvideErrorMetadata},
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
    },
};
use std::{collections::BTreeMap, time::Duration};

/// All tables; they are billed per request.
pub const TABLES: [TableDefinition; 3] = [
    TableDefinition {
        name: Table::Main.name(),
        ttl_attribute: Some("expires_at_s"),
        indexes: &[
            IndexDefinition {
                name: "catalogue",
                hash: KeyAttribute::text("catalogue"),
                range: KeyAttribute::number("catalogue_at_us"),
                projected: Projected::Everything,
            },
            IndexDefinition {
                name: "user_bookings",
                hash: KeyAttribute::text("bookings_of"),
                range: KeyAttribute::text("booking_id"),
                projected: Projected::Everything,
            },
            IndexDefinition {
                name: "due",
                hash: KeyAttribute::number("due_shard"),
                range: KeyAttribute::number("due_at_us"),
                projected: Projected::Keys,
            },
        ],
    },
    TableDefinition { name: Table::Seats.name(), ttl_attribute: None, indexes: &[] },
    TableDefinition { name: Table::Outbox.name(), ttl_attribute: Some("expires_at_s"), indexes: &[] },
];

/// The key of every table: the first chooses the partition, the second orders it.
pub const PRIMARY_KEY: [KeyAttribute; 2] = [KeyAttribute::text("pk"), KeyAttribute::text("sk")];

/// How often to check whether a new table is ready, and how long to wait in between.
const READY_TRIES: u32 = 150;
const READY_PAUSE_MS: u64 = 200;

/// A table. Its key is `pk` and `sk`, both text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableDefinition {
    /// The name after the prefix.
    pub name: &'static str,
    /// The attribute that says when the store may delete an item, in Unix seconds.
    pub ttl_attribute: Option<&'static str>,
    /// Its global secondary indexes.
    pub indexes: &'static [IndexDefinition],
}

impl TableDefinition {
    /// All attributes of the table's key and its indexes' keys, each once.
    #[must_use]
    pub fn key_attributes(&self) -> BTreeMap<&'static str, AttributeKind> {
        let of_indexes = self.indexes.iter().flat_map(|index| [index.hash, index.range]);
        PRIMARY_KEY.into_iter().chain(of_indexes).map(|key| (key.name, key.kind)).collect()
    }
}

/// A global secondary index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexDefinition {
    pub name: &'static str,
    /// The attribute that chooses the partition.
    pub hash: KeyAttribute,
    /// The attribute that orders the partition.
    pub range: KeyAttribute,
    /// What the index contains of each item.
    pub projected: Projected,
}

/// What an index contains of each item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Projected {
    Everything,
    /// Only the keys.
    Keys,
}

/// An attribute of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAttribute {
    pub name: &'static str,
    pub kind: AttributeKind,
}

/// The type of a key's attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// `S`
    Text,
    /// `N`
    Number,
}

impl KeyAttribute {
    const fn text(name: &'static str) -> Self {
        Self { name, kind: AttributeKind::Text }
    }

    const fn number(name: &'static str) -> Self {
        Self { name, kind: AttributeKind::Number }
    }
}

/// What was done about a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableOutcome {
    Created,
    /// The table already existed.
    Existed,
}

impl DynamoStore {
    /// Creates the missing tables and waits until all are ready. Doing it again changes nothing.
    pub async fn create_tables(&self) -> Result<Vec<(String, TableOutcome)>, StoreError> {
        let mut outcomes = Vec::new();
        for definition in &TABLES {
            let name = format!("{}{}", self.config.table_prefix, definition.name);
            let outcome = self.create_table(&name, definition).await?;
            self.wait_until_ready(&name).await?;
            if let Some(attribute) = definition.ttl_attribute {
                self.enable_ttl(&name, attribute).await;
            }
            outcomes.push((name, outcome));
        }
        Ok(outcomes)
    }

    async fn create_table(
        &self,
        name: &str,
        definition: &TableDefinition,
    ) -> Result<TableOutcome, StoreError> {
        let request = self.client().await.create_table().table_name(name);
        let request = describe(request, definition).map_err(|error| StoreError::unavailable(STORE, error))?;
        match request.send().await {
            Ok(_) => Ok(TableOutcome::Created),
            Err(error) if error.code() == Some("ResourceInUseException") => Ok(TableOutcome::Existed),
            Err(error) => Err(StoreError::unavailable(STORE, error)),
        }
    }

    async fn wait_until_ready(&self, name: &str) -> Result<(), StoreError> {
        for _ in 0..READY_TRIES {
            let answer = self.client().await.describe_table().table_name(name).send().await;
            let answer = answer.map_err(|error| StoreError::unavailable(STORE, error))?;
            let status = answer.table.and_then(|table| table.table_status);
            if status == Some(TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(READY_PAUSE_MS)).await;
        }
        Err(StoreError::unavailable(STORE, format!("table {name} did not become ready")))
    }

    /// Best effort: expired items count as absent whether or not the store deletes them.
    async fn enable_ttl(&self, name: &str, attribute: &str) {
        let client = self.client().await;
        let known = client.describe_time_to_live().table_name(name).send().await;
        let status = known.ok().and_then(|known| known.time_to_live_description?.time_to_live_status);
        if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
            return;
        }
        let wanted = TimeToLiveSpecification::builder().enabled(true).attribute_name(attribute).build();
        let request =
            client.update_time_to_live().table_name(name).set_time_to_live_specification(wanted.ok());
        if let Err(error) = request.send().await {
            tracing::warn!(
                event = "table.ttl_not_enabled",
                table = name,
                error = chain(&error),
                "time to live was not enabled"
            );
        }
    }
}

fn describe(
    request: CreateTableFluentBuilder,
    definition: &TableDefinition,
) -> Result<CreateTableFluentBuilder, BuildError> {
    let indexes = definition.indexes.iter().map(index).collect::<Result<Vec<_>, _>>()?;
    Ok(request
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(PRIMARY_KEY)?))
        .set_attribute_definitions(Some(attributes(definition)?))
        .set_global_secondary_indexes(Some(indexes).filter(|indexes| !indexes.is_empty())))
}

fn index(definition: &IndexDefinition) -> Result<GlobalSecondaryIndex, BuildError> {
    let projected = match definition.projected {
        Projected::Everything => ProjectionType::All,
        Projected::Keys => ProjectionType::KeysOnly,
    };
    GlobalSecondaryIndex::builder()
        .index_name(definition.name)
        .set_key_schema(Some(key_schema([definition.hash, definition.range])?))
        .projection(Projection::builder().projection_type(projected).build())
        .build()
}

fn key_schema([hash, range]: [KeyAttribute; 2]) -> Result<Vec<KeySchemaElement>, BuildError> {
    let part =
        |key: KeyAttribute, kind| KeySchemaElement::builder().attribute_name(key.name).key_type(kind).build();
    Ok(vec![part(hash, KeyType::Hash)?, part(range, KeyType::Range)?])
}

fn attributes(definition: &TableDefinition) -> Result<Vec<AttributeDefinition>, BuildError> {
    let once = definition.key_attributes();
    once.into_iter()
        .map(|(name, kind)| {
            let kind = match kind {
                AttributeKind::Text => ScalarAttributeType::S,
                AttributeKind::Number => ScalarAttributeType::N,
            };
            AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build()
        })
        .collect()
}
