//! The map shows the same, in whatever order changes are projected and however its reader follows it.

use crate::{
    locks::{indexes, reserved, says, sold, want},
    redis_store::{Fixture, Process, a_performance, user},
};
use domain::{
    PerformanceId,
    hold::Hold,
    layout::SeatIndex,
    seat::{Ownership, SeatState},
};
use jiff::Timestamp;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use shared::ports::{MapRead, Projection, SeatFigures, SeatLocks as _};
use std::{cell::RefCell, collections::BTreeMap, time::Duration};
use tokio::{runtime::Runtime, time::sleep};

const SEATS: u32 = 8;

pub(crate) fn far() -> Timestamp {
    Timestamp::from_second(4_000_000_000).expect("in range")
}

/// Two bookings of each seat: the first is cancelled, the second is sold on odd seats.
fn history() -> Vec<Projection> {
    let (first, second) = (user(1), user(2));
    let of_seat = |seat: u32| {
        let mut says_all = vec![
            says(seat, first, 5, reserved(first, far())),
            says(seat, first, 5, sold(first)),
            says(seat, first, 5, Ownership::Available),
            says(seat, second, 9, reserved(second, far())),
        ];
        if seat % 2 == 1 {
            says_all.push(says(seat, second, 9, sold(second)));
        }
        says_all
    };
    (0..4).flat_map(of_seat).collect()
}

#[test]
fn projections_in_any_order_and_repeated_show_the_same() {
    let runtime = Runtime::new().expect("a runtime");
    let fixture = runtime.block_on(Fixture::start());
    let shuffled = Just(history()).prop_shuffle();
    let repeats = prop::collection::vec(any::<prop::sample::Index>(), 0..6);
    let outcome = runner(40).run(&(shuffled, repeats), |(mut changes, repeats)| {
        let repeated: Vec<_> = repeats.iter().map(|at| at.get(&changes).clone()).collect();
        changes.extend(repeated);
        let performance = a_performance();
        runtime.block_on(async {
            for change in &changes {
                let one = std::slice::from_ref(change);
                fixture.store.locks.project(performance, one).await.expect("projected");
            }
            let (_, shown) = full(&fixture.store, performance).await;
            let (held, sold) = (SeatState::Held, SeatState::Sold);
            assert_eq!(shown, BTreeMap::from([(0, held), (1, sold), (2, held), (3, sold)]));
            let figures = fixture.store.locks.figures(performance).await.expect("figures");
            assert_eq!(figures, SeatFigures { held: 0, reserved: 2, sold: 2 });
            // Four seats are the second user's, none the first's.
            fixture.store.locks.hold(&want(performance, user(2), &[7])).await.expect_err("has four already");
            fixture.store.locks.hold(&want(performance, user(1), &[4, 5, 6, 7])).await.expect("has none");
        });
        Ok(())
    });
    outcome.expect("one map");
}

#[derive(Debug, Clone)]
enum Event {
    Hold { who: u128, seats: Vec<u32>, ttl_ms: u64 },
    Release,
    Sell { seat: u32 },
    GiveBack { seat: u32 },
    Wait,
    Read,
}

fn event() -> impl Strategy<Value = Event> {
    let seats = prop::collection::btree_set(0..SEATS, 1..4);
    prop_oneof![
        4 => (0..3u128, seats, prop_oneof![Just(5), Just(60_000)])
            .prop_map(|(who, seats, ttl_ms)| Event::Hold { who, seats: seats.into_iter().collect(), ttl_ms }),
        1 => Just(Event::Release),
        2 => (0..SEATS).prop_map(|seat| Event::Sell { seat }),
        2 => (0..SEATS).prop_map(|seat| Event::GiveBack { seat }),
        1 => Just(Event::Wait),
        2 => Just(Event::Read),
    ]
}

