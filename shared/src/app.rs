//! The state of a function: every port behind a trait object. Making one opens no socket and reads nothing; each
//! adapter connects when it is first used, so that a cold start pays only for what it uses.

use crate::{
    adapters::{
        dynamodb::DynamoStore,
        payment::HttpPaymentProvider,
        redis::{Rebuilds, RedisLocks, RedisStore},
        relay::HttpRelay,
        system::{RandomIds, SystemClock, TokioTime},
        waker::Waker,
    },
    config::{Config, ConfigError, Limits},
    ports::{
        Books, BringBack, Clock, Health, Ids, Outbox, PaymentProvider, Programme, QueueBooks, RateLimits,
        Recovery, Replies, SeatLocks, Sessions, Users, WaitingRoom,
    },
    services::{
        availability::Availability, catalog::Catalog, challenges::Challenges, passwords::Passwords,
        projector::Projector, seat_maps::SeatMaps, second_look::SecondLook, settlement::Settlement,
        tokens::Tokens,
    },
};
use axum::extract::FromRef;
pub use macros::FromApp;
use room::{Rebuilder, Room};
use std::sync::Arc;

/// Everything that a handler may ask for as its `State`. No two parts have one type: a type names a part.
#[derive(Clone, FromRef)]
pub struct App {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New names and secrets.
    pub ids: Arc<dyn Ids>,
    /// Times and limits.
    pub limits: Limits,
    /// Keys, and verified tokens.
    pub tokens: Arc<Tokens>,
    /// Proofs of work.
    pub challenges: Challenges,
    /// Password hashing.
    pub passwords: Passwords,
    /// Accounts.
    pub users: Arc<dyn Users>,
    /// Log-ins.
    pub sessions: Arc<dyn Sessions>,
    /// Shows, performances and layouts.
    pub programme: Arc<dyn Programme>,
    /// The same, remembered for a moment.
    pub catalog: Arc<Catalog>,
    /// What decides every sale.
    pub books: Arc<dyn Books>,
    /// Seat locks.
    pub locks: Arc<dyn SeatLocks>,
    /// Seat maps, remembered for a moment.
    pub maps: Arc<SeatMaps>,
    /// Keeps the maps true to the books.
    pub projector: Projector,
    /// Compares what the maps refuse with the books.
    pub second_look: SecondLook,
    /// What was committed and is still to be told.
    pub outbox: Arc<dyn Outbox>,
    /// Seats left, remembered for a moment.
    pub availability: Arc<Availability>,
    /// The queue.
    pub room: Arc<dyn WaitingRoom>,
    /// How often one may ask.
    pub rates: Arc<dyn RateLimits>,
    /// Answers that repeat.
    pub replies: Arc<dyn Replies>,
    /// The payment provider.
    pub provider: Arc<dyn PaymentProvider>,
    /// Brings payments to their end.
    pub settlement: Settlement,
    /// Whether the stores are reachable.
    pub health: StoreHealth,
}

/// Whether each store is reachable.
#[derive(Clone)]
pub struct StoreHealth {
    /// The books.
    pub dynamodb: Arc<dyn Health>,
    /// Locks and queue.
    pub redis: Arc<dyn Health>,
}

impl App {
    /// The app on real systems, not yet connected to any.
    ///
    /// # Errors
    /// Settings that are malformed.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        Self::with_clock(config, Arc::new(SystemClock))
    }

    /// The same at another time than the machine's; the steps in Redis go by Redis's clock all the same.
    ///
    /// # Errors
    /// Settings that are malformed.
    pub fn with_clock(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let relay = config.relay_url.as_deref().map(|url| Arc::new(HttpRelay::new(url)));
        Self::waking(config, clock, relay.map(|relay| Waker::of(relay)).unwrap_or_default())
    }

    /// The same with a `relay` that is woken in a way of its own.
    ///
    /// # Errors
    /// Settings that are malformed.
    pub fn waking(config: &Config, clock: Arc<dyn Clock>, waker: Waker) -> Result<Self, ConfigError> {
        let ids: Arc<dyn Ids> = Arc::new(RandomIds::default());
        let dynamo = Arc::new(DynamoStore::new(config.dynamodb.clone()).waking(waker));
        let recovery: Arc<dyn Recovery> = Arc::clone(&dynamo) as _;
        let queue_books: Arc<dyn QueueBooks> = Arc::clone(&dynamo) as _;
        let redis = Arc::new(RedisStore::new(&config.redis_url));
        let time = TokioTime::new(Arc::clone(&clock));
        let rebuilder = Rebuilder::new(Arc::clone(&redis), Arc::clone(&queue_books), recovery, time.clone());
        let back: Arc<dyn BringBack> = Arc::new(Rebuilds::new(rebuilder));
        let locks: Arc<dyn SeatLocks> = Arc::new(RedisLocks::new(Arc::clone(&redis), Arc::clone(&back)));
        let programme: Arc<dyn Programme> = Arc::clone(&dynamo) as _;
        let books: Arc<dyn Books> = Arc::clone(&dynamo) as _;
        let projector = Projector::new(Arc::clone(&locks), Arc::clone(&books));
        let tokens = Arc::new(Tokens::from_config(config)?);
        let provider: Arc<dyn PaymentProvider> = Arc::new(HttpPaymentProvider::new(&config.payment_url));
        Ok(Self {
            limits: config.limits,
            challenges: Challenges::new(Arc::clone(&tokens)),
            tokens,
            users: Arc::clone(&dynamo) as _,
            sessions: Arc::clone(&dynamo) as _,
            catalog: Arc::new(Catalog::new(Arc::clone(&programme), Arc::clone(&clock), config.limits)),
            programme,
            passwords: Passwords::default(),
            maps: Arc::new(SeatMaps::new(Arc::clone(&locks))),
            availability: Arc::new(Availability::new(Arc::clone(&locks))),
            second_look: SecondLook::new(Arc::clone(&books), projector.clone(), Arc::clone(&clock)),
            outbox: Arc::clone(&dynamo) as _,
            locks,
            room: Arc::new(Room::new(Arc::clone(&redis), queue_books, back, time)),
            rates: Arc::clone(&redis) as _,
            replies: Arc::clone(&dynamo) as _,
            projector,
            settlement: Settlement::new(Arc::clone(&books), Arc::clone(&provider), Arc::clone(&clock)),
            books,
            provider,
            health: StoreHealth { dynamodb: dynamo, redis },
            clock,
            ids,
        })
    }
}
