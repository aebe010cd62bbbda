//! The same story, told to the model of the waiting room and to Redis, ends the same.
//!
//! Redis has its own clock, so the story moves on a grid of real time, and every window ends between two of its lines.
//! A story that fell behind its grid (a busy machine) proves nothing and is told no further.

use crate::redis_store::{FAST, Fixture, a_performance, user};
use domain::queue::{
    Flow, Given, Place, PlaceState, RoomStatus, Standing, WaitingRoom as Model, Wants, numbers_per_lease,
};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use shared::{
    adapters::redis::RedisStore,
    ports::{ClaimError, PlaceError, WaitingRoom as _},
};
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep_until};

const GRID_MS: u64 = 100;
/// When the model's story begins: a clock does not begin at 0.
const BASE_MS: u64 = 1_000_000_000;
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
    Look(u128),
    Brake,
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (0..PEOPLE).prop_map(Event::Join),
        2 => Just(Event::Tick),
        4 => (0..PEOPLE).prop_map(Event::Claim),
        2 => (0..PEOPLE).prop_map(Event::Renew),
        1 => (0..PEOPLE).prop_map(Event::Leave),
        2 => (0..PEOPLE).prop_map(Event::Look),
        1 => Just(Event::Brake),
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
        leased_to: 0,
        numbers: HashMap::new(),
    };
    // The first step makes the performance, which takes its time.
    store.status(told.performance, &FLOW).await.expect("asked");
    told.status(BASE_MS);
    let (start, mut now_ms) = (Instant::now(), BASE_MS);
    for (at, event) in events.iter().enumerate() {
        if let Event::Wait(steps) = event {
            now_ms += steps * GRID_MS;
        }
        let due = start + Duration::from_millis(now_ms - BASE_MS);
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
    leased_to: u64,
    numbers: HashMap<u128, Standing>,
}

impl Story<'_> {
    /// What the model says, and what Redis says.
    async fn step(&mut self, event: &Event, now_ms: u64) -> (String, String) {
        let (store, performance) = (self.store, self.performance);
        match event {
            Event::Join(n) => {
                let model = self.join(*n, now_ms);
                let (redis, _) = store.join(performance, user(*n), None, &FLOW).await.expect("joined");
                self.numbers.insert(*n, model.standing);
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Tick | Event::Wait(_) => {
                let model = self.status(now_ms);
                let redis = store.status(performance, &FLOW).await.expect("asked");
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Look(n) => {
                let Some(held) = self.numbers.get(n).copied() else { return Default::default() };
                let model = loop {
                    let asked = self.model.place(user(*n), held, &FLOW, now_ms);
                    let (place, notes) = asked.expect("nothing is wanted");
                    let is_worth = place.is_ok_and(|place| place.is_some_and(is_waiting));
                    if !self.lease(notes.calls_to) || !is_worth {
                        break place;
                    }
                };
                let redis = match store.place(performance, user(*n), held, &FLOW).await {
                    Ok(place) => Ok(Some(place)),
                    // Milliseconds differ.
                    Err(PlaceError::Hasty { .. }) => Err(0),
                    Err(PlaceError::Store(error)) => panic!("{error}"),
                };
                (format!("{:?}", model.map_err(|_| 0)), format!("{redis:?}"))
            }
            Event::Claim(n) => self.claim(*n, now_ms).await,
            Event::Renew(n) => {
                let model = self.model.renew(user(*n), &FLOW, now_ms);
                let redis = store.renew(performance, user(*n), &FLOW).await.expect("asked");
                (format!("{}", model.is_some()), format!("{}", redis.is_some()))
            }
            Event::Leave(n) => {
                if let Some(held) = self.numbers.get(n).copied() {
                    self.model.leave(user(*n), Some(held));
                    store.leave(performance, user(*n), Some(held)).await.expect("left");
                }
                Default::default()
            }
            Event::Brake => {
                self.model.brake(now_ms);
                store.brake(performance).await.expect("asked");
                Default::default()
            }
        }
    }

    fn join(&mut self, n: u128, now_ms: u64) -> Place {
        loop {
            match self.model.join(user(n), None, &FLOW, now_ms) {
                Ok((place, _)) => return place,
                Err(Wants::Numbers { .. }) => {
                    self.leased_to += numbers_per_lease(self.leased_to);
                    self.model.numbers_leased(self.leased_to, 0);
                }
                Err(wants) => panic!("{wants:?}"),
            }
        }
    }

    fn status(&mut self, now_ms: u64) -> RoomStatus {
        loop {
            let (status, notes) = self.model.status(&FLOW, now_ms).expect("nothing is wanted");
            if !self.lease(notes.calls_to) {
                return status;
            }
        }
    }

    fn lease(&mut self, calls_to: Option<u64>) -> bool {
        calls_to.inspect(|called_to| self.model.calls_leased(*called_to)).is_some()
    }

    async fn claim(&mut self, n: u128, now_ms: u64) -> (String, String) {
        let Some(held) = self.numbers.get(&n).copied() else { return Default::default() };
        let model = loop {
            let (given, notes) = self.model.claim(user(n), held, &FLOW, now_ms).expect("nothing is wanted");
            let is_worth = matches!(given, Given::NotYet(place) if is_waiting(place));
            if !self.lease(notes.calls_to) || !is_worth {
                break given;
            }
        };
        let model = match model {
            Given::Inside(_, is_new) => format!("inside {is_new}"),
            Given::NotYet(place) => format!("{place:?}"),
            Given::Lapsed => "lapsed".to_owned(),
        };
        let redis = match self.store.claim(self.performance, user(n), held, &FLOW).await {
            Ok((_, is_new)) => format!("inside {is_new}"),
            Err(ClaimError::NotYet(place)) => format!("{place:?}"),
            Err(ClaimError::Lapsed) => "lapsed".to_owned(),
            Err(ClaimError::Store(error)) => panic!("{error}"),
        };
        (model, redis)
    }
}

fn is_waiting(place: Place) -> bool {
    place.state == PlaceState::Waiting
}
