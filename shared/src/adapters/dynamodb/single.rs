//! A single write.

use super::{
    DynamoStore,
    item::Item,
    measured::measured,
    retry::{WriteError, past_conflicts},
    write::{Action, Write},
};
use aws_sdk_dynamodb::{
    operation::{delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure::AllOld},
};

const PUT_ITEM: &str = "PutItem";
const UPDATE_ITEM: &str = "UpdateItem";
const DELETE_ITEM: &str = "DeleteItem";

/// A refusal carries the item as it is stored, if there is one.
pub(super) type SingleError = WriteError<Option<Item>>;

impl DynamoStore {
    /// Makes one write. An update returns the item as it is afterwards.
    pub(super) async fn write(&self, write: Write) -> Result<Item, SingleError> {
        match &write.action {
            Action::Put(item) => past_conflicts(PUT_ITEM, || self.put(&write, item)).await,
            Action::Update(expression) => {
                past_conflicts(UPDATE_ITEM, || self.update(&write, expression)).await
            }
            Action::Delete => past_conflicts(DELETE_ITEM, || self.delete(&write)).await,
        }
    }

    async fn put(&self, write: &Write, item: &Item) -> Result<Item, SingleError> {
        let request = self.client().await.put_item().table_name(self.name_of(write.key.table));
        let request = request
            .set_item(Some(item.clone()))
            .set_condition_expression(write.condition.clone())
            .set_expression_attribute_names(write.names())
            .set_expression_attribute_values(write.values())
            .return_values_on_condition_check_failure(AllOld)
            .send();
        let is_answer = PutItemError::is_conditional_check_failed_exception;
        let tables = || vec![self.name_of(write.key.table)];
        let outcome = measured(PUT_ITEM, tables, is_answer, request).await;
        outcome.map(|_| Item::new()).map_err(|error| {
            WriteError::from_sdk(error, |error| match error {
                PutItemError::ConditionalCheckFailedException(refusal) => Some(refusal.item.clone()),
                _ => None,
            })
        })
    }

    async fn update(&self, write: &Write, expression: &str) -> Result<Item, SingleError> {
        let request = self.client().await.update_item().table_name(self.name_of(write.key.table));
        let request = request
            .set_key(Some(write.key.attributes()))
            .update_expression(expression)
            .set_condition_expression(write.condition.clone())
            .set_expression_attribute_names(write.names())
            .set_expression_attribute_values(write.values())
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(AllOld)
            .send();
        let is_answer = UpdateItemError::is_conditional_check_failed_exception;
        let tables = || vec![self.name_of(write.key.table)];
        let outcome = measured(UPDATE_ITEM, tables, is_answer, request).await;
        outcome.map(|output| output.attributes.unwrap_or_default()).map_err(|error| {
            WriteError::from_sdk(error, |error| match error {
                UpdateItemError::ConditionalCheckFailedException(refusal) => Some(refusal.item.clone()),
                _ => None,
            })
        })
    }

    async fn delete(&self, write: &Write) -> Result<Item, SingleError> {
        let request = self.client().await.delete_item().table_name(self.name_of(write.key.table));
        let request = request
            .set_key(Some(write.key.attributes()))
            .set_condition_expression(write.condition.clone())
            .set_expression_attribute_names(write.names())
            .set_expression_attribute_values(write.values())
            .return_values_on_condition_check_failure(AllOld)
            .send();
        let is_answer = DeleteItemError::is_conditional_check_failed_exception;
        let tables = || vec![self.name_of(write.key.table)];
        let outcome = measured(DELETE_ITEM, tables, is_answer, request).await;
        outcome.map(|_| Item::new()).map_err(|error| {
            WriteError::from_sdk(error, |error| match error {
                DeleteItemError::ConditionalCheckFailedException(refusal) => Some(refusal.item.clone()),
                _ => None,
            })
        })
    }
}
