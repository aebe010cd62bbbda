//! The same story, told to the model of the waiting room and to Redis, has the same end.
//!
//! In the middle of it Redis forgets everything, and people come with the ticket of any of their devices, or with none.
//!
//! Redis has its own clock, so the story moves on a grid of real time, and every window ends between two of its lines. A
//! story that fell behind its grid (on a busy machine) proves nothing and is abandoned; so is one that lasts until the speed
//! of calls is measured, which depends on each millisecond.

use crate::redis_store::{FAST, Fixture, Process, a_performance, user};
use domain::{
    UserId,
    queue::{
        Calls, Flow, Given, MEASURE_MS, Place, PlaceState, QueueMarks, RoomModel as Model, RoomStatus,
        SETTLE_MS, Standing, Unwritten, Wants, numbers_per_lease,
    },
};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use shared::ports::{ClaimError, PlaceError, WaitingRoom as _};
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep_until};

const GRID_MS: u64 = 100;
/// When the model's story begins, since no clock begins at 0.
const BASE_MS: u64 = 1_000_000_000;
/// How late an event may be, so that no window has ended that would still be open on the grid.
const LATE_MAX: Duration = Duration::from_millis(40);
const STORIES: usize = 24;
const PEOPLE: u128 = 6;

const FLOW: Flow = Flow { cap: 2, call_window_ms: 150, heartbeat_ms: 250, session_ms: 650, ..FAST };

#[derive(Debug, Clone)]
enum Event {
    Join(u128, Device),
    Tick,
    Claim(u128, Device),
    Renew(u128),
    Leave(u128, Device),
    Look(u128, Device),
    Brake,
    Wait(u64),
    /// Redis loses everything.
    Forget,
}

/// The ticket that an account shows: one of its devices has it.
#[derive(Debug, Clone, Copy)]
enum Device {
    First,
    Latest,
    New,
}

fn device() -> impl Strategy<Value = Device> {
    prop_oneof![3 => Just(Device::First), 3 => Just(Device::Latest), 2 => Just(Device::New)]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..PEOPLE, device()).prop_map(|(n, device)| Event::Join(n, device)),
        4 => Just(Event::Tick),
        8 => (0..PEOPLE, device()).prop_map(|(n, device)| Event::Claim(n, device)),
        4 => (0..PEOPLE).prop_map(Event::Renew),
        2 => (0..PEOPLE, device()).prop_map(|(n, device)| Event::Leave(n, device)),
        5 => (0..PEOPLE, device()).prop_map(|(n, device)| Event::Look(n, device)),
        2 => Just(Event::Brake),
        6 => (1..4u64).prop_map(Event::Wait),
        2 => Just(Event::Forget),
        // Until calls go on after that.
        1 => Just(Event::Wait(SETTLE_MS / GRID_MS + 1)),
    ]
}

#[tokio::test]
async fn redis_tells_the_models_story() {
    let fixture = Fixture::start().await;
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let tellings = (0..STORIES).map(|_| {
        let events = prop::collection::vec(event(), 60).new_tree(&mut runner).expect("some events");
        tell(&fixture, events.current())
    });
    let compared: usize = join_all(tellings).await.into_iter().sum();
    assert!(compared > 0, "no event kept its time");
}

/// Tells the story and returns how many events were compared.
async fn tell(fixture: &Fixture, events: Vec<Event>) -> usize {
    let store = &*fixture.store;
    let mut told = Story {
        fixture,
        store,
        performance: a_performance(),
        model: Model::default(),
        marks: QueueMarks { epoch: 1, ..QueueMarks::default() },
        inside: HashMap::new(),
        tickets: HashMap::new(),
    };
    // The first step creates the performance, which takes a while.
    store.room.status(told.performance, &FLOW).await.expect("asked");
    told.status(BASE_MS);
    let (start, mut now_ms) = (Instant::now(), BASE_MS);
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Wait(steps) => now_ms += steps * GRID_MS,
            // Between two lines, so that the time to settle also ends between two, and after the windows that end there.
            Event::Forget => now_ms += GRID_MS * 3 / 4,
            _ => {}
        }
        if now_ms >= BASE_MS + MEASURE_MS {
            return at;
        }
        let due = start + Duration::from_millis(now_ms - BASE_MS);
        sleep_until(due).await;
        let outcome = told.step(event, now_ms).await;
        if due.elapsed() > LATE_MAX {
            return at;
        }
        let (model, redis) = outcome;
        assert_eq!(model, redis, "event {at} at {now_ms} ms of {events:#?}");
        if matches!(event, Event::Forget) {
            now_ms += GRID_MS / 4;
        }
    }
    events.len()
}

struct Story<'a> {
    fixture: &'a Fixture,
    store: &'a Process,
    performance: domain::PerformanceId,
    model: Model,
    /// What the books know: the marks, and until when the people inside may stay.
    marks: QueueMarks,
    inside: HashMap<UserId, u64>,
    tickets: HashMap<u128, Vec<Standing>>,
}

