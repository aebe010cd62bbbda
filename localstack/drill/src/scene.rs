//! What all buyers share: where Yemae answers, what is sold, and their diary. And the sale itself: buyers who come steadily.

use crate::{
    DrillResult,
    buyer::{self, Intent},
    client::BuyerClient,
    diary::Diary,
};
use jiff::SignedDuration;
use shared::{adapters::system::RandomIds, ports::Ids as _};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{Instant, interval, timeout},
};
use uuid::Uuid;

/// Rows of the house, and the seats of each.
pub(crate) const ROWS: u32 = 60;
pub(crate) const SEATS_A_ROW: u32 = 25;
/// More buyers at once than this would no longer be a small sale.
const AT_ONCE_MAX: usize = 25;
/// How many queue at the second sale.
const QUEUE: usize = 4;

/// A sale and its buyers' common knowledge.
pub(crate) struct Scene {
    base: String,
    /// Where buyers get in at once.
    pub(crate) performance: String,
    /// Where the queue moves by one buyer every two seconds.
    pub(crate) slow_performance: String,
    pub(crate) diary: Arc<Diary>,
    http: reqwest::Client,
    ids: RandomIds,
    turn: AtomicU64,
    /// How far the clocks of every second new buyer are off, seconds; the others' are as far off the other way.
    pub(crate) clocks_off_s: AtomicI64,
    /// How many buyers come at a time.
    pub(crate) at_a_time: AtomicUsize,
    over: AtomicBool,
}

impl Scene {
    pub(crate) fn new(base: String, performance: String, slow_performance: String) -> DrillResult<Self> {
        Ok(Self {
            base,
            performance,
            slow_performance,
            diary: Arc::default(),
            http: reqwest::Client::builder().no_proxy().build()?,
            ids: RandomIds::default(),
            turn: AtomicU64::new(0),
            clocks_off_s: AtomicI64::new(0),
            at_a_time: AtomicUsize::new(1),
            over: AtomicBool::new(false),
        })
    }

    pub(crate) fn uuid(&self) -> Uuid {
        self.ids.uuid()
    }

    /// A client of a new buyer.
    pub(crate) fn client(&self, deadline: Instant) -> BuyerClient {
        let off_s = self.clocks_off_s.load(Ordering::Relaxed);
        let off_s = if self.ids.dice().is_multiple_of(2) { off_s } else { -off_s };
        let ahead = SignedDuration::from_secs(off_s);
        BuyerClient::new(&self.base, &self.http, Arc::clone(&self.diary), ahead, deadline)
    }

    /// One or two named seats for a first try; after that the best seats are asked for.
    pub(crate) fn some_seats(&self, attempt: u32) -> Option<Vec<String>> {
        if attempt > 0 {
            return None;
        }
        let dice = self.ids.dice();
        let seat = dice / 7 % u64::from(SEATS_A_ROW) + 1;
        let row = dice % u64::from(ROWS) + 1;
        let next = (seat < u64::from(SEATS_A_ROW) && dice.is_multiple_of(3)).then_some(seat + 1);
        let seats = [Some(seat), next].into_iter().flatten();
        Some(seats.map(|seat| format!("A-{row}-{seat}")).collect())
    }

    /// The address of Yemae's front.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn next_intent(&self) -> Intent {
        Intent::of(self.turn.fetch_add(1, Ordering::Relaxed))
    }
}

/// A sale to which a buyer comes every so often.
pub(crate) struct SteadySale {
    scene: Arc<Scene>,
    buyers: JoinHandle<JoinSet<()>>,
}

impl SteadySale {
    /// Opens it to a buyer `every` so often.
    pub(crate) fn open(scene: &Arc<Scene>, every: Duration) -> Self {
        Self { scene: Arc::clone(scene), buyers: tokio::spawn(come(Arc::clone(scene), every)) }
    }

    /// Lets no more buyers come, and waits for those who are there.
    pub(crate) async fn close(self) -> DrillResult<()> {
        self.scene.over.store(true, Ordering::Relaxed);
        let mut buyers = self.buyers.await?;
        let all = async { while buyers.join_next().await.is_some() {} };
        let ended = timeout(buyer::PATIENCE + Duration::from_mins(1), all).await;
        ended.map_err(|_| "buyers did not come to an end".into())
    }
}

async fn come(scene: Arc<Scene>, every: Duration) -> JoinSet<()> {
    let mut buyers = JoinSet::new();
    for _ in 0..QUEUE {
        let scene = Arc::clone(&scene);
        buyers.spawn(async move {
            let performance = scene.slow_performance.clone();
            if let Err(why) = buyer::queue_again_and_again(&scene, &performance).await {
                buyer::note(&scene.diary, Err(why));
            }
        });
    }
    let mut clock = interval(every);
    while !scene.is_over() {
        clock.tick().await;
        let room = AT_ONCE_MAX.saturating_sub(buyers.len());
        for _ in 0..room.min(scene.at_a_time.load(Ordering::Relaxed)) {
            let scene = Arc::clone(&scene);
            buyers.spawn(async move { one(&scene).await });
        }
        while buyers.try_join_next().is_some() {}
    }
    buyers
}

/// One buyer of the first sale.
pub(crate) async fn one(scene: &Arc<Scene>) {
    let intent = scene.next_intent();
    let ended = buyer::journey(scene, &scene.performance, intent).await;
    buyer::note(&scene.diary, ended);
}

/// A buyer who pays, to find out when a whole journey succeeds again.
pub(crate) async fn probe(scene: Arc<Scene>) {
    let ended = buyer::journey(&scene, &scene.performance, Intent::Pays).await;
    buyer::note(&scene.diary, ended);
}
