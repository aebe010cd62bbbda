//! Seat locks: all or none, one winner, and no effect on other buyers' seats.

use crate::redis_store::{Fixture, a_performance, a_uuid, user};
use domain::{
    BookingId, PerformanceId, UserId,
    hold::{Hold, HoldId},
    layout::SeatIndex,
    seat::{Ownership, SeatRecord, SeatState},
};
use futures_util::future::join_all;
use jiff::Timestamp;
use shared::ports::{
    AdmittedAs, Held, HoldError, HoldRequest, MapRead, Projection, SeatFigures, SeatLocks as _, WantedSeats,
};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;
use uuid::Uuid;

pub(crate) fn want(performance: PerformanceId, who: UserId, seats: &[u32]) -> HoldRequest {
    HoldRequest {
        hold_id: HoldId { performance, token: a_uuid() },
        user: who,
        admitted: AdmittedAs::Anyone,
        seats: WantedSeats::Named(indexes(seats)),
        ttl_ms: 60_000,
        max_seats_per_user: 4,
    }
}

pub(crate) fn indexes(seats: &[u32]) -> Vec<SeatIndex> {
    seats.iter().copied().map(SeatIndex).collect()
}

pub(crate) fn says(index: u32, who: UserId, fence: u64, ownership: Ownership) -> Projection {
    Projection { index: SeatIndex(index), record: SeatRecord { ownership, fence }, given_back_by: Some(who) }
}

pub(crate) fn sold(who: UserId) -> Ownership {
    Ownership::Sold { booking: BookingId(Uuid::nil()), user: who }
}

pub(crate) fn reserved(who: UserId, until: Timestamp) -> Ownership {
    Ownership::Reserved { booking: BookingId(Uuid::nil()), user: who, until }
}

struct Hall {
    fixture: Fixture,
    performance: PerformanceId,
}

impl Hall {
    async fn open() -> Self {
        Self { fixture: Fixture::start().await, performance: a_performance() }
    }

    async fn hold(&self, who: u128, seats: &[u32]) -> Result<Held, HoldError> {
        self.fixture.store.locks.hold(&want(self.performance, user(who), seats)).await
    }

    async fn held(&self, who: u128, seats: &[u32]) -> Hold {
        self.hold(who, seats).await.expect("free").hold
    }

    async fn project(&self, changes: &[Projection]) {
        self.fixture.store.locks.project(self.performance, changes).await.expect("projected");
    }

    async fn taken(&self) -> Vec<(u32, SeatState)> {
        let read = self.fixture.store.locks.map(self.performance, None).await.expect("a map");
        let MapRead::Full { taken, .. } = read else { panic!("asked for all") };
        let mut taken: Vec<_> = taken.into_iter().map(|(seat, state)| (seat.0, state)).collect();
        taken.sort_unstable_by_key(|(seat, _)| *seat);
        taken
    }
}

#[tokio::test]
async fn of_64_who_race_for_a_seat_one_gets_it() {
    let hall = Arc::new(Hall::open().await);
    let racers = (0..64).map(|n| {
        let hall = Arc::clone(&hall);
        async move { hall.hold(n, &[7]).await }
    });
    let won = join_all(racers).await.into_iter().flatten().count();
    assert_eq!(won, 1);
    assert_eq!(hall.taken().await, [(7, SeatState::Held)]);
}

#[tokio::test]
async fn a_hold_is_all_or_none() {
    let hall = Hall::open().await;
    hall.held(1, &[2]).await;
    let refusal = hall.hold(2, &[1, 2, 3]).await.expect_err("2 is held");
    assert!(matches!(refusal, HoldError::Held(seats) if seats == indexes(&[2])));
    assert_eq!(hall.taken().await, [(2, SeatState::Held)]);
    hall.held(3, &[1, 3]).await;
}

#[tokio::test]
async fn the_same_seats_again_are_the_same_hold() {
    let hall = Hall::open().await;
    let first = hall.hold(1, &[1, 2]).await.expect("free");
    let again = hall.hold(1, &[1, 2]).await.expect("mine");
    assert!(first.fresh && !again.fresh);
    assert_eq!(first.hold, again.hold);
}