impl Story<'_> {
    /// The answers of the model and of Redis.
    async fn step(&mut self, event: &Event, now_ms: u64) -> (String, String) {
        let (store, performance) = (self.store, self.performance);
        match event {
            Event::Join(n, device) => {
                let held = self.ticket(*n, *device);
                let model = self.join(*n, held, now_ms);
                let (redis, _) = store.room.join(performance, user(*n), held, &FLOW).await.expect("joined");
                self.tickets.entry(*n).or_default().push(model.standing);
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Forget => {
                self.fixture.forget(performance).await;
                self.model = Model::default();
                self.marks.epoch += 1;
                let inside: Vec<_> = self.inside.iter().map(|(user, ends_at)| (*user, *ends_at)).collect();
                let inside: Vec<_> = inside.into_iter().filter(|(_, ends_at)| *ends_at > now_ms).collect();
                self.model.rebuild(&self.marks, &inside, now_ms);
                let model = self.status(now_ms);
                let redis = store.room.status(performance, &FLOW).await.expect("asked");
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Tick | Event::Wait(_) => {
                let model = self.status(now_ms);
                let redis = store.room.status(performance, &FLOW).await.expect("asked");
                (format!("{model:?}"), format!("{redis:?}"))
            }
            Event::Look(n, device) => {
                let Some(held) = self.ticket(*n, *device) else { return Default::default() };
                let model = loop {
                    let looked = self.model.place(user(*n), held, &FLOW, now_ms);
                    let place = looked.answer.expect("nothing is wanted");
                    self.depart(&looked.notes.departed);
                    let is_worth = place.is_ok_and(|place| place.is_some_and(is_waiting));
                    if !self.lease(looked.notes.calls) || !is_worth {
                        break place;
                    }
                };
                let redis = match store.room.place(performance, user(*n), held, &FLOW).await {
                    Ok(place) => Ok(Some(place)),
                    // Milliseconds differ.
                    Err(PlaceError::Hasty { .. }) => Err(0),
                    Err(PlaceError::Store(error)) => panic!("{error}"),
                };
                (format!("{:?}", model.map_err(|_| 0)), format!("{redis:?}"))
            }
            Event::Claim(n, device) => self.claim(*n, *device, now_ms).await,
            Event::Renew(n) => {
                let model = self.model.renew(user(*n), &FLOW, now_ms);
                let redis = store.room.renew(performance, user(*n), &FLOW).await.expect("asked");
                (format!("{}", model.is_some()), format!("{}", redis.is_some()))
            }
            Event::Leave(n, device) => {
                let held = self.ticket(*n, *device);
                if held.is_some() {
                    if self.model.leave(user(*n), held) {
                        self.depart(&[user(*n)]);
                    }
                    store.room.leave(performance, user(*n), held).await.expect("left");
                }
                Default::default()
            }
            Event::Brake => {
                self.model.brake(now_ms);
                store.room.brake(performance).await.expect("asked");
                Default::default()
            }
        }
    }

    fn ticket(&self, n: u128, device: Device) -> Option<Standing> {
        let tickets = self.tickets.get(&n)?;
        match device {
            Device::First => tickets.first().copied(),
            Device::Latest => tickets.last().copied(),
            Device::New => None,
        }
    }

    fn depart(&mut self, users: &[UserId]) {
        self.inside.retain(|user, _| !users.contains(user));
    }

    fn join(&mut self, n: u128, held: Option<Standing>, now_ms: u64) -> Place {
        loop {
            match self.model.join(user(n), held, &FLOW, now_ms) {
                Ok((place, _)) => return place,
                Err(Wants::Numbers(Unwritten { first, .. })) => {
                    self.marks.leased_to += numbers_per_lease(first);
                    self.model.numbers_leased(self.marks.leased_to, 0);
                }
                Err(wants) => panic!("{wants:?}"),
            }
        }
    }

    fn status(&mut self, now_ms: u64) -> RoomStatus {
        loop {
            let looked = self.model.status(&FLOW, now_ms);
            self.depart(&looked.notes.departed);
            if !self.lease(looked.notes.calls) {
                return looked.answer.expect("nothing is wanted");
            }
        }
    }

    fn lease(&mut self, calls: Calls) -> bool {
        let Calls::Lease(called_to) = calls else { return false };
        self.marks.called_to = self.marks.called_to.max(called_to);
        self.model.calls_leased(called_to);
        true
    }

    async fn claim(&mut self, n: u128, device: Device, now_ms: u64) -> (String, String) {
        let Some(held) = self.ticket(n, device) else { return Default::default() };
        let model = loop {
            let looked = self.model.claim(user(n), held, &FLOW, now_ms);
            let given = looked.answer.expect("nothing is wanted");
            self.depart(&looked.notes.departed);
            let is_worth = matches!(given, Given::NotYet(place) if is_waiting(place));
            if !self.lease(looked.notes.calls) || !is_worth {
                break given;
            }
        };
        let model = match model {
            Given::Inside(session, is_new) => {
                self.inside.insert(user(n), session.ends_at_ms);
                format!("inside {is_new}")
            }
            Given::NotYet(place) => format!("{place:?}"),
            Given::Lapsed => "lapsed".to_owned(),
        };
        let redis = match self.store.room.claim(self.performance, user(n), held, &FLOW).await {
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
