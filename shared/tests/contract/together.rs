//! Seats together: the lock takes what the rule says of the free seats, and each buyer gets different ones.

use crate::{
    locks::{indexes, reserved, says, sold, want},
    map_story::{far, full, runner},
    redis_store::{Fixture, Process, a_performance, user},
};
use domain::{
    PerformanceId, UserId,
    best::{Stretch, best_run},
    layout::SeatIndex,
};
use futures_util::future::join_all;
use jiff::Timestamp;
use proptest::prelude::*;
use shared::ports::{HoldError, HoldRequest, SeatLocks as _, WantedSeats};
use std::{collections::BTreeSet, sync::Arc};
use tokio::runtime::Runtime;

/// A map as a buyer saw it.
#[derive(Debug, Clone)]
struct Seen {
    performance: PerformanceId,
    among: Vec<Stretch>,
    version: u64,
}

impl Seen {
    /// Whole rows, one after another, all free.
    async fn empty(store: &Process, sizes: &[u32]) -> Self {
        let (performance, mut first) = (a_performance(), 0);
        let row = |seats: &u32| {
            let (twice_middle, free) = (2 * first + seats, vec![true; *seats as usize]);
            let row = Stretch { first: SeatIndex(first), twice_middle, free };
            first += seats;
            row
        };
        let (version, _) = full(store, performance).await;
        Self { performance, among: sizes.iter().map(row).collect(), version }
    }

    fn ask(&self, who: UserId, count: u32) -> HoldRequest {
        let seats = WantedSeats::Together { count, among: self.among.clone(), version: self.version };
        HoldRequest { seats, ..want(self.performance, who, &[]) }
    }
}

/// What happens to a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Untouched,
    Held,
    Reserved,
    Sold,
    RanOut,
    CameBack,
}

impl Fate {
    /// Whether the map shows it as free. A reservation shows until the books give it up.
    pub(crate) fn is_free(self) -> bool {
        matches!(self, Self::Untouched | Self::CameBack)
    }

    pub(crate) async fn befall(self, store: &Process, performance: PerformanceId, seat: u32) {
        let other = user(9);
        let request = HoldRequest { max_seats_per_user: 1_000, ..want(performance, other, &[seat]) };
        let ownership = match self {
            Self::Untouched => return,
            Self::Held => return drop(store.locks.hold(&request).await.expect("free")),
            Self::Reserved => reserved(other, far()),
            Self::Sold => sold(other),
            Self::RanOut => reserved(other, Timestamp::UNIX_EPOCH),
            Self::CameBack => {
                let hold = store.locks.hold(&request).await.expect("free").hold.hold_id;
                return assert!(store.locks.release(hold, other).await.expect("mine"));
            }
        };
        store.locks.project(performance, &[says(seat, other, 1, ownership)]).await.expect("projected");
    }
}

pub(crate) fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Untouched),
        1 => Just(Fate::Held),
        1 => Just(Fate::Reserved),
        1 => Just(Fate::Sold),
        1 => Just(Fate::RanOut),
        1 => Just(Fate::CameBack),
    ]
}

/// The sizes of the stretches in each row, with seats between them that the house keeps; and what happens to each seat,
/// before the map is read or after.
fn house() -> impl Strategy<Value = (Vec<Vec<u32>>, Vec<(Fate, bool)>)> {
    let row = prop::collection::vec(1..8u32, 1..3);
    (prop::collection::vec(row, 1..14), prop::collection::vec((fate(), any::<bool>()), 14 * 16))
}

fn stretches(rows: &[Vec<u32>], is_free: impl Fn(u32) -> bool) -> Vec<Stretch> {
    let (mut first, mut among) = (0, Vec::new());
    for row in rows {
        let seats = row.iter().sum::<u32>() + u32::try_from(row.len()).expect("short") - 1;
        let (twice_middle, mut at) = (2 * first + seats, first);
        for seats in row {
            let free = (at..at + seats).map(&is_free).collect();
            among.push(Stretch { first: SeatIndex(at), twice_middle, free });
            at += seats + 1;
        }
        first += seats;
    }
    among
}

