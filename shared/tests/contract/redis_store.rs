//! A test's own Redis, with books in memory.

use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Digest, Draw},
    layout::SeatIndex,
    queue::{Flow, Gathering, QueueMarks},
    seat::SeatRecord,
};
use jiff::{SignedDuration, Timestamp};
use room::{Rebuilder, Room};
use secrecy::SecretString;
use shared::{
    adapters::{
        redis::{Rebuilds, RedisLocks, RedisStore},
        system::TokioTime,
    },
    ports::{BringBack, Clock, QueueBooks, Recovery, StoreError},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use stores::Redis;
use uuid::Uuid;

/// The adapters that one process has on its Redis.
pub(crate) struct Process {
    pub(crate) redis: Arc<RedisStore>,
    pub(crate) locks: RedisLocks,
    pub(crate) room: Room<RedisStore, TokioTime>,
}

/// A process on a fresh server.
pub(crate) struct Fixture {
    pub(crate) redis: Redis,
    pub(crate) books: Arc<FakeBooks>,
    pub(crate) store: Arc<Process>,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let redis = Redis::start(None).await.expect("redis-server is installed");
        let books = Arc::new(FakeBooks::default());
        let store = Arc::new(store(redis.url(), &books));
        Self { redis, books, store }
    }

    /// The adapter as used by another process.
    pub(crate) fn another(&self) -> Process {
        store(self.redis.url(), &self.books)
    }

    /// Makes Redis lose everything.
    pub(crate) async fn flush(&self) {
        ask::<()>(&self.redis, "FLUSHALL").await;
    }

    /// Sends a command behind the adapter's back.
    pub(crate) async fn tell(&self, command: &str) {
        self.ask::<redis::Value>(command).await;
    }

    /// The same, with its answer.
    pub(crate) async fn ask<T: redis::FromRedisValue>(&self, command: &str) -> T {
        ask(&self.redis, command).await
    }

    /// Makes Redis lose one performance.
    pub(crate) async fn forget(&self, performance: PerformanceId) {
        for key in self.keys_of(performance).await {
            self.tell(&format!("DEL {key}")).await;
        }
    }

    /// All keys of a performance.
    pub(crate) async fn keys_of(&self, performance: PerformanceId) -> Vec<String> {
        self.ask(&format!("KEYS y:{{{performance}}}*")).await
    }

    /// A replica that has everything up to now, and nothing that comes later.
    pub(crate) async fn replica_that_hears_no_more(&self) -> Redis {
        let replica = Redis::start(None).await.expect("another Redis");
        let port = self.redis.url().rsplit(':').next().expect("a port");
        ask::<()>(&replica, &format!("REPLICAOF 127.0.0.1 {port}")).await;
        let offset = |info: &str| {
            let line = info.lines().find_map(|line| line.strip_prefix("master_repl_offset:"));
            line.map(str::to_owned)
        };
        loop {
            let theirs: String = ask(&replica, "INFO replication").await;
            let ours: String = ask(&self.redis, "INFO replication").await;
            if theirs.contains("master_link_status:up") && offset(&theirs) == offset(&ours) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        ask::<()>(&replica, "REPLICAOF NO ONE").await;
        replica
    }

    /// Sends every client to another server from now on.
    pub(crate) fn promote(&mut self, replica: Redis) {
        self.store = Arc::new(store(replica.url(), &self.books));
        self.redis = replica;
    }
}

async fn ask<T: redis::FromRedisValue>(redis: &Redis, command: &str) -> T {
    let client = redis::Client::open(redis.url()).expect("a url");
    let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
    let mut words = command.split(' ');
    let mut command = redis::cmd(words.next().expect("a word"));
    for word in words {
        command.arg(word);
    }
    command.query_async(&mut connection).await.expect("an answer")
}

pub(crate) fn store(url: &str, books: &Arc<FakeBooks>) -> Process {
    let redis = Arc::new(RedisStore::new(&SecretString::from(url)));
    let (recovery, queue_books) = (Arc::<FakeBooks>::clone(books), Arc::<FakeBooks>::clone(books));
    let time = TokioTime::new(Arc::new(WallClock));
    let rebuilder =
        Rebuilder::new(Arc::clone(&redis), Arc::<FakeBooks>::clone(books), recovery, time.clone());
    let back: Arc<dyn BringBack> = Arc::new(Rebuilds::new(rebuilder));
    let locks = RedisLocks::new(Arc::clone(&redis), Arc::clone(&back));
    let room = Room::new(Arc::clone(&redis), queue_books, back, time);
    Process { redis, locks, room }
}

/// A flow whose rate is never the limit.
pub(crate) const FAST: Flow = Flow {
    cap: 3,
    rate_per_min: 6_000_000,
    calling: true,
    paused: false,
    gathering: Gathering::Never,
    call_window_ms: 30_000,
    session_ms: 600_000,
    heartbeat_ms: 60_000,
};

pub(crate) fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

/// A performance that no other test uses.
pub(crate) fn a_performance() -> PerformanceId {
    PerformanceId(a_uuid())
}

pub(crate) fn a_uuid() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 64)
}

struct WallClock;

