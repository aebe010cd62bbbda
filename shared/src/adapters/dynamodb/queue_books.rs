//! What the books know about a queue: its marks in one item, the draw's roster in one item per block, and one item per
//! person inside.

use super::{
    DynamoStore, STORE,
    item::{self, Item, bytes, number, ttl},
    keys::{self, Key, SHARDS, Table},
    read::ItemQuery,
    write::{ABSENT, Write},
};
use crate::ports::{QueueBooks, StoreError};
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Digest, Draw, Secret, extend_root},
};
use futures_util::future::try_join_all;
use jiff::Timestamp;

/// How often to retry a write based on marks that another process moved in the meantime.
const TRIES: u32 = 8;

#[derive(Debug, Clone, Copy, PartialEq)]
enum QueueWrite {
    Marks,
    Block,
}

/// The item of marks. A mark that was never written is 0.
#[derive(Debug, Clone)]
struct MarksItem {
    leased_to: u64,
    roster_to: u64,
    roster_root: Digest,
    pool_size: Option<u64>,
    secret: Option<Secret>,
}

#[async_trait]
impl QueueBooks for DynamoStore {
    async fn lease_numbers(
        &self,
        performance: PerformanceId,
        count: u64,
        full: Option<&Block>,
    ) -> Result<u64, StoreError> {
        match full {
            None => self.lease_more(performance, count).await,
            Some(full) => self.lease_after(performance, count, full).await,
        }
    }

    async fn lease_calls(&self, performance: PerformanceId, called_to: u64) -> Result<u64, StoreError> {
        let write = Write::update(Key::queue(performance), "SET #called_to = :called_to")
            .only_if("attribute_not_exists(#called_to) OR #called_to < :called_to")
            .with(":called_to", number(called_to));
        match self.write(write).await {
            Ok(_) => Ok(called_to),
            Err(error) => {
                let further = error.refused()?.and_then(|marks| item::number_of(&marks, "called_to"));
                further.ok_or_else(|| item::unreadable("called_to of a queue"))
            }
        }
    }

    async fn enter(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        ends_at_ms: u64,
    ) -> Result<(), StoreError> {
        let inside = Item::from([
            ("entered_at_ms".to_owned(), number(at_ms)),
            ("ends_at_ms".to_owned(), number(ends_at_ms)),
            ("expires_at_s".to_owned(), ttl(timestamp(ends_at_ms)?)),
        ]);
        // Of two admissions in a row the later one counts, whichever is written first.
        let write = Write::put(Key::inside(performance, user), inside)
            .only_if("attribute_not_exists(#pk) OR #entered_at_ms < :at_ms")
            .with(":at_ms", number(at_ms));
        match self.write(write).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }

    async fn depart(&self, performance: PerformanceId, user: UserId, at_ms: u64) -> Result<(), StoreError> {
        let write = Write::delete(Key::inside(performance, user))
            .only_if("#entered_at_ms <= :at_ms")
            .with(":at_ms", number(at_ms));
        match self.write(write).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }

    async fn inside(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Vec<(UserId, u64)>, StoreError> {
        let shards = (0..SHARDS).map(|shard| {
            self.query(
                ItemQuery::table(Table::Main, "#pk = :shard")
                    .with_text(":shard", keys::inside_shard(performance, shard)),
            )
        });
        let people = try_join_all(shards).await?.into_iter().flatten();
        let read: Vec<_> = people.map(|inside| read_inside(&inside)).collect::<Result<_, _>>()?;
        // The store deletes expired items at its leisure.
        let now_ms = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ok(read.into_iter().filter(|(_, ends_at_ms)| *ends_at_ms > now_ms).collect())
    }

    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError> {
        self.marks(performance).await?.draw()
    }

    async fn make_draw(
        &self,
        performance: PerformanceId,
        pool_size: u64,
        last: Option<&Block>,
    ) -> Result<Draw, StoreError> {
        for _ in 0..TRIES {
            let marks = self.marks(performance).await?;
            if let Some(made) = marks.draw()? {
                return Ok(made);
            }
            let unwritten = last.and_then(|last| last.after(marks.roster_to));
            // Checked before anything is written: a draw must not be made without a secret.
            let (closed, made) = marks.closed(pool_size, unwritten.as_ref())?;
            if self.replace(performance, &marks, &closed, unwritten.as_ref()).await? {
                return Ok(made);
            }
        }
        Err(moved_too_often())
    }

    async fn roster(&self, performance: PerformanceId) -> Result<Vec<Block>, StoreError> {
        let blocks =
            ItemQuery::table(Table::Main, "#pk = :roster").with_text(":roster", keys::roster_of(performance));
        self.query(blocks).await?.iter().map(read_block).collect()
    }
}

impl DynamoStore {
    async fn marks(&self, performance: PerformanceId) -> Result<MarksItem, StoreError> {
        MarksItem::read(&self.get(Key::queue(performance)).await?.unwrap_or_default())
    }

    /// If the answer is lost and the lease repeated, numbers are skipped, but none is issued twice.
    async fn lease_more(&self, performance: PerformanceId, count: u64) -> Result<u64, StoreError> {
        let write =
            Write::update(Key::queue(performance), "ADD #leased_to :count").with(":count", number(count));
        let marks = self.write(write).await.map_err(|error| error.unexpected("leasing has no condition"))?;
        Ok(MarksItem::read(&marks)?.leased_to)
    }

