//! The state of a function: services, and every port behind a trait object. Making it opens no socket and reads
//! nothing. Each adapter connects when it is first used, so that a cold start pays only for what it uses.

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
        Books, BringBack, Clock, Health, Houses, Ids, Outbox, PaymentProvider, Programme, QueueBooks,
        RateLimits, Recovery, Replies, SaleHistory, SeatLocks, Sessions, Tallies, Users, WaitingRoom,
    },
    services::{
        availability::Availability, catalog::Catalog, challenges::Challenges, history::SaleRecorder,
        oversell_guard::OversellGuard, passwords::Passwords, projector::Projector, seat_maps::SeatMaps,
        second_look::SecondLook, settlement::Settlement, tokens::Tokens,
    },
};
use axum::extract::FromRef;
pub use macros::FromApp;
use room::{Rebuilder, Room};
use std::sync::Arc;

/// All that a handler may ask for as its `State`. No two fields have the same type: the type names the part.
#[derive(Clone, FromRef)]
pub struct App {
    pub clock: Arc<dyn Clock>,
    /// New ids and secrets.
    pub ids: Arc<dyn Ids>,
    pub limits: Limits,
    /// Signs tokens, and verifies and remembers them.
    pub tokens: Arc<Tokens>,
    pub challenges: Challenges,
    pub passwords: Passwords,
    pub users: Arc<dyn Users>,
    pub sessions: Arc<dyn Sessions>,
    /// Shows, performances and layouts.
    pub programme: Arc<dyn Programme>,
    /// The organizers' libraries of seat plans.
    pub houses: Arc<dyn Houses>,
    /// The programme as buyers see it, remembered for a second.
    pub catalog: Arc<Catalog>,
    /// What decides every sale.
    pub books: Arc<dyn Books>,
    /// What the books have of a performance beside its bookings.
    pub recovery: Arc<dyn Recovery>,
    pub locks: Arc<dyn SeatLocks>,
    /// Seat maps, remembered for a moment.
    pub maps: Arc<SeatMaps>,
    /// Projects to the maps what the books decided.
    pub projector: Projector,
    /// Compares what the maps refuse with the books.
    pub second_look: SecondLook,
    /// Looks for seats that were sold twice.
    pub oversell_guard: OversellGuard,
    /// Events that are committed and not yet told.
    pub outbox: Arc<dyn Outbox>,
    /// Seats left, remembered for a moment.
    pub availability: Arc<Availability>,
    pub room: Arc<dyn WaitingRoom>,
    pub rates: Arc<dyn RateLimits>,
    /// Answers kept for idempotency keys.
    pub replies: Arc<dyn Replies>,
    pub provider: Arc<dyn PaymentProvider>,
    /// Brings payments to their end.
    pub settlement: Settlement,
    /// The history of sales, a point a minute.
    pub history: Arc<dyn SaleHistory>,
    /// Writes it.
    pub recorder: SaleRecorder,
    pub health: StoreHealth,
}

/// Whether each store is reachable.
#[derive(Clone)]
pub struct StoreHealth {
    pub dynamodb: Arc<dyn Health>,
    pub redis: Arc<dyn Health>,
}

impl App {
    /// The app on real systems; it is not connected to any yet.
    ///
    /// # Errors
    /// A setting is malformed.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        Self::with_clock(config, Arc::new(SystemClock))
    }

    /// The same with another clock than the machine's. The steps in Redis still go by Redis's own clock.
    ///
    /// # Errors
    /// A setting is malformed.
    pub fn with_clock(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let relay = config.relay_url.as_deref().map(|url| Arc::new(HttpRelay::new(url)));
        Self::waking(config, clock, relay.map(|relay| Waker::of(relay)).unwrap_or_default())
    }

    /// The same with another way to wake `relay`.
    ///
    /// # Errors
    /// A setting is malformed.
    pub fn waking(config: &Config, clock: Arc<dyn Clock>, waker: Waker) -> Result<Self, ConfigError> {
        let ids: Arc<dyn Ids> = Arc::new(RandomIds::default());
        let dynamo = Arc::new(DynamoStore::new(config.dynamodb.clone()).waking(waker));
        let recovery: Arc<dyn Recovery> = Arc::clone(&dynamo) as _;
        let queue_books: Arc<dyn QueueBooks> = Arc::clone(&dynamo) as _;
        let redis = Arc::new(RedisStore::new(&config.redis_url));
        let time = TokioTime::new(Arc::clone(&clock));
        let rebuilder =
            Rebuilder::new(Arc::clone(&redis), Arc::clone(&queue_books), Arc::clone(&recovery), time.clone());
        let back: Arc<dyn BringBack> = Arc::new(Rebuilds::new(rebuilder));
        let fast = Arc::new(RedisLocks::new(Arc::clone(&redis), Arc::clone(&back)));
        let (locks, tallies): (Arc<dyn SeatLocks>, Arc<dyn Tallies>) = (Arc::clone(&fast) as _, fast);
        let history: Arc<dyn SaleHistory> = Arc::clone(&dynamo) as _;
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
            passwords: Passwords::default(),
            maps: Arc::new(SeatMaps::new(Arc::clone(&locks))),
            availability: Arc::new(Availability::new(Arc::clone(&locks))),
            second_look: SecondLook::new(Arc::clone(&books), projector.clone(), Arc::clone(&clock)),
            oversell_guard: OversellGuard::new(Arc::clone(&books)),
            outbox: Arc::clone(&dynamo) as _,
            recovery,
            locks,
            room: Arc::new(Room::new(Arc::clone(&redis), queue_books, back, time)),
            rates: Arc::clone(&redis) as _,
            replies: Arc::clone(&dynamo) as _,
            projector,
            settlement: Settlement::new(Arc::clone(&books), Arc::clone(&provider), Arc::clone(&clock)),
            recorder: SaleRecorder::new(Arc::clone(&programme), tallies, Arc::clone(&history)),
            history,
            programme,
            houses: Arc::clone(&dynamo) as _,
            books,
            provider,
            health: StoreHealth { dynamodb: dynamo, redis },
            clock,
            ids,
        })
    }
}
