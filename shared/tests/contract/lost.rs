//! Redis is lost: sales stay, numbers stay, the cap holds, and the next call goes on.

use crate::{
    locks::{indexes, reserved, sold, want},
    redis_store::{FAST, FakeBooks, Fixture, a_performance, store, user},
    room::join,
};
use domain::{
    layout::SeatIndex,
    queue::{Flow, PlaceState},
    seat::{Ownership, SeatRecord, SeatState},
};
use futures_util::future::join_all;
use jiff::Timestamp;
use shared::ports::{
    ClaimError, Health as _, HoldError, MapRead, SeatLocks as _, StoreError, WaitingRoom as _,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, time::sleep};

#[tokio::test]
async fn the_map_comes_back_from_the_books_and_fences_keep_growing() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let before = store.hold(&want(performance, user(1), &[5])).await.expect("free").hold;
    let far = Timestamp::from_second(4_000_000_000).expect("in range");
    fixture.books.with(performance, |kept| {
        let fence = before.fence;
        let mut says = |seat, ownership| kept.seats.insert(SeatIndex(seat), SeatRecord { ownership, fence });
        says(1, sold(user(1)));
        says(2, reserved(user(1), far));
        says(3, Ownership::Available);
    });
    fixture.flush().await;
    fixture.books.end_lease(performance);
    let MapRead::Full { version, taken } = store.map(performance, Some(before.fence)).await.expect("a map")
    else {
        panic!("no log reaches across a loss")
    };
    assert_eq!(taken, [(SeatIndex(2), SeatState::Held), (SeatIndex(1), SeatState::Sold)]);
    let after = store.hold(&want(performance, user(2), &[5])).await.expect("the lock is lost").hold;
    assert!(version > before.fence && after.fence > version);
    assert_eq!(store.extend(before.hold_id, user(1), 1_000).await.expect("asked"), None);
    let refusal = store.hold(&want(performance, user(1), &[6, 7, 8])).await.expect_err("has two already");
    assert!(matches!(refusal, HoldError::LimitExceeded));
    let refusal = store.hold(&want(performance, user(3), &[1, 3])).await.expect_err("1 is sold");
    assert!(matches!(refusal, HoldError::Sold(seats) if seats == indexes(&[1])));
}

#[tokio::test]
async fn one_rebuilds_and_the_others_follow() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let processes: Vec<_> = (0..4).map(|_| fixture.another()).collect();
    let holds = (0..100u32).map(|n| {
        let process = &processes[n as usize % 4];
        async move { process.hold(&want(performance, user(n.into()), &[n])).await }
    });
    assert!(join_all(holds).await.into_iter().all(|held| held.is_ok()));
    assert_eq!(fixture.books.with(performance, |kept| kept.read), 1);
}

#[tokio::test]
async fn while_somebody_else_rebuilds_the_answer_is_to_come_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    store.map(performance, None).await.expect("a map");
    fixture.flush().await;
    fixture.books.begin_and_die(performance);
    let refusal = store.map(performance, None).await.expect_err("lost");
    assert!(matches!(refusal, StoreError::Rebuilding));
    fixture.books.end_lease(performance);
    store.map(performance, None).await.expect("back");
}

#[tokio::test]
async fn numbers_are_kept_and_none_is_given_twice() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    for n in 1..=50 {
        join(store, performance, n).await;
    }
    fixture.flush().await;
    fixture.books.end_lease(performance);
    let newcomer = join(store, performance, 99).await.0.number;
    assert!(newcomer > 50);
    for n in (1..=50).rev() {
        let signed = u64::try_from(n).expect("small");
        let (place, is_new) = store.join(performance, user(n), Some(signed), &FAST).await.expect("joined");
        assert_eq!((place.number, is_new), (signed, false));
    }
    assert!(join(store, performance, 100).await.0.number > newcomer);
}

#[tokio::test]
async fn nobody_goes_in_until_those_inside_gave_a_sign_of_life_or_ran_out() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let brief = Flow { cap: 2, heartbeat_ms: 400, ..FAST };
    for n in 1..=4 {
        join(store, performance, n).await;
    }
    let (first, _) = store.claim(performance, user(1), 1, &brief).await.expect("called");
    store.claim(performance, user(2), 2, &brief).await.expect("called");
    fixture.flush().await;
    fixture.books.end_lease(performance);
    // The first is inside and says so; the second is silent; the third waits; the fourth has a number that was called.
    let renewed = store.renew(performance, user(1), first, &brief).await.expect("asked").expect("inside");
    assert_eq!(renewed.ends_at_ms, first.ends_at_ms);
    let status = store.status(performance, &brief).await.expect("asked");
    assert_eq!((status.active, status.serving), (1, 2));
    for n in [3, 4] {
        let refusal = store.claim(performance, user(n.into()), n, &brief).await.expect_err("settling");
        assert!(matches!(refusal, ClaimError::NotYet(place) if place.number == n));
    }
    sleep(Duration::from_millis(250)).await;
    store.renew(performance, user(1), renewed, &brief).await.expect("asked").expect("inside");
    sleep(Duration::from_millis(200)).await;
    store.claim(performance, user(3), 3, &brief).await.expect("the second ran out");
    assert!(matches!(store.claim(performance, user(4), 4, &brief).await, Err(ClaimError::NotYet(_))));
    assert_eq!(store.status(performance, &brief).await.expect("asked").active, 2);
}

#[tokio::test]
async fn who_was_called_before_the_loss_is_called_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let brief = Flow { heartbeat_ms: 50, ..FAST };
    for n in 1..=3 {
        join(store, performance, n).await;
    }
    assert_eq!(store.status(performance, &brief).await.expect("asked").serving, 3);
    fixture.flush().await;
    fixture.books.end_lease(performance);
    let place = store.place(performance, user(2), 2, &brief).await.expect("asked");
    assert_eq!((place.number, place.state), (2, PlaceState::Called));
    sleep(Duration::from_millis(70)).await;
    store.claim(performance, user(2), 2, &brief).await.expect("called");
}

#[tokio::test]
async fn who_left_after_the_loss_stays_out() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    join(store, performance, 1).await;
    let (session, _) = store.claim(performance, user(1), 1, &FAST).await.expect("called");
    fixture.flush().await;
    fixture.books.end_lease(performance);
    store.leave(performance, user(1)).await.expect("left");
    assert_eq!(store.renew(performance, user(1), session, &FAST).await.expect("asked"), None);
    let place = store.place(performance, user(1), 1, &FAST).await.expect("asked");
    assert_eq!((place.number, place.state), (1, PlaceState::Left));
}

#[tokio::test]
async fn the_next_call_after_a_restart_goes_on() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    join(&fixture.store, performance, 1).await;
    fixture.redis.restart().await.expect("up again");
    fixture.books.end_lease(performance);
    let (place, _) = fixture.store.join(performance, user(1), Some(1), &FAST).await.expect("joined");
    assert_eq!(place.number, 1);
    fixture.store.check().await.expect("healthy");
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_an_error_and_not_a_hang() {
    // It accepts connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("redis://{}", silent.local_addr().expect("bound"));
    let store = store(&url, &Arc::new(FakeBooks::default()));
    for _ in 0..2 {
        let asked = Instant::now();
        let refusal = store.map(a_performance(), None).await.expect_err("silent");
        assert!(matches!(refusal, StoreError::Unavailable { store: "redis", .. }));
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    }
    drop(silent);
    let asked = Instant::now();
    assert!(store.check().await.is_err());
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
}
