//! Events, written together with the change that they announce: one per change. Each waits until `relay` has delivered it.

use super::{
    DynamoStore,
    item::{self, Item, micros, number, text, ttl},
    keys::{self, Key, Table},
    read::ItemQuery,
    write::{ABSENT, Write},
};
use crate::ports::{Event, Outbox, Shard, StoreError, Waiting};
use async_trait::async_trait;
use domain::{BookingId, PerformanceId, booking::Booking};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// How long an event waits for `relay`.
const EVENT_KEPT_S: i64 = 14 * 86_400;

/// A booking entered its state. The key follows from what happened, so that it is announced once.
pub(super) fn booking_changed(booking: &Booking, at: Timestamp) -> Write {
    let state = booking.state.as_str();
    let mut event = event(&format!("booking.{state}"), booking.performance_id, at);
    event.insert("booking_id".to_owned(), text(booking.booking_id));
    Write::put(Key::event(booking.booking_id.0, at.as_microsecond(), state), event).only_if(ABSENT)
}

/// A performance was published, or its sale changed.
pub(super) fn performance_changed(performance: PerformanceId, what: &'static str, at: Timestamp) -> Write {
    let event = event(&format!("performance.{what}"), performance, at);
    Write::put(Key::event(performance.0, at.as_microsecond(), what), event)
}

fn event(kind: &str, performance: PerformanceId, at: Timestamp) -> Item {
    Item::from([
        ("type".to_owned(), text(kind)),
        ("performance_id".to_owned(), text(performance)),
        ("at_us".to_owned(), number(at.as_microsecond())),
        ("expires_at_s".to_owned(), ttl(at + SignedDuration::from_secs(EVENT_KEPT_S))),
    ])
}

#[async_trait]
impl Outbox for DynamoStore {
    async fn lease(&self, shard: Shard, now: Timestamp, until: Timestamp) -> Result<Option<u64>, StoreError> {
        let write = Write::update(Key::relay_lease(shard), "SET #leased_until_us = :until ADD #fence :one")
            // A lease that ends later than is possible came from a clock that has since been set back.
            .only_if(
                "attribute_not_exists(#leased_until_us) OR #leased_until_us <= :now OR #leased_until_us > :until",
            )
            .with(":one", number(1))
            .with(":now", micros(now))
            .with(":until", micros(until));
        match self.write(write).await {
            Ok(lease) => Ok(item::number_of(&lease, "fence")),
            Err(error) => error.refused().map(|_| None),
        }
    }

    async fn end_lease(&self, shard: Shard, fence: u64) -> Result<(), StoreError> {
        let write = Write::update(Key::relay_lease(shard), "REMOVE #leased_until_us")
            .only_if("#fence = :fence")
            .with(":fence", number(fence));
        match self.write(write).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }

    async fn waiting(
        &self,
        shard: Shard,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Waiting>, StoreError> {
        let query = match after {
            None => ItemQuery::table(Table::Outbox, "#pk = :shard"),
            Some(after) => {
                ItemQuery::table(Table::Outbox, "#pk = :shard AND #sk > :after").with_text(":after", after)
            }
        };
        let found = self.query(query.with_text(":shard", keys::outbox_shard(shard)).limit(limit)).await?;
        Ok(found.into_iter().map(read).collect())
    }

    async fn remove(&self, shard: Shard, place: &str) -> Result<(), StoreError> {
        let removed = self.write(Write::delete(Key::waiting(shard, place))).await;
        removed.map(drop).map_err(|error| error.unexpected("removing an event was refused"))
    }
}

#[derive(Deserialize)]
struct EventItem {
    r#type: String,
    performance_id: PerformanceId,
    booking_id: Option<BookingId>,
}

fn read(entry: Item) -> Waiting {
    let place = item::text_of(&entry, "sk").unwrap_or_default().to_owned();
    let at = keys::event_time_of(&place).and_then(|us| item::at_micros(us).ok());
    let event = item::to_struct(entry).map(
        |EventItem { r#type: kind, performance_id: performance, booking_id: booking }| Event {
            kind,
            performance,
            booking,
        },
    );
    Waiting { place, at: at.unwrap_or(Timestamp::UNIX_EPOCH), event }
}
