//! The same story, told to the model of the waiting room and to Redis, ends the same.
//!
//! Redis has its own clock, so the story moves on a grid of real time, and every window ends between two of its lines.
//! A story that fell behind its grid (a busy machine) proves nothing and is told no further.

use crate::redis_store::{FAST, Fixture, a_performance, user};
use domain::queue::{Flow, PlaceState, Session, WaitingRoom as Model};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use shared::{
    adapters::redis::RedisStore,
    ports::{ClaimError, WaitingRoom as _},
};
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep_until};

const GRID_MS: u64 = 100;
/// How late an event may be, so that no window has ended that had not on the grid.
const LATE_MAX: Duration = Duration::from_millis(40);
const STORIES: usize = 24;
const PEOPLE: u128 = 6;

const FLOW: Flow = Flow { cap: 2, call_window_ms: 150, heartbeat_ms: 250, session_ms: 650, ..FAST };

#[derive(Debug, Clone)]
enum Event {
    Join(u128),
    Tick,
    Claim(u128),
    Renew(u128),
    Leave(u128),
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (0..PEOPLE).prop_map(Event::Join),
        2 => Just(Event::Tick),
        4 => (0..PEOPLE).prop_map(Event::Claim),
        2 => (0..PEOPLE).prop_map(Event::Renew),
        1 => (0..PEOPLE).prop_map(Event::Leave),
        3 => (1..4u64).prop_map(Event::Wait),
    ]
}

#[tokio::test]
async fn redis_tells_the_models_story() {
    let fixture = Fixture::start().await;
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let tellings = (0..STORIES).map(|_| {
        let events = prop::collection::vec(event(), 60).new_tree(&mut runner).expect("some events");
        tell(&fixture.store, events.current())
    });
    let compared: usize = join_all(tellings).await.into_iter().sum();
    assert!(compared > 0, "no event kept its time");
}

/// How many events were compared.
async fn tell(store: &RedisStore, events: Vec<Event>) -> usize {
    let mut told = Story {
        store,
        performance: a_performance(),
        model: Model::default(),
        numbers: HashMap::new(),
        sessions: HashMap::new(),
    };
    // The first step makes the performance, which takes its time.
    store.status(told.performance, &FLOW).await.expect("asked");
    told.model.tick(&FLOW, 0);
    let (start, mut now_ms) = (Instant::now(), 0);
    for (at, event) in events.iter().enumerate() {
        if let Event::Wait(steps) = event {
            now_ms += steps * GRID_MS;
        }
        let due = start + Duration::from_millis(now_ms);
        sleep_until(due).await;
        let outcome = told.step(event, now_ms).await;
        if due.elapsed() > LATE_MAX {
            return at;
        }
        let (model, redis) = outcome;
        assert_eq!(model, redis, "event {at} at {now_ms} ms of {events:#?}");
    }
    events.len()
}

struct Story<'a> {
    store: &'a RedisStore,
    performance: domain::PerformanceId,
    model: Model,
    numbers: HashMap<u128, u64>,
    sessions: HashMap<u128, Session>,
}

impl Story<'_> {
    /// What the model says, and what Redis says.
    async fn step(&mut self, event: &Event, now_ms: u64) -> (String, String) {
        let (store, performance) = (self.store, self.performance);
        match event {
            Event::Join(n) => {
                let model = self.model.join(user(*n), now_ms);
                let (redis, _) = store.join(performance, user(*n), None, &FLOW).await.expect("joined");
                self.numbers.insert(*n, model.number);
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Tick | Event::Wait(_) => {
                let model = self.model.tick(&FLOW, now_ms);
                let redis = store.status(performance, &FLOW).await.expect("asked");
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Claim(n) => self.claim(*n, now_ms).await,
            Event::Renew(n) => {
                let Some(session) = self.sessions.get(n).copied() else { return Default::default() };
                let model = self.model.renew(user(*n), &FLOW, now_ms);
                let redis = store.renew(performance, user(*n), session, &FLOW).await.expect("asked");
                self.sessions.extend(redis.map(|session| (*n, session)));
                (format!("{}", model.is_some()), format!("{}", redis.is_some()))
            }
            Event::Leave(n) => {
                if self.numbers.contains_key(n) {
                    self.model.leave(user(*n));
                    store.leave(performance, user(*n)).await.expect("left");
                }
                Default::default()
            }
        }
    }

    async fn claim(&mut self, n: u128, now_ms: u64) -> (String, String) {
        let Some(number) = self.numbers.get(&n).copied() else { return Default::default() };
        let model = match self.model.claim(user(n), &FLOW, now_ms) {
            Ok(_) => "inside".to_owned(),
            Err(Some(place)) if matches!(place.state, PlaceState::Waiting | PlaceState::Called) => {
                format!("{place:?}")
            }
            Err(_) => "lapsed".to_owned(),
        };
        let redis = match self.store.claim(self.performance, user(n), number, &FLOW).await {
            Ok((session, _)) => {
                self.sessions.insert(n, session);
                "inside".to_owned()
            }
            Err(ClaimError::NotYet(place)) => format!("{place:?}"),
            Err(ClaimError::Lapsed) => "lapsed".to_owned(),
            Err(ClaimError::Store(error)) => panic!("{error}"),
        };
        (model, redis)
    }
}