#[tokio::test]
async fn seats_in_common_replace_the_earlier_hold_and_keep_its_time() {
    let hall = Hall::open().await;
    let mut short = want(hall.performance, user(1), &[1, 2]);
    short.ttl_ms = 5_000;
    let first = hall.fixture.store.locks.hold(&short).await.expect("free").hold;
    let other = hall.held(1, &[9]).await;
    let second = hall.held(1, &[2, 3]).await;
    assert_eq!(second.expires_at, first.expires_at);
    assert!(second.fence > first.fence);
    let store = &hall.fixture.store;
    assert_eq!(store.locks.find(first.hold_id, user(1)).await.expect("read"), None);
    assert_eq!(store.locks.find(other.hold_id, user(1)).await.expect("read"), Some(other));
    let held = SeatState::Held;
    assert_eq!(hall.taken().await, [(2, held), (3, held), (9, held)]);
    assert!(
        store.locks.extend(second.hold_id, user(1), AdmittedAs::Anyone, 1).await.expect("extended").is_some()
    );
    hall.held(2, &[1]).await;
}

#[tokio::test]
async fn a_replacement_that_fails_leaves_the_earlier_hold() {
    let hall = Hall::open().await;
    let mine = hall.held(1, &[1, 2]).await;
    hall.held(2, &[3]).await;
    hall.hold(1, &[2, 3, 4]).await.expect_err("3 is held");
    assert_eq!(
        hall.fixture
            .store
            .locks
            .extend(mine.hold_id, user(1), AdmittedAs::Anyone, 1)
            .await
            .expect("extended"),
        Some(mine)
    );
    hall.held(3, &[4]).await;
}

#[tokio::test]
async fn bookings_and_holds_count_together() {
    let hall = Hall::open().await;
    hall.project(&[says(0, user(1), 1, sold(user(1))), says(1, user(1), 1, sold(user(1)))]).await;
    hall.held(1, &[5]).await;
    assert!(matches!(hall.hold(1, &[6, 7]).await, Err(HoldError::LimitExceeded)));
    hall.held(1, &[5, 6]).await;
    hall.project(&[says(0, user(1), 1, Ownership::Available)]).await;
    hall.held(1, &[7]).await;
    assert!(matches!(hall.hold(1, &[8]).await, Err(HoldError::LimitExceeded)));
}

#[tokio::test]
async fn a_hold_ends_by_itself_and_cannot_be_brought_back() {
    let hall = Hall::open().await;
    let mut short = want(hall.performance, user(1), &[1]);
    short.ttl_ms = 30;
    let hold = hall.fixture.store.locks.hold(&short).await.expect("free").hold;
    sleep(Duration::from_millis(50)).await;
    let store = &hall.fixture.store;
    assert_eq!(
        store.locks.extend(hold.hold_id, user(1), AdmittedAs::Anyone, 1_000).await.expect("asked"),
        None
    );
    assert_eq!(store.locks.find(hold.hold_id, user(1)).await.expect("asked"), None);
    assert!(!store.locks.release(hold.hold_id, user(1)).await.expect("asked"));
    assert_eq!(hall.taken().await, []);
    let next = hall.held(2, &[1]).await;
    assert!(next.fence > hold.fence);
}

#[tokio::test]
async fn extending_gives_at_least_that_long_and_never_less() {
    let hall = Hall::open().await;
    let hold = hall.held(1, &[1, 2]).await;
    let store = &hall.fixture.store;
    assert_eq!(
        store.locks.extend(hold.hold_id, user(1), AdmittedAs::Anyone, 1_000).await.expect("asked"),
        Some(hold.clone())
    );
    let longer = store
        .locks
        .extend(hold.hold_id, user(1), AdmittedAs::Anyone, 120_000)
        .await
        .expect("asked")
        .expect("mine");
    assert!(longer.expires_at > hold.expires_at);
    assert_eq!(store.locks.find(hold.hold_id, user(1)).await.expect("asked"), Some(longer));
    assert_eq!(
        store.locks.extend(hold.hold_id, user(2), AdmittedAs::Anyone, 1_000).await.expect("asked"),
        None
    );
}

#[tokio::test]
async fn only_the_owner_gives_a_hold_back() {
    let hall = Hall::open().await;
    let hold = hall.held(1, &[1]).await;
    let store = &hall.fixture.store;
    assert!(!store.locks.release(hold.hold_id, user(2)).await.expect("asked"));
    assert_eq!(store.locks.find(hold.hold_id, user(2)).await.expect("asked"), None);
    assert!(store.locks.release(hold.hold_id, user(1)).await.expect("asked"));
    assert!(!store.locks.release(hold.hold_id, user(1)).await.expect("asked"));
    hall.held(2, &[1]).await;
}