#[test]
fn the_lock_takes_the_seats_that_the_rule_says() {
    let runtime = Runtime::new().expect("a runtime");
    let fixture = runtime.block_on(Fixture::start());
    let store = &fixture.store;
    let outcome = runner(60).run(&(house(), 1..5u32), |((rows, fates), count)| {
        let performance = a_performance();
        let of = |seat: u32| fates[seat as usize];
        let befall = async |later: bool| {
            for stretch in stretches(&rows, |_| true) {
                for seat in (stretch.first.0..).take(stretch.free.len()).filter(|seat| of(*seat).1 == later) {
                    of(seat).0.befall(store, performance, seat).await;
                }
            }
        };
        let held = runtime.block_on(async {
            befall(false).await;
            let (version, _) = full(store, performance).await;
            befall(true).await;
            let among = stretches(&rows, |seat| of(seat).1 || of(seat).0.is_free());
            store.locks.hold(&Seen { performance, among, version }.ask(user(1), count)).await
        });
        let best = best_run(&stretches(&rows, |seat| of(seat).0.is_free()), count);
        let wanted = best.map(|first| (first.0..first.0 + count).map(SeatIndex).collect::<Vec<_>>());
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
async fn a_crowd_that_saw_one_map_gets_every_pair() {
    let fixture = Fixture::start().await;
    let seen = Arc::new(Seen::empty(&fixture.store, &[20; 20]).await);
    let asking = (0..250).map(|n| {
        let (store, seen) = (Arc::clone(&fixture.store), Arc::clone(&seen));
        async move { store.locks.hold(&seen.ask(user(n), 2)).await }
    });
    let (held, refused): (Vec<_>, Vec<_>) = join_all(asking).await.into_iter().partition(Result::is_ok);
    assert_eq!((held.len(), refused.len()), (200, 50));
    assert!(refused.iter().all(|refusal| matches!(refusal, Err(HoldError::NoneTogether))));
    let seats: BTreeSet<_> = held.into_iter().flatten().flat_map(|held| held.hold.seats).collect();
    assert_eq!(seats.len(), 400);
}

#[tokio::test]
async fn asking_twice_under_one_name_is_one_hold() {
    let fixture = Fixture::start().await;
    let (store, seen) = (&fixture.store, Seen::empty(&fixture.store, &[10]).await);
    let request = seen.ask(user(1), 2);
    let (first, again) = (store.locks.hold(&request).await, store.locks.hold(&request).await);
    let (first, again) = (first.expect("free"), again.expect("mine"));
    assert_eq!((first.fresh, &first.hold), (again.fresh, &again.hold), "the first answer may have been lost");
    let other = store.locks.hold(&seen.ask(user(1), 2)).await.expect("free");
    assert_eq!(other.hold.seats, indexes(&[2, 3]));
}

#[tokio::test]
async fn seats_together_count_with_all_others_of_a_person() {
    let fixture = Fixture::start().await;
    let (store, seen) = (&fixture.store, Seen::empty(&fixture.store, &[10]).await);
    let performance = seen.performance;
    store.locks.project(performance, &[says(0, user(1), 1, sold(user(1)))]).await.expect("projected");
    store.locks.hold(&want(performance, user(1), &[9])).await.expect("free");
    let refusal = store.locks.hold(&seen.ask(user(1), 3)).await.expect_err("five of four");
    assert!(matches!(refusal, HoldError::LimitExceeded));
    store.locks.hold(&seen.ask(user(1), 2)).await.expect("four of four");
}

#[tokio::test]
async fn a_map_that_is_too_old_or_of_another_time_chooses_nothing() {
    let fixture = Fixture::start().await;
    let (store, seen) = (&fixture.store, Seen::empty(&fixture.store, &[10]).await);
    let before = Seen { version: seen.version - 1, ..seen.clone() };
    let later = Seen { version: seen.version + 1, ..seen.clone() };
    let nowhere = Seen { among: Vec::new(), ..seen.clone() };
    for nothing in [before, later, nowhere] {
        let refusal = store.locks.hold(&nothing.ask(user(1), 1)).await.expect_err("nothing to choose from");
        assert!(matches!(refusal, HoldError::NoneTogether), "{nothing:?}");
    }
    let elsewhere = async |many: u32| {
        let (hold, who) = (want(seen.performance, user(2), &[20, 21, 22, 23]), user(2));
        for _ in 0..many {
            let hold = store.locks.hold(&HoldRequest { ..hold.clone() }).await.expect("free").hold.hold_id;
            assert!(store.locks.release(hold, who).await.expect("mine"));
        }
    };
    elsewhere(125).await;
    store.locks.hold(&seen.ask(user(1), 1)).await.expect("a thousand changes are gone through");
    store.locks.hold(&seen.ask(user(1), 1)).await.expect_err("one more is too many");
}
