//! Writes that happen together or not at all.

use super::{
    DynamoStore, STORE,
    item::Item,
    measured::measured,
    retry::{WriteError, past_conflicts},
    write::{Action, Write},
};
use crate::ports::StoreError;
use aws_sdk_dynamodb::{
    error::{BuildError, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        CancellationReason, Delete, Put, ReturnValuesOnConditionCheckFailure::AllOld, TransactWriteItem,
        Update,
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

const TRANSACT: &str = "TransactWriteItems";

/// The parts whose condition was false, each with its item as stored, if there is one.
pub(super) type Refusals<P> = Vec<(P, Option<Item>)>;

impl DynamoStore {
    /// Makes all writes or none. Each has a name that tells which condition was false.
    ///
    /// Every try carries the same token, so that a write whose answer was lost is not made twice.
    pub(super) async fn write_all<P: Copy>(
        &self,
        writes: Vec<(P, Write)>,
    ) -> Result<(), WriteError<Refusals<P>>> {
        let items = writes.iter().map(|(_, write)| self.part(write)).collect::<Result<Vec<_>, _>>();
        let (items, token) = match (items, new_token()) {
            (Ok(items), Ok(token)) => (items, token),
            (Err(error), _) | (_, Err(error)) => return Err(WriteError::Failed(error)),
        };
        // Before the change and not after it: this process may not live to see it committed.
        self.waker.wake(writes.iter().filter_map(|(_, write)| write.key.shard())).await;
        let outcome = past_conflicts(TRANSACT, || self.transact(&items, &token)).await;
        outcome.map_err(|error| match error {
            WriteError::Refused(found) => WriteError::Refused(name_parts(&writes, found)),
            WriteError::Conflict(error) => WriteError::Conflict(error),
            WriteError::Failed(error) => WriteError::Failed(error),
        })
    }

    async fn transact(
        &self,
        items: &[TransactWriteItem],
        token: &str,
    ) -> Result<(), WriteError<Vec<(usize, Option<Item>)>>> {
        let request = self.client().await.transact_write_items();
        let request = request.set_transact_items(Some(items.to_vec())).client_request_token(token).send();
        let outcome = measured(TRANSACT, || tables_of(items), is_answer, request).await;
        outcome.map(|_| ()).map_err(read_cancellation)
    }

    fn part(&self, write: &Write) -> Result<TransactWriteItem, StoreError> {
        let part = TransactWriteItem::builder();
        Ok(match &write.action {
            Action::Put(item) => part.put(self.put_part(write, item).map_err(unbuilt)?),
            Action::Update(expression) => part.update(self.update_part(write, expression).map_err(unbuilt)?),
            Action::Delete => part.delete(self.delete_part(write).map_err(unbuilt)?),
        }
        .build())
    }

    fn put_part(&self, write: &Write, item: &Item) -> Result<Put, BuildError> {
        Put::builder()
            .table_name(self.name_of(write.key.table))
            .set_item(Some(item.clone()))
            .set_condition_expression(write.condition.clone())
            .set_expression_attribute_names(write.names())
            .set_expression_attribute_values(write.values())
            .return_values_on_condition_check_failure(AllOld)
            .build()
    }

    fn update_part(&self, write: &Write, expression: &str) -> Result<Update, BuildError> {
        Update::builder()
            .table_name(self.name_of(write.key.table))
            .set_key(Some(write.key.attributes()))
            .update_expression(expression)
            .set_condition_expression(write.condition.clone())
            .set_expression_attribute_names(write.names())
            .set_expression_attribute_values(write.values())
            .return_values_on_condition_check_failure(AllOld)
            .build()
    }

    fn delete_part(&self, write: &Write) -> Result<Delete, BuildError> {
        Delete::builder()
            .table_name(self.name_of(write.key.table))
            .set_key(Some(write.key.attributes()))
            .set_condition_expression(write.condition.clone())
            .set_expression_attribute_names(write.names())
            .set_expression_attribute_values(write.values())
            .return_values_on_condition_check_failure(AllOld)
            .build()
    }
}

fn tables_of(items: &[TransactWriteItem]) -> Vec<String> {
    let table = |item: &TransactWriteItem| {
        let put = item.put.as_ref().map(|put| put.table_name.clone());
        let update = || item.update.as_ref().map(|update| update.table_name.clone());
        put.or_else(update).or_else(|| item.delete.as_ref().map(|delete| delete.table_name.clone()))
    };
    items.iter().filter_map(table).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A false condition is an answer even if other parts met a conflict. Without one, any conflict or throttled part means
/// that nothing was decided.
fn read_cancellation(error: SdkError<TransactWriteItemsError>) -> WriteError<Vec<(usize, Option<Item>)>> {
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled.cancellation_reasons()
        }
        _ => return WriteError::from_sdk(error, |_| None),
    };
    let refused: Vec<_> = reasons
        .iter()
        .enumerate()
        .filter(|(_, reason)| is(reason, &REFUSED))
        .map(|(position, reason)| (position, reason.item.clone()))
        .collect();
    let undecided = reasons.iter().any(|reason| is(reason, &UNDECIDED));
    match (refused.is_empty(), undecided) {
        (false, _) => WriteError::Refused(refused),
        (true, true) => WriteError::Conflict(StoreError::unavailable(STORE, error)),
        (true, false) => WriteError::Failed(StoreError::unavailable(STORE, error)),
    }
}

/// Whether a transaction was decided, though by a refusal.
fn is_answer(error: &TransactWriteItemsError) -> bool {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return false };
    cancelled.cancellation_reasons().iter().any(|reason| is(reason, &REFUSED))
}

fn is(reason: &CancellationReason, codes: &[&str]) -> bool {
    reason.code.as_deref().is_some_and(|code| codes.contains(&code))
}

/// The reason that says that a condition was false.
const REFUSED: [&str; 1] = ["ConditionalCheckFailed"];
/// The reasons that mean "not now".
const UNDECIDED: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

fn name_parts<P: Copy>(writes: &[(P, Write)], found: Vec<(usize, Option<Item>)>) -> Refusals<P> {
    found
        .into_iter()
        .filter_map(|(position, item)| writes.get(position).map(|(part, _)| (*part, item)))
        .collect()
}

fn new_token() -> Result<String, StoreError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| StoreError::unavailable("randomness", error))?;
    Ok(Uuid::from_bytes(random).to_string())
}

fn unbuilt(error: BuildError) -> StoreError {
    StoreError::unavailable(STORE, error)
}
