//! Reads: one item, or a bounded number of items of a partition.

use super::{
    DynamoStore, STORE,
    item::{Item, text},
    keys::{Key, Table},
    measured::measured,
    write::names_in,
};
use crate::ports::StoreError;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Some items of one partition of a table or index.
#[derive(Debug, Clone)]
pub(super) struct ItemQuery {
    table: Table,
    index: Option<&'static str>,
    condition: String,
    values: HashMap<String, AttributeValue>,
    newest_first: bool,
    limit: usize,
}

impl ItemQuery {
    /// Queries a table, strongly consistent. `condition` is written as in a write.
    pub(super) fn table(table: Table, condition: &str) -> Self {
        Self {
            table,
            index: None,
            condition: condition.to_owned(),
            values: HashMap::new(),
            newest_first: false,
            limit: usize::MAX,
        }
    }

    /// Queries an index of the main table, which lags a moment behind the table.
    pub(super) fn index(index: &'static str, condition: &str) -> Self {
        Self { index: Some(index), ..Self::table(Table::Main, condition) }
    }

    /// Sets the value of a `:placeholder`.
    pub(super) fn with(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.insert(placeholder.to_owned(), value);
        self
    }

    /// Sets the text value of a `:placeholder`.
    pub(super) fn with_text(self, placeholder: &str, value: impl ToString) -> Self {
        self.with(placeholder, text(value))
    }

    /// Reads from the end.
    pub(super) fn newest_first(self) -> Self {
        Self { newest_first: true, ..self }
    }

    /// Reads at most this many.
    pub(super) fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }
}

impl DynamoStore {
    /// Returns an item as the last write left it.
    pub(super) async fn get(&self, key: Key) -> Result<Option<Item>, StoreError> {
        let request = self.client().await.get_item().table_name(self.name_of(key.table));
        let request = request.set_key(Some(key.attributes())).consistent_read(true).send();
        let output = measured("GetItem", || vec![self.name_of(key.table)], |_| false, request).await;
        output.map(|output| output.item).map_err(|error| StoreError::unavailable(STORE, error))
    }

    /// Returns all items of a query, page by page, up to its limit.
    pub(super) async fn query(&self, query: ItemQuery) -> Result<Vec<Item>, StoreError> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let page = self.page(&query, query.limit.saturating_sub(items.len()), start).await?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() || items.len() >= query.limit {
                items.truncate(query.limit);
                return Ok(items);
            }
        }
    }

    /// A page of a partition whose keys are ids, newest first: at most `limit` items after the one at `after`; and whether
    /// there are more.
    pub(super) async fn owned(
        &self,
        partition: String,
        limit: usize,
        after: Option<impl ToString>,
    ) -> Result<(Vec<Item>, bool), StoreError> {
        let own = match after {
            None => ItemQuery::table(Table::Main, "#pk = :own"),
            Some(after) => ItemQuery::table(Table::Main, "#pk = :own AND #sk < :after")
                .with_text(":after", after.to_string()),
        };
        let own = own.with_text(":own", partition).newest_first().limit(limit.saturating_add(1));
        let mut page = self.query(own).await?;
        let more = page.len() > limit;
        page.truncate(limit);
        Ok((page, more))
    }

    async fn page(
        &self,
        query: &ItemQuery,
        limit: usize,
        start: Option<Item>,
    ) -> Result<aws_sdk_dynamodb::operation::query::QueryOutput, StoreError> {
        let request = self.client().await.query().table_name(self.name_of(query.table));
        let request = request
            .set_index_name(query.index.map(str::to_owned))
            .consistent_read(query.index.is_none())
            .key_condition_expression(&query.condition)
            .set_expression_attribute_names(Some(names_in(&query.condition)))
            .set_expression_attribute_values(Some(query.values.clone()))
            .scan_index_forward(!query.newest_first)
            .set_limit(i32::try_from(limit).ok().filter(|limit| *limit > 0))
            .set_exclusive_start_key(start)
            .send();
        let output = measured("Query", || vec![self.name_of(query.table)], |_| false, request).await;
        output.map_err(|error| StoreError::unavailable(STORE, error))
    }
}