#[tokio::test]
async fn sold_seats_are_named_before_held_ones() {
    let hall = Hall::open().await;
    let soon = Timestamp::from_second(4_000_000_000).expect("in range");
    hall.project(&[says(1, user(9), 1, sold(user(9))), says(2, user(9), 1, reserved(user(9), soon))]).await;
    hall.held(8, &[3]).await;
    let refusal = hall.hold(1, &[1, 2, 3, 4]).await.expect_err("taken");
    assert!(matches!(refusal, HoldError::Sold(seats) if seats == indexes(&[1])));
    let refusal = hall.hold(1, &[2, 3, 4]).await.expect_err("taken");
    assert!(matches!(refusal, HoldError::Held(seats) if seats == indexes(&[2, 3])));
}

#[tokio::test]
async fn a_reservation_that_ran_out_may_be_held() {
    let hall = Hall::open().await;
    hall.project(&[says(1, user(9), 1, reserved(user(9), Timestamp::UNIX_EPOCH))]).await;
    hall.held(1, &[1]).await;
}

#[tokio::test]
async fn a_sale_drops_the_hold_that_it_came_from() {
    let hall = Hall::open().await;
    let hold = hall.held(1, &[1, 2]).await;
    let changes = [says(1, user(1), hold.fence, sold(user(1))), says(2, user(1), hold.fence, sold(user(1)))];
    let store = &hall.fixture.store;
    store.locks.project(hall.performance, &changes).await.expect("projected");
    assert_eq!(store.locks.find(hold.hold_id, user(1)).await.expect("asked"), None);
    assert_eq!(hall.taken().await, [(1, SeatState::Sold), (2, SeatState::Sold)]);
    let figures = store.locks.figures(hall.performance).await.expect("figures");
    assert_eq!(figures, SeatFigures { held: 0, reserved: 0, sold: 2 });
}

#[tokio::test]
async fn a_seat_is_freed_without_knowing_whose_it_was() {
    let hall = Hall::open().await;
    hall.project(&[1, 2, 3, 4].map(|seat| says(seat, user(1), 1, sold(user(1))))).await;
    let known = SeatRecord { ownership: Ownership::Available, fence: 1 };
    let freed = Projection { index: SeatIndex(1), record: known, given_back_by: None };
    hall.project(&[freed]).await;
    hall.held(1, &[1]).await;
    assert!(matches!(hall.hold(1, &[5]).await, Err(HoldError::LimitExceeded)), "it counts once");
}

#[tokio::test]
async fn what_is_given_back_takes_the_hold_that_it_was_booked_from_along() {
    let hall = Hall::open().await;
    let hold = hall.held(1, &[1, 2]).await;
    let other = hall.held(1, &[7]).await;
    // The map never heard that it was reserved.
    hall.project(&[1, 2].map(|seat| says(seat, user(1), hold.fence, Ownership::Available))).await;
    assert_eq!(hall.taken().await, [(7, SeatState::Held)]);
    hall.held(2, &[1, 2]).await;
    assert_eq!(hall.fixture.store.locks.find(other.hold_id, user(1)).await.expect("asked"), Some(other));
}

#[tokio::test]
async fn figures_of_many_performances_come_together_and_in_order() {
    let hall = Hall::open().await;
    hall.held(1, &[1, 2]).await;
    let (quiet, lost, store) = (a_performance(), a_performance(), &hall.fixture.store);
    store.locks.figures(quiet).await.expect("brought back");
    hall.fixture.tell("SCRIPT FLUSH").await;
    let asked: Vec<_> = [quiet, lost, hall.performance].into_iter().cycle().take(1_500).collect();
    let found = store.locks.figures_of(&asked).await.expect("figures");
    let known = |held| Some(SeatFigures { held, reserved: 0, sold: 0 });
    assert_eq!(found.len(), 1_500);
    for three in found.chunks(3) {
        assert_eq!(three, [known(0), None, known(2)], "what is lost stays so");
    }
    store.locks.figures(lost).await.expect("brought back by its own step");
    assert_eq!(store.locks.figures_of(&[lost]).await.expect("figures"), [known(0)]);
    assert_eq!(store.locks.figures_of(&[]).await.expect("figures"), []);
}
