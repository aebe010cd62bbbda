//! Standing places: the lock takes what the rule says of the free places, lowest first, and each buyer gets different ones.

use crate::{
    locks::{indexes, want},
    map_story::{full, runner},
    redis_store::{Fixture, Process, a_performance, user},
    together::{Fate, fate},
};
use domain::{
    PerformanceId, UserId,
    entry::FreeEntries,
    layout::SeatIndex,
    seat::{SeatState, SeatStates},
};
use futures_util::future::join_all;
use proptest::prelude::*;
use shared::ports::{HoldError, HoldRequest, SeatLocks as _, WantedSeats};
use std::{collections::BTreeSet, ops::Range, sync::Arc};
use tokio::runtime::Runtime;

/// A map as a buyer saw it.
struct Seen {
    performance: PerformanceId,
    area: Range<u32>,
    states: SeatStates,
    version: u64,
}

impl Seen {
    async fn now(store: &Process, performance: PerformanceId, area: Range<u32>) -> Self {
        let (version, taken) = full(store, performance).await;
        let mut states = SeatStates::available(area.end);
        for (place, state) in taken {
            states.set(place, state);
        }
        Self { performance, area, states, version }
    }

    fn ask(&self, who: UserId, count: u32) -> HoldRequest {
        let free = FreeEntries::of(&self.states, self.area.clone(), count);
        let (area, version) = (self.area.clone(), self.version);
        let seats = WantedSeats::Entries { count, area, free, version };
        HoldRequest { seats, ..want(self.performance, who, &[]) }
    }
}

fn fates_of(places: &[(Fate, bool)], first: u32) -> impl Iterator<Item = (u32, Fate, bool)> {
    (first..).zip(places).map(|(place, (fate, later))| (place, *fate, *later))
}

/// Places before the area and behind it are others': they change too, and are never taken.
#[test]
fn the_lock_takes_the_places_that_the_rule_says() {
    const AREA: Range<u32> = 3..30;
    let runtime = Runtime::new().expect("a runtime");
    let fixture = runtime.block_on(Fixture::start());
    let store = &fixture.store;
    let places = prop::collection::vec((fate(), any::<bool>()), 33);
    let outcome = runner(120).run(&(places, 1..5u32), |(places, count)| {
        let performance = a_performance();
        let befall = async |after: bool| {
            for (place, fate, _) in fates_of(&places, 0).filter(|(_, _, later)| *later == after) {
                fate.befall(store, performance, place).await;
            }
        };
        let held = runtime.block_on(async {
            befall(false).await;
            let seen = Seen::now(store, performance, AREA).await;
            befall(true).await;
            store.locks.hold(&seen.ask(user(1), count)).await
        });
        let mut now = SeatStates::available(AREA.end);
        let taken = fates_of(&places, 0).filter(|(_, fate, _)| !fate.is_free());
        taken.for_each(|(place, _, _)| now.set(place, SeatState::Held));
        let wanted = FreeEntries::of(&now, AREA, count).lowest(count);
        match held {
            Ok(held) => prop_assert_eq!(Some(held.hold.seats), wanted),
            Err(HoldError::NoneTogether) => prop_assert_eq!(None, wanted),
            Err(other) => panic!("{other}"),
        }
        Ok(())
    });
    outcome.expect("one rule");
}

#[tokio::test]
async fn a_crowd_that_saw_one_map_gets_the_lowest_places_without_a_gap() {
    let fixture = Fixture::start().await;
    let seen = Arc::new(Seen::now(&fixture.store, a_performance(), 0..30_000).await);
    let asking = (0..200).map(|n| {
        let (store, seen) = (Arc::clone(&fixture.store), Arc::clone(&seen));
        async move { store.locks.hold(&seen.ask(user(n), u32::try_from(n % 4).expect("small") + 1)).await }
    });
    let held = join_all(asking).await.into_iter().map(|held| held.expect("free").hold.seats);
    let held: Vec<_> = held.collect();
    for seats in &held {
        let first = seats.first().expect("places").0;
        assert!((first..).map(SeatIndex).zip(seats).all(|(next, seat)| next == *seat), "{seats:?} is parted");
    }
    let all: BTreeSet<_> = held.into_iter().flatten().collect();
    assert_eq!(all, (0..500).map(SeatIndex).collect());
}

#[tokio::test]
async fn numbers_that_came_back_are_taken_in_order_before_new_ones() {
    let fixture = Fixture::start().await;
    let (store, performance) = (&fixture.store, a_performance());
    let seen = Seen::now(store, performance, 0..100).await;
    let mut holds = Vec::new();
    for who in 0..10 {
        holds.push(store.locks.hold(&seen.ask(user(who), 2)).await.expect("free").hold);
    }
    for hold in [&holds[4], &holds[1], &holds[2]] {
        assert!(store.locks.release(hold.hold_id, hold.user).await.expect("mine"));
    }
    let after = Seen::now(store, performance, 0..100).await;
    let mut taken = Vec::new();
    // The map of before and the map of now lead to the same places.
    for (who, count, map) in
        [(20, 1, &seen), (21, 3, &after), (22, 3, &seen), (23, 2, &after), (24, 1, &after)]
    {
        taken.push(store.locks.hold(&map.ask(user(who), count)).await.expect("free").hold.seats);
    }
    let wanted: [&[u32]; 5] = [&[2], &[3, 4, 5], &[20, 21, 22], &[8, 9], &[23]];
    assert_eq!(taken, wanted.map(indexes));
}

#[tokio::test]
async fn a_group_is_parted_only_where_the_whole_area_has_no_room_for_it_together() {
    let fixture = Fixture::start().await;
    let (store, performance) = (&fixture.store, a_performance());
    for place in [1, 3, 5] {
        Fate::Held.befall(store, performance, place).await;
    }
    let seen = Seen::now(store, performance, 0..8).await;
    let together = store.locks.hold(&seen.ask(user(1), 2)).await.expect("two behind");
    assert_eq!(together.hold.seats, indexes(&[6, 7]));
    let mut unsure = seen.ask(user(2), 2);
    if let WantedSeats::Entries { free, .. } = &mut unsure.seats {
        free.is_whole = false;
    }
    let refusal = store.locks.hold(&unsure).await.expect_err("there may be room further on");
    assert!(matches!(refusal, HoldError::NoneTogether));
    let parted = store.locks.hold(&seen.ask(user(2), 2)).await.expect("two apart");
    assert_eq!(parted.hold.seats, indexes(&[0, 2]));
    let refusal = store.locks.hold(&seen.ask(user(3), 2)).await.expect_err("one is left");
    assert!(matches!(refusal, HoldError::NoneTogether));
    assert_eq!(store.locks.hold(&seen.ask(user(3), 1)).await.expect("the last").hold.seats, indexes(&[4]));
}
