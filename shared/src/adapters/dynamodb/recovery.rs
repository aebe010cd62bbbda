//! What survives the loss of Redis: one item of marks per performance, and the seats themselves.

use super::{
    DynamoStore,
    item::{self, Item, micros, number},
    keys::{self, Key, Table},
    read::ItemQuery,
    seats,
    write::Write,
};
use crate::ports::{Programme, Recovery, StoreError};
use async_trait::async_trait;
use domain::{
    PerformanceId,
    layout::{BLOCK_SEATS, SeatIndex},
    queue::QueueMarks,
    seat::SeatRecord,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

/// How many blocks of seats are read at the same time.
const BLOCKS_AT_ONCE: usize = 8;

#[async_trait]
impl Recovery for DynamoStore {
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<QueueMarks>, StoreError> {
        let write = Write::update(Key::queue(performance), "SET #rebuild_until_us = :until ADD #epoch :one")
            // A rebuild that ends later than is possible got its time from a clock that has since been set back.
            .only_if(
                "attribute_not_exists(#rebuild_until_us) OR #rebuild_until_us <= :now OR #rebuild_until_us > :until",
            )
            .with(":one", number(1))
            .with(":now", micros(now))
            .with(":until", micros(now + SignedDuration::from_secs(lease_s)));
        match self.write(write).await {
            Ok(marks) => Ok(Some(read_marks(&marks))),
            Err(error) => error.refused().map(|_| None),
        }
    }

    async fn ends_at(&self, performance: PerformanceId) -> Result<Option<Timestamp>, StoreError> {
        let known = self.performance(performance).await?;
        Ok(known.map(|known| known.over_at()))
    }

    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError> {
        let write = Write::update(Key::queue(performance), "REMOVE #rebuild_until_us")
            .only_if("#epoch = :epoch")
            .with(":epoch", number(epoch));
        match self.write(write).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }

    async fn seats(&self, performance: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError> {
        let Some(known) = self.performance(performance).await? else { return Ok(Vec::new()) };
        let blocks = 0..known.seat_count.div_ceil(BLOCK_SEATS);
        let blocks = blocks.map(|block| {
            self.query(
                ItemQuery::table(Table::Seats, "#pk = :block")
                    .with_text(":block", keys::seat_block(performance, block)),
            )
        });
        let read: Vec<_> = stream::iter(blocks).buffered(BLOCKS_AT_ONCE).try_collect().await?;
        read.into_iter().flatten().map(seats::read).collect()
    }
}

fn read_marks(marks: &Item) -> QueueMarks {
    let mark = |name| item::number_of(marks, name).unwrap_or_default();
    QueueMarks {
        epoch: mark("epoch"),
        leased_to: mark("leased_to"),
        called_to: mark("called_to"),
        pool_size: item::number_of(marks, "pool_size"),
    }
}
