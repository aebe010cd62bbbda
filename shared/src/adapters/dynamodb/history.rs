//! The history of sales: a partition for each performance and interval, an item for each interval's last look.

use super::{
    DynamoStore,
    item::{self, micros, ttl},
    keys::{self, Key, Table},
    read::ItemQuery,
    write::Write,
};
use crate::ports::{SaleHistory, StoreError};
use async_trait::async_trait;
use domain::{
    PerformanceId,
    history::{Interval, SaleMinute},
};
use futures_util::future::try_join_all;
use jiff::Timestamp;

#[async_trait]
impl SaleHistory for DynamoStore {
    async fn record(
        &self,
        performance: PerformanceId,
        look: &SaleMinute,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut kept = item::from_struct(look)?;
        kept.insert("looked_at_us".to_owned(), micros(look.at));
        kept.insert("expires_at_s".to_owned(), ttl(until));
        let keep = |interval| {
            let key = Key::look(performance, interval, look.at);
            let write = Write::put(key, kept.clone())
                .only_if("attribute_not_exists(#pk) OR #looked_at_us <= :at")
                .with(":at", micros(look.at));
            async move {
                match self.write(write).await {
                    Ok(_) => Ok(()),
                    Err(error) => error.refused().map(|_later_look| ()),
                }
            }
        };
        try_join_all(Interval::ALL.map(keep)).await.map(drop)
    }

    async fn last(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Option<SaleMinute>, StoreError> {
        let between = (Timestamp::UNIX_EPOCH, now);
        Ok(self.looks(performance, Interval::Minute, between, 1).await?.pop())
    }

    async fn looks(
        &self,
        performance: PerformanceId,
        interval: Interval,
        (from, to): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<SaleMinute>, StoreError> {
        if from > to {
            // A store refuses such a period.
            return Ok(Vec::new());
        }
        let looks = ItemQuery::table(Table::Main, "#pk = :looks AND #sk BETWEEN :from AND :to")
            .with_text(":looks", keys::looks_of(performance, interval))
            .with_text(":from", keys::look_at(interval, from))
            .with_text(":to", keys::look_at(interval, to));
        let latest_first = self.query(looks.newest_first().limit(limit)).await?;
        latest_first.into_iter().rev().map(item::to_struct).collect()
    }
}