impl Clock for WallClock {
    #[allow(clippy::disallowed_methods, reason = "this is the port's implementation")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What survives a loss, in memory.
#[derive(Default)]
pub(crate) struct FakeBooks {
    performances: Mutex<HashMap<PerformanceId, Kept>>,
}

#[derive(Default, Clone)]
pub(crate) struct Kept {
    pub(crate) marks: QueueMarks,
    pub(crate) seats: HashMap<SeatIndex, SeatRecord>,
    pub(crate) read: u32,
    /// User → when they were admitted, and until when.
    pub(crate) inside: HashMap<UserId, (u64, u64)>,
    pub(crate) roster: Vec<Block>,
    pub(crate) draw: Option<Draw>,
    pub(crate) ends_at: Option<Timestamp>,
    leased_until: Timestamp,
}

impl FakeBooks {
    pub(crate) fn with<T>(&self, performance: PerformanceId, f: impl FnOnce(&mut Kept) -> T) -> T {
        f(self.performances.lock().expect("no panic").entry(performance).or_default())
    }

    /// A process begins a rebuild and is not heard of again.
    pub(crate) fn begin_and_die(&self, performance: PerformanceId) {
        self.with(performance, |kept| kept.leased_until = Timestamp::MAX);
    }

    /// Another rebuild may begin at once.
    pub(crate) fn end_lease(&self, performance: PerformanceId) {
        self.with(performance, |kept| kept.leased_until = Timestamp::UNIX_EPOCH);
    }
}

#[async_trait]
impl Recovery for FakeBooks {
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<QueueMarks>, StoreError> {
        tokio::task::yield_now().await;
        Ok(self.with(performance, |kept| {
            if kept.leased_until > now {
                return None;
            }
            kept.leased_until = now + SignedDuration::from_secs(lease_s);
            kept.marks.epoch += 1;
            Some(kept.marks)
        }))
    }

    async fn ends_at(&self, performance: PerformanceId) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.with(performance, |kept| kept.ends_at))
    }

    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError> {
        self.with(performance, |kept| {
            if kept.marks.epoch == epoch {
                kept.leased_until = Timestamp::UNIX_EPOCH;
            }
        });
        Ok(())
    }

    async fn seats(&self, performance: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError> {
        Ok(self.with(performance, |kept| {
            kept.read += 1;
            kept.seats.clone().into_iter().collect()
        }))
    }
}

/// The seed of every draw here.
pub(crate) const SEED: Digest = Digest([7; 32]);

#[async_trait]
impl QueueBooks for FakeBooks {
    async fn lease_numbers(
        &self,
        performance: PerformanceId,
        count: u64,
        full: Option<&Block>,
    ) -> Result<u64, StoreError> {
        tokio::task::yield_now().await;
        Ok(self.with(performance, |kept| {
            let written_to = kept.roster.last().map_or(0, Block::last);
            let unwritten = full.map(|full| full.after(written_to));
            if unwritten != Some(None) {
                kept.roster.extend(unwritten.flatten());
                kept.marks.leased_to += count;
            }
            kept.marks.leased_to
        }))
    }

    async fn lease_calls(&self, performance: PerformanceId, called_to: u64) -> Result<u64, StoreError> {
        tokio::task::yield_now().await;
        Ok(self.with(performance, |kept| {
            kept.marks.called_to = kept.marks.called_to.max(called_to);
            kept.marks.called_to
        }))
    }

    async fn enter(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        ends_at_ms: u64,
    ) -> Result<(), StoreError> {
        self.with(performance, |kept| kept.inside.insert(user, (at_ms, ends_at_ms)));
        Ok(())
    }

    async fn depart(&self, performance: PerformanceId, user: UserId, at_ms: u64) -> Result<(), StoreError> {
        self.with(performance, |kept| {
            if kept.inside.get(&user).is_some_and(|(entered_at_ms, _)| *entered_at_ms <= at_ms) {
                kept.inside.remove(&user);
            }
        });
        Ok(())
    }

    async fn inside(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Vec<(UserId, u64)>, StoreError> {
        let now_ms = u64::try_from(now.as_millisecond()).expect("after 1970");
        Ok(self.with(performance, |kept| {
            let inside = kept.inside.iter().map(|(user, (_, ends_at_ms))| (*user, *ends_at_ms));
            inside.filter(|(_, ends_at_ms)| *ends_at_ms > now_ms).collect()
        }))
    }

    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError> {
        Ok(self.with(performance, |kept| kept.draw))
    }

    async fn make_draw(
        &self,
        performance: PerformanceId,
        pool_size: u64,
        last: Option<&Block>,
    ) -> Result<Draw, StoreError> {
        tokio::task::yield_now().await;
        Ok(self.with(performance, |kept| {
            *kept.draw.get_or_insert_with(|| {
                kept.roster.extend(last.cloned());
                kept.marks.pool_size = Some(pool_size);
                Draw { commitment: Digest([0; 32]), roster_root: Digest([1; 32]), pool_size, seed: SEED }
            })
        }))
    }

    async fn roster(&self, performance: PerformanceId) -> Result<Vec<Block>, StoreError> {
        Ok(self.with(performance, |kept| kept.roster.clone()))
    }
}
