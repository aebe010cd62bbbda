//! Publications that are taken back, and performances that are removed before buyers see them.

use super::{
    DynamoStore,
    item::{flag, from_value, micros, number},
    keys::Key,
    outbox,
    programme::{ProgrammeWrite, unchanged},
    retry::WriteError,
    write::{PRESENT, Write},
};
use crate::ports::{ReplaceError, StoreError};
use domain::{PerformanceId, performance::Performance, show::Show};
use jiff::Timestamp;

/// Holds while buyers do not see the performance.
const UNPUBLISHED: &str = "#published_at = :never";

impl DynamoStore {
    pub(super) async fn unpublish(
        &self,
        performance: &Performance,
        show: &Show,
        at: Timestamp,
    ) -> Result<(), ReplaceError> {
        let id = performance.performance_id;
        let own = Write::update(Key::performance(id), "SET #published_at = :never")
            .only_if(
                "#published_at = :published AND #sale.#opens_at = :opens_at AND #sale.#control = :control",
            )
            .with(":never", never()?)
            .with(":published", from_value(&performance.published_at)?)
            .with(":opens_at", from_value(&performance.sale.opens_at)?)
            .with(":control", from_value(&performance.sale.control)?);
        let event = outbox::performance_changed(id, "withdrawn", at);
        self.rewrite(vec![
            (ProgrammeWrite::Performance, own),
            (ProgrammeWrite::Show, unlist(id, show)),
            (ProgrammeWrite::Event, event),
        ])
        .await
    }

    /// The layout stays: it may be a house's, and nothing else would find one that no performance names.
    pub(super) async fn remove_draft(&self, performance: &Performance) -> Result<(), ReplaceError> {
        let id = performance.performance_id;
        let own = Write::delete(Key::performance(id))
            .only_if(format!("{PRESENT} AND {UNPUBLISHED}"))
            .with(":never", never()?);
        let listed =
            Write::update(Key::show(performance.show_id), "REMOVE #performances.#this ADD #version :one")
                .named("#this", id.to_string())
                .only_if("attribute_exists(#performances.#this)")
                .with(":one", number(1));
        self.rewrite(vec![(ProgrammeWrite::Performance, own), (ProgrammeWrite::Show, listed)]).await
    }

    async fn rewrite(&self, writes: Vec<(ProgrammeWrite, Write)>) -> Result<(), ReplaceError> {
        match self.write_all(writes).await {
            Ok(()) => Ok(()),
            Err(WriteError::Refused(_)) => Err(ReplaceError::Changed),
            Err(error) => Err(error.unexpected("not a refusal").into()),
        }
    }
}

fn never() -> Result<aws_sdk_dynamodb::types::AttributeValue, StoreError> {
    from_value(&None::<Timestamp>)
}

/// Hides the performance in its show's record, and lists the show by the first of the others, if buyers see any.
fn unlist(performance: PerformanceId, show: &Show) -> Write {
    let others = show.published().filter(|(id, _)| **id != performance);
    let first = others.map(|(_, other)| other.starts_at).min();
    let listed = match first {
        Some(_) => ", #catalogue_at_us = :at",
        None => " REMOVE #catalogue, #catalogue_at_us",
    };
    let hide = format!("SET #performances.#this.#published = :no{listed} ADD #version :one");
    let write = Write::update(Key::show(show.show_id), hide)
        .named("#this", performance.to_string())
        .only_if(format!("attribute_exists(#performances.#this) AND {}", unchanged(show.version)))
        .with(":no", flag(false))
        .with(":version", number(show.version))
        .with(":one", number(1));
    match first {
        Some(at) => write.with(":at", micros(at)),
        None => write,
    }
}