#[test]
fn a_reader_of_the_changes_sees_what_a_new_reader_sees() {
    let runtime = Runtime::new().expect("a runtime");
    let fixture = runtime.block_on(Fixture::start());
    let outcome = runner(30).run(&prop::collection::vec(event(), 1..40), |events| {
        runtime.block_on(follow(&fixture.store, &events));
        Ok(())
    });
    outcome.expect("one map");
}

async fn follow(store: &Process, events: &[Event]) {
    let performance = a_performance();
    let last: RefCell<Option<Hold>> = RefCell::default();
    let mut fence = 0;
    let (mut version, mut seen) = full(store, performance).await;
    for event in events {
        match event {
            Event::Hold { who, seats, ttl_ms } => {
                let mut wanted = want(performance, user(*who), seats);
                wanted.ttl_ms = *ttl_ms;
                if let Ok(held) = store.locks.hold(&wanted).await {
                    fence = held.hold.fence;
                    *last.borrow_mut() = Some(held.hold);
                }
            }
            Event::Release => {
                if let Some(hold) = last.take() {
                    store.locks.release(hold.hold_id, hold.user).await.expect("asked");
                }
            }
            Event::Sell { seat } => {
                // By the hold's own user, so that the hold is dropped with it.
                let buyer = last.take().map_or(user(9), |hold| hold.user);
                let change = says(*seat, buyer, fence, sold(buyer));
                store.locks.project(performance, &[change]).await.expect("projected");
            }
            Event::GiveBack { seat } => {
                let change = says(*seat, user(9), fence, Ownership::Available);
                store.locks.project(performance, &[change]).await.expect("projected");
            }
            Event::Wait => sleep(Duration::from_millis(6)).await,
            Event::Read => version = catch_up(store, performance, version, &mut seen).await,
        }
    }
    sleep(Duration::from_millis(6)).await;
    let version = catch_up(store, performance, version, &mut seen).await;
    assert_eq!((version, seen), full(store, performance).await);
}

/// Applies what changed since. Every change must be in the log, which is longer than these stories.
async fn catch_up(
    store: &Process,
    performance: PerformanceId,
    since: u64,
    seen: &mut BTreeMap<u32, SeatState>,
) -> u64 {
    let read = store.locks.map(performance, Some(since)).await.expect("a map");
    let MapRead::Changes { version, changes } = read else { panic!("the log reaches back") };
    assert_eq!(version - since, changes.len() as u64);
    for (SeatIndex(seat), state) in changes {
        match state {
            SeatState::Available => seen.remove(&seat),
            taken => seen.insert(seat, taken),
        };
    }
    version
}

pub(crate) async fn full(store: &Process, performance: PerformanceId) -> (u64, BTreeMap<u32, SeatState>) {
    let read = store.locks.map(performance, None).await.expect("a map");
    let MapRead::Full { version, taken } = read else { panic!("asked for all") };
    (version, taken.into_iter().map(|(seat, state)| (seat.0, state)).collect())
}

#[tokio::test]
async fn a_reader_too_far_behind_gets_everything() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let (version, _) = full(&fixture.store, performance).await;
    for round in 0..600 {
        let wanted = want(performance, user(round), &[0, 1, 2, 3]);
        let hold = fixture.store.locks.hold(&wanted).await.expect("free").hold;
        fixture.store.locks.release(hold.hold_id, hold.user).await.expect("mine");
    }
    for odd in [Some(version), Some(version - 1), Some(u64::from(u32::MAX)), Some(version + 1_000_000)] {
        let read = fixture.store.locks.map(performance, odd).await.expect("a map");
        assert!(matches!(read, MapRead::Full { taken, .. } if taken.is_empty()), "since {odd:?}");
    }
    let wanted = want(performance, user(1), &[1, 2]);
    fixture.store.locks.hold(&wanted).await.expect("free");
    let read = fixture.store.locks.map(performance, Some(version + 4_800)).await.expect("a map");
    let held = indexes(&[1, 2]).into_iter().map(|seat| (seat, SeatState::Held)).collect();
    assert_eq!(read, MapRead::Changes { version: version + 4_802, changes: held });
}

pub(crate) fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}
