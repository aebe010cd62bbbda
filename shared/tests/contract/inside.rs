//! Only buyers whom the room counts may hold and book, whatever tokens they have.

use crate::{
    locks::want,
    redis_store::{FAST, Fixture, a_performance, user},
    room::{join, number},
};
use domain::{PerformanceId, hold::Hold, queue::Flow};
use shared::ports::{
    AdmittedAs, ExtendError, HoldError, HoldRequest, SeatLocks as _, StaffStep, WaitingRoom as _,
};
use std::time::Duration;
use tokio::time::sleep;

fn by(admitted: AdmittedAs, performance: PerformanceId, who: u128, seats: &[u32]) -> HoldRequest {
    HoldRequest { admitted, ..want(performance, user(who), seats) }
}

/// One seat and two: each case has its own script.
const SOME: [&[u32]; 2] = [&[1], &[2, 3]];

async fn goes_in(fixture: &Fixture, performance: PerformanceId, who: u32, flow: &Flow) {
    let standing = join(&fixture.store, performance, who.into()).await.0.standing;
    fixture.store.room.claim(performance, user(who.into()), standing, flow).await.expect("called");
}

async fn holds(fixture: &Fixture, performance: PerformanceId, who: u128) -> Vec<Hold> {
    let mut held = Vec::new();
    for seats in SOME {
        let wanted = by(AdmittedAs::Counted, performance, who, seats);
        held.push(fixture.store.locks.hold(&wanted).await.expect("inside").hold);
    }
    held
}

async fn is_outside(fixture: &Fixture, performance: PerformanceId, who: u128, admitted: AdmittedAs) -> bool {
    let mut outside = 0;
    for seats in SOME {
        match fixture.store.locks.hold(&by(admitted, performance, who, seats)).await {
            Err(HoldError::Outside) => outside += 1,
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert!(outside == 0 || outside == SOME.len());
    outside > 0
}

#[tokio::test]
async fn a_buyer_who_left_neither_holds_nor_books() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    goes_in(&fixture, performance, 1, &FAST).await;
    let held = holds(&fixture, performance, 1).await;
    store.room.leave(performance, user(1), None).await.expect("left");
    assert!(is_outside(&fixture, performance, 1, AdmittedAs::Counted).await);
    let extended = store.locks.extend(held[0].hold_id, user(1), AdmittedAs::Counted, 1_000).await;
    assert!(matches!(extended, Err(ExtendError::Outside)));
    // Without a waiting room nothing of this is checked.
    let extended =
        store.locks.extend(held[0].hold_id, user(1), AdmittedAs::Anyone, 1_000).await.expect("asked");
    assert_eq!(extended.map(|hold| hold.hold_id), Some(held[0].hold_id));
}

#[tokio::test]
async fn a_silent_buyer_holds_nothing_more_once_another_has_the_place() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let brief = Flow { cap: 1, heartbeat_ms: 60, ..FAST };
    goes_in(&fixture, performance, 1, &brief).await;
    assert!(!is_outside(&fixture, performance, 1, AdmittedAs::Counted).await);
    let next = join(&fixture.store, performance, 2).await.0.standing;
    sleep(Duration::from_millis(80)).await;
    fixture.store.room.claim(performance, user(2), next, &brief).await.expect("the place is free");
    assert!(is_outside(&fixture, performance, 1, AdmittedAs::Counted).await);
}

#[tokio::test]
async fn never_do_more_hold_than_may_be_inside_also_after_a_loss() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let flow = Flow { cap: 2, ..FAST };
    for who in 1..=6 {
        goes_in(&fixture, performance, who, &flow).await;
        if who < 5 {
            store.room.leave(performance, user(who.into()), None).await.expect("left");
        }
    }
    for _ in 0..2 {
        for who in 1..=6_u32 {
            let wanted = by(AdmittedAs::Counted, performance, who.into(), &[10 + who]);
            let inside = store.locks.hold(&wanted).await;
            assert_eq!(inside.is_ok(), who >= 5, "account {who}: {inside:?}");
        }
        fixture.flush().await;
    }
}

#[tokio::test]
async fn a_buyer_admitted_in_a_moment_that_a_replica_missed_holds_at_once() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    join(&fixture.store, performance, 1).await;
    let replica = fixture.replica_that_hears_no_more().await;
    fixture.store.room.claim(performance, user(1), number(1), &FAST).await.expect("called");
    fixture.promote(replica);
    holds(&fixture, performance, 1).await;
}

#[tokio::test]
async fn staff_hold_until_they_leave_and_again_when_they_come_back() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let staff = async |does| store.room.staff(performance, user(9), does).await.expect("asked");
    assert!(staff(StaffStep::Enter).await && staff(StaffStep::Renew).await);
    assert!(!is_outside(&fixture, performance, 9, AdmittedAs::Staff).await);
    for _ in 0..2 {
        assert!(!staff(StaffStep::Leave).await);
    }
    assert!(!staff(StaffStep::Renew).await);
    assert!(is_outside(&fixture, performance, 9, AdmittedAs::Staff).await);
    assert!(staff(StaffStep::Enter).await);
    assert!(!is_outside(&fixture, performance, 9, AdmittedAs::Staff).await);
    assert_eq!(store.room.status(performance, &FAST).await.expect("asked").active, 0, "they take no place");
}
