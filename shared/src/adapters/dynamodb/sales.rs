//! Changes of a performance's sale: only if it is as it was read, and never without a line in its record.

use super::{
    DynamoStore, STORE,
    item::{self, from_value},
    keys::{self, Key, Table},
    outbox,
    programme::ProgrammeWrite,
    read::ItemQuery,
    retry::WriteError,
    transaction::Refusals,
    write::{ABSENT, Write},
};
use crate::ports::{ReplaceError, StoreError};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{PerformanceId, UserId, performance::Performance, sale::Sale, steering::SaleChange};
use jiff::Timestamp;

/// The outcome of one try.
enum WriteOutcome {
    Done,
    /// The sale is the one that was read, but stored differently: an older version omitted fields that it did not know.
    SameOtherwise(AttributeValue),
    Changed,
}

impl DynamoStore {
    pub(super) async fn replace_sale(
        &self,
        performance: &Performance,
        sale: &Sale,
        by: UserId,
        now: Timestamp,
    ) -> Result<(), ReplaceError> {
        if performance.sale == *sale {
            return Ok(());
        }
        let change = SaleChange::between(&performance.sale, sale, by, now);
        let expected = from_value(&performance.sale)?;
        let outcome = match self.try_replace(performance, sale, &change, expected).await? {
            WriteOutcome::SameOtherwise(found) => self.try_replace(performance, sale, &change, found).await?,
            outcome => outcome,
        };
        match outcome {
            WriteOutcome::Done => Ok(()),
            WriteOutcome::SameOtherwise(_) | WriteOutcome::Changed => Err(ReplaceError::Changed),
        }
    }

    async fn try_replace(
        &self,
        performance: &Performance,
        sale: &Sale,
        change: &SaleChange,
        expected: AttributeValue,
    ) -> Result<WriteOutcome, StoreError> {
        let id = performance.performance_id;
        let own = Write::update(Key::performance(id), "SET #sale = :sale")
            .only_if("#sale = :expected")
            .with(":expected", expected.clone())
            .with(":sale", from_value(sale)?);
        let listed = Write::update(Key::show(performance.show_id), "SET #performances.#this.#sale = :sale")
            .named("#this", id.to_string())
            .only_if("attribute_exists(#performances.#this)")
            .with(":sale", from_value(&sale.listed())?);
        let key = Key::sale_change(id, change.at.as_microsecond());
        // Two changes at the same moment: the second is told that there was another, and tries again later.
        let kept = Write::put(key, item::from_struct(change)?).only_if(ABSENT);
        let outcome = self
            .write_all(vec![
                (ProgrammeWrite::Performance, own),
                (ProgrammeWrite::Show, listed),
                (ProgrammeWrite::Change, kept),
                (ProgrammeWrite::Event, outbox::performance_changed(id, "sale_changed", change.at)),
            ])
            .await;
        match outcome {
            Ok(()) => Ok(WriteOutcome::Done),
            Err(WriteError::Refused(refused)) => why_refused(refused, performance, &expected),
            Err(error) => Err(error.unexpected("not a refusal")),
        }
    }

    pub(super) async fn read_sale_changes(
        &self,
        performance: PerformanceId,
        limit: usize,
    ) -> Result<Vec<SaleChange>, StoreError> {
        let partition = keys::sale_changes(performance);
        let changes = ItemQuery::table(Table::Main, "#pk = :changes").with_text(":changes", partition);
        let newest = self.query(changes.newest_first().limit(limit)).await?;
        newest.into_iter().map(item::to_struct).collect()
    }
}

fn why_refused(
    refused: Refusals<ProgrammeWrite>,
    performance: &Performance,
    expected: &AttributeValue,
) -> Result<WriteOutcome, StoreError> {
    for (part, found) in refused {
        match (part, found) {
            (ProgrammeWrite::Performance, Some(found)) => {
                let Some(stands) = found.get("sale").cloned() else { return Ok(WriteOutcome::Changed) };
                let same =
                    stands != *expected && item::to_struct::<Performance>(found)?.sale == performance.sale;
                return Ok(if same { WriteOutcome::SameOtherwise(stands) } else { WriteOutcome::Changed });
            }
            (ProgrammeWrite::Change | ProgrammeWrite::Event, _) => return Ok(WriteOutcome::Changed),
            (
                ProgrammeWrite::Performance
                | ProgrammeWrite::Show
                | ProgrammeWrite::Own
                | ProgrammeWrite::House
                | ProgrammeWrite::Layout
                | ProgrammeWrite::Secret,
                _,
            ) => {}
        }
    }
    Err(StoreError::unavailable(STORE, "the performance or its show is not there"))
}
