//! Every key of a performance expires some days after it, however the key came about.

use crate::{
    locks::{reserved, says, sold, want},
    redis_store::{FAST, Fixture, a_performance, user},
    room::{join, number},
};
use domain::{
    PerformanceId,
    layout::SeatIndex,
    queue::{Flow, Gathering, PlaceState},
    seat::{Ownership, SeatRecord},
};
use jiff::{SignedDuration, Timestamp};
use shared::ports::{SeatLocks as _, StaffStep, WaitingRoom as _};

const DAY_MS: i64 = 86_400_000;

#[allow(clippy::disallowed_methods, reason = "Redis's clock is the machine's")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The shortest and the longest time to live of a performance's keys, in days.
async fn lives(fixture: &Fixture, performance: PerformanceId) -> (i64, i64) {
    let (mut least, mut most) = (i64::MAX, 0);
    for key in fixture.keys_of(performance).await {
        let ttl_ms: i64 = fixture.ask(&format!("PTTL {key}")).await;
        assert!(ttl_ms > 0, "{key} never ends");
        if !key.contains(":lock:") {
            (least, most) = (least.min(ttl_ms), most.max(ttl_ms));
        }
    }
    ((least + DAY_MS - 1) / DAY_MS, (most + DAY_MS - 1) / DAY_MS)
}

/// Makes everything happen that creates a key.
async fn a_busy_evening(fixture: &Fixture, performance: PerformanceId) {
    let store = &fixture.store;
    let flow = Flow { cap: 1, call_window_ms: 60, ..FAST };
    for n in 1..=6 {
        join(store, performance, n).await;
    }
    store.room.claim(performance, user(1), number(1), &flow).await.expect("called");
    let wide = Flow { cap: 4, ..flow };
    store.room.status(performance, &wide).await.expect("asked");
    // Missed calls, a knock at the door, numbers given up.
    tokio::time::sleep(std::time::Duration::from_millis(80)).await;
    store.room.status(performance, &wide).await.expect("asked");
    let _ = store.room.claim(performance, user(2), number(2), &flow).await;
    store.room.leave(performance, user(6), Some(number(6))).await.expect("left");
    join(store, performance, 6).await;
    store.room.staff(performance, user(9), StaffStep::Leave).await.expect("asked");
    let held = store.locks.hold(&want(performance, user(1), &[1])).await.expect("free").hold;
    store.locks.hold(&want(performance, user(2), &[2, 3])).await.expect("free");
    let far = Timestamp::from_second(4_000_000_000).expect("in range");
    let changes = [says(1, user(1), held.fence, sold(user(1))), says(5, user(3), 9, reserved(user(3), far))];
    store.locks.project(performance, &changes).await.expect("told");
}

#[tokio::test]
async fn every_key_of_a_performance_ends_a_week_after_it() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let ends_at = Some(now() + SignedDuration::from_hours(30 * 24));
    fixture.books.with(performance, |kept| kept.ends_at = ends_at);
    a_busy_evening(&fixture, performance).await;
    assert_eq!(lives(&fixture, performance).await, (37, 37));
    let parts = fixture.keys_of(performance).await;
    let made = |part: &str| parts.iter().any(|key| key.ends_with(part));
    for part in
        ["members", "past", "active", "sessions", "gone", "books", "booked", "sold", "reserved", "locks"]
    {
        assert!(made(part), "{part} of {parts:?}");
    }
    // Keys that are emptied and come back, too.
    fixture.store.locks.release(fixture_hold(&fixture, performance).await, user(7)).await.expect("asked");
    fixture.store.locks.hold(&want(performance, user(8), &[8])).await.expect("free");
    assert_eq!(lives(&fixture, performance).await, (37, 37));
}

async fn fixture_hold(fixture: &Fixture, performance: PerformanceId) -> domain::hold::HoldId {
    fixture.store.locks.hold(&want(performance, user(7), &[7])).await.expect("free").hold.hold_id
}

#[tokio::test]
async fn so_do_those_that_a_rebuild_brings_back_and_those_of_a_draw() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FAST };
    fixture.books.with(performance, |kept| {
        kept.ends_at = Some(now());
        kept.marks.epoch = 1;
        kept.inside.insert(user(3), (1, u64::MAX / 4));
        kept.seats.insert(SeatIndex(1), SeatRecord { ownership: sold(user(1)), fence: 1 });
        kept.seats.insert(SeatIndex(2), SeatRecord { ownership: Ownership::Available, fence: 1 });
    });
    for n in 1..=2 {
        let (place, _) = store.room.join(performance, user(n), None, &gather).await.expect("joined");
        assert_eq!(place.state, PlaceState::Prequeue);
    }
    assert_eq!(lives(&fixture, performance).await, (7, 7));
    fixture.forget(performance).await;
    assert_eq!(fixture.keys_of(performance).await, Vec::<String>::new());
    store.locks.map(performance, None).await.expect("a map");
    assert_eq!(lives(&fixture, performance).await, (7, 7));
}

#[tokio::test]
async fn one_that_is_over_for_long_is_kept_for_a_day_when_it_is_asked_about() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let long_ago = now() - SignedDuration::from_hours(300 * 24);
    fixture.books.with(performance, |kept| kept.ends_at = Some(long_ago));
    fixture.store.locks.hold(&want(performance, user(1), &[1])).await.expect("free");
    assert_eq!(lives(&fixture, performance).await, (1, 1));
}

#[tokio::test]
async fn one_that_ends_on_the_last_day_there_is_can_be_sold() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    fixture.books.with(performance, |kept| kept.ends_at = Some(Timestamp::MAX));
    fixture.store.locks.hold(&want(performance, user(1), &[1])).await.expect("free");
    assert!(!fixture.keys_of(performance).await.is_empty());
}

#[tokio::test]
async fn a_rebuild_that_is_never_done_leaves_nothing_for_ever() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    fixture.books.begin_and_die(performance);
    let asked = shared::deadline::within(
        std::time::Duration::from_millis(1_100),
        fixture.store.locks.map(performance, None),
    );
    assert!(asked.await.expect("in time").is_err());
    assert_eq!(lives(&fixture, performance).await, (1, 1));
}
