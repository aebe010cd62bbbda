//! Changes of a performance's sale: only if it is as it was read, and never without a line in its record.

use super::{
    DynamoStore, STORE,
    item::{self, from_value},
    keys::{self, Key, Table},
    outbox,
    programme::Part,
    read::Query,
    retry::WriteError,
    transaction::Refusals,
    write::{ABSENT, Write},
};
use crate::ports::{ReplaceError, StoreError};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{PerformanceId, UserId, performance::Performance, sale::Sale, steering::SaleChange};
use jiff::Timestamp;

/// The outcome of one try.
enum Outcome {
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
            Outcome::SameOtherwise(found) => self.try_replace(performance, sale, &change, found).await?,
            outcome => outcome,
        };
        match outcome {
            Outcome::Done => Ok(()),
            Outcome::SameOtherwise(_) | Outcome::Changed => Err(ReplaceError::Changed),
        }
    }

    async fn try_replace(
        &self,
        performance: &Performance,
        sale: &Sale,
        change: &SaleChange,
        expected: AttributeValue,
    ) -> Result<Outcome, StoreError> {
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
                (Part::Performance, own),
                (Part::Show, listed),
                (Part::Change, kept),
                (Part::Event, outbox::performance_changed(id, "sale_changed", change.at)),
            ])
            .await;
        match outcome {
            Ok(()) => Ok(Outcome::Done),
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
        let changes = Query::table(Table::Main, "#pk = :changes").with_text(":changes", partition);
        let newest = self.query(changes.newest_first().limit(limit)).await?;
        newest.into_iter().map(item::to_struct).collect()
    }
}

fn why_refused(
    refused: Refusals<Part>,
    performance: &Performance,
    expected: &AttributeValue,
) -> Result<Outcome, StoreError> {
    for (part, found) in refused {
        match (part, found) {
            (Part::Performance, Some(found)) => {
                let Some(stands) = found.get("sale").cloned() else { return Ok(Outcome::Changed) };
                let same =
                    stands != *expected && item::to_struct::<Performance>(found)?.sale == performance.sale;
                return Ok(if same { Outcome::SameOtherwise(stands) } else { Outcome::Changed });
            }
            (Part::Change | Part::Event, _) => return Ok(Outcome::Changed),
            (Part::Performance | Part::Show | Part::Own | Part::Layout | Part::Secret, _) => {}
        }
    }
    Err(StoreError::unavailable(STORE, "the performance or its show is not there"))
}