    async fn lease_after(
        &self,
        performance: PerformanceId,
        count: u64,
        full: &Block,
    ) -> Result<u64, StoreError> {
        for _ in 0..TRIES {
            let marks = self.marks(performance).await?;
            let unwritten = full.after(marks.roster_to).filter(|_| marks.pool_size.is_none());
            let Some(unwritten) = unwritten else { return Ok(marks.leased_to) };
            let mut longer = marks.with(&unwritten);
            longer.leased_to += count;
            if self.replace(performance, &marks, &longer, Some(&unwritten)).await? {
                return Ok(longer.leased_to);
            }
        }
        Err(moved_too_often())
    }

    /// Writes the marks and a block of the roster if the marks are still as they were read.
    async fn replace(
        &self,
        performance: PerformanceId,
        before: &MarksItem,
        after: &MarksItem,
        block: Option<&Block>,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![(QueueWrite::Marks, after.write_over(before, performance))];
        writes.extend(block.map(|block| (QueueWrite::Block, write_block(performance, block))));
        match self.write_all(writes).await {
            Ok(()) => Ok(true),
            Err(error) => error.refused().map(|_| false),
        }
    }
}

impl MarksItem {
    fn read(marks: &Item) -> Result<Self, StoreError> {
        let mark = |name| item::number_of(marks, name).unwrap_or_default();
        Ok(Self {
            leased_to: mark("leased_to"),
            roster_to: mark("roster_to"),
            roster_root: digest_of(marks, "roster_root")?.unwrap_or(Digest::NOTHING),
            pool_size: item::number_of(marks, "pool_size"),
            secret: digest_of(marks, "draw_secret")?.map(|secret| Secret(secret.0)),
        })
    }

    fn draw(&self) -> Result<Option<Draw>, StoreError> {
        self.pool_size.map(|pool_size| self.draw_among(pool_size)).transpose()
    }

    fn draw_among(&self, pool_size: u64) -> Result<Draw, StoreError> {
        let secret = self.secret.ok_or_else(|| item::unreadable("a queue with a draw but no secret"))?;
        let (commitment, seed) = (secret.commitment(), Digest(secret.0));
        Ok(Draw { commitment, roster_root: self.roster_root, pool_size, seed })
    }

    /// The marks with one more block in the roster.
    fn with(&self, block: &Block) -> Self {
        let roster_root = extend_root(self.roster_root, block);
        Self { roster_to: block.last(), roster_root, ..self.clone() }
    }

    /// The marks with the draw made. It includes everyone in the roster; latecomers get later numbers.
    fn closed(&self, pool_size: u64, last: Option<&Block>) -> Result<(Self, Draw), StoreError> {
        let whole = last.map_or_else(|| self.clone(), |last| self.with(last));
        let made = whole.draw_among(pool_size.max(whole.roster_to))?;
        let leased_to = whole.leased_to.max(made.pool_size);
        Ok((Self { pool_size: Some(made.pool_size), leased_to, ..whole }, made))
    }

    /// A write that succeeds only if the item still says what was read.
    fn write_over(&self, before: &Self, performance: PerformanceId) -> Write {
        let closing = if self.pool_size.is_some() { ", #pool_size = :pool_size" } else { "" };
        let marks = "#leased_to = :leased_to, #roster_to = :roster_to, #roster_root = :roster_root";
        let read = [("leased_to", before.leased_to), ("roster_to", before.roster_to)];
        let [leased, written] = read.map(|(name, value)| match value {
            0 => format!("attribute_not_exists(#{name})"),
            _ => format!("#{name} = :{name}_read"),
        });
        let mut write = Write::update(Key::queue(performance), format!("SET {marks}{closing}"))
            .only_if(format!("attribute_not_exists(#pool_size) AND {leased} AND {written}"))
            .with(":leased_to", number(self.leased_to))
            .with(":roster_to", number(self.roster_to))
            .with(":roster_root", bytes(&self.roster_root.0));
        for (name, value) in read.into_iter().filter(|(_, value)| *value > 0) {
            write = write.with(&format!(":{name}_read"), number(value));
        }
        match self.pool_size {
            Some(pool_size) => write.with(":pool_size", number(pool_size)),
            None => write,
        }
    }
}

fn write_block(performance: PerformanceId, block: &Block) -> Write {
    let leaves: Vec<u8> = block.leaves.iter().flat_map(|leaf| leaf.0).collect();
    let item = Item::from([("leaves".to_owned(), bytes(&leaves))]);
    Write::put(Key::roster_block(performance, block.first), item).only_if(ABSENT)
}

fn read_block(block: &Item) -> Result<Block, StoreError> {
    let first = item::text_of(block, "sk").and_then(keys::first_entry_of);
    let leaves = item::bytes_of(block, "leaves").map(<[u8]>::as_chunks);
    match (first, leaves) {
        (Some(first), Some((leaves, []))) => {
            Ok(Block { first, leaves: leaves.iter().copied().map(Digest).collect() })
        }
        _ => Err(item::unreadable("a block of a roster")),
    }
}

fn read_inside(inside: &Item) -> Result<(UserId, u64), StoreError> {
    let user = item::text_of(inside, "sk").and_then(|user| user.parse().ok());
    user.zip(item::number_of(inside, "ends_at_ms")).ok_or_else(|| item::unreadable("a person inside"))
}

fn digest_of(item: &Item, name: &str) -> Result<Option<Digest>, StoreError> {
    let Some(bytes) = item::bytes_of(item, name) else { return Ok(None) };
    let digest = bytes.try_into().map_err(|_| item::unreadable(&format!("{name} of a queue")))?;
    Ok(Some(Digest(digest)))
}

fn timestamp(ms: u64) -> Result<Timestamp, StoreError> {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.ok_or_else(|| item::unreadable("the end of a session"))
}

fn moved_too_often() -> StoreError {
    StoreError::unavailable(STORE, "the marks of the queue moved too often")
}
