//! Redis is lost: sales stay, numbers stay, the cap holds, and the next call continues.

use crate::{
    locks::{indexes, reserved, says, sold, want},
    redis_store::{FAST, FakeBooks, Fixture, a_performance, store, user},
    room::{join, number},
};
use domain::{
    PerformanceId,
    draw::{Block, leaf},
    layout::SeatIndex,
    queue::{Flow, Gathering, PlaceState, SETTLE_MS, Standing},
    seat::{Ownership, SeatRecord, SeatState},
};
use futures_util::future::join_all;
use jiff::Timestamp;
use shared::deadline;
use shared::ports::{
    AdmittedAs, ClaimError, Health as _, HoldError, MapRead, SeatLocks as _, StoreError, WaitingRoom as _,
};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, time::sleep};

/// Waits until the room goes on after a loss.
async fn settle() {
    sleep(Duration::from_millis(SETTLE_MS + 20)).await;
}

#[tokio::test]
async fn the_map_comes_back_from_the_books_and_fences_keep_growing() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let before = store.locks.hold(&want(performance, user(1), &[5])).await.expect("free").hold;
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
    let MapRead::Full { version, taken } =
        store.locks.map(performance, Some(before.fence)).await.expect("a map")
    else {
        panic!("no log reaches across a loss")
    };
    assert_eq!(taken, [(SeatIndex(2), SeatState::Held), (SeatIndex(1), SeatState::Sold)]);
    let after = store.locks.hold(&want(performance, user(2), &[5])).await.expect("the lock is lost").hold;
    assert!(version > before.fence && after.fence > version);
    assert_eq!(
        store.locks.extend(before.hold_id, user(1), AdmittedAs::Anyone, 1_000).await.expect("asked"),
        None
    );
    let refusal =
        store.locks.hold(&want(performance, user(1), &[6, 7, 8])).await.expect_err("has two already");
    assert!(matches!(refusal, HoldError::LimitExceeded));
    let refusal = store.locks.hold(&want(performance, user(3), &[1, 3])).await.expect_err("1 is sold");
    assert!(matches!(refusal, HoldError::Sold(seats) if seats == indexes(&[1])));
}

/// The books of a performance after a replica stopped listening: seat 5 was sold and given back under a later fence.
async fn a_replica_of_a_moment_before(fixture: &mut Fixture, performance: PerformanceId) -> u64 {
    let far = Timestamp::from_second(4_000_000_000).expect("in range");
    let early = fixture.store.locks.hold(&want(performance, user(1), &[5])).await.expect("free").hold;
    let reserved = [says(5, user(1), early.fence, reserved(user(1), far))];
    fixture.store.locks.project(performance, &reserved).await.expect("projected");
    let replica = fixture.replica_that_hears_no_more().await;

    let freed = [says(5, user(1), early.fence, Ownership::Available)];
    fixture.store.locks.project(performance, &freed).await.expect("projected");
    let late = fixture.store.locks.hold(&want(performance, user(2), &[5])).await.expect("free").hold;
    fixture.books.with(performance, |kept| {
        let record = SeatRecord { ownership: Ownership::Available, fence: late.fence };
        kept.seats.insert(SeatIndex(5), record);
    });
    fixture.promote(replica);
    late.fence
}

#[tokio::test]
async fn a_map_that_may_have_missed_the_last_moment_is_not_shown() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    let fence = a_replica_of_a_moment_before(&mut fixture, performance).await;
    let MapRead::Full { version, taken } = fixture.store.locks.map(performance, None).await.expect("a map")
    else {
        panic!("asked for all")
    };
    assert_eq!((taken, version > fence), (vec![], true));
    let held = fixture.store.locks.hold(&want(performance, user(3), &[5])).await.expect("free").hold;
    assert!(held.fence > fence);
}

#[tokio::test]
async fn a_fence_of_the_future_shows_that_redis_went_back_in_time() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    let fence = a_replica_of_a_moment_before(&mut fixture, performance).await;
    let store = &fixture.store;
    // Before the first read, a hold may still be granted under a fence that the books refuse.
    let stale = store.locks.hold(&want(performance, user(3), &[6])).await.expect("free").hold;
    assert!(stale.fence <= fence);
    store
        .locks
        .project(performance, &[says(5, user(2), fence, Ownership::Available)])
        .await
        .expect("rebuilt");
    let held = store.locks.hold(&want(performance, user(4), &[5])).await.expect("free").hold;
    assert!(held.fence > fence);
    assert_eq!(
        fixture.books.with(performance, |kept| kept.read),
        1,
        "not at first, when all was untouched, and then once"
    );
}

#[tokio::test]
async fn a_fence_that_cannot_have_been_given_is_not_rebuilt_for_ever() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let wild = says(1, user(1), 1 << 50, sold(user(1)));
    store.locks.project(performance, &[wild]).await.expect("believed");
    let refusal = store.locks.hold(&want(performance, user(2), &[1])).await.expect_err("sold");
    assert!(matches!(refusal, HoldError::Sold(_)));
}

#[tokio::test]
async fn one_rebuilds_and_the_others_follow() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let processes: Vec<_> = (0..4).map(|_| fixture.another()).collect();
    let holds = (0..100u32).map(|n| {
        let process = &processes[n as usize % 4];
        async move { process.locks.hold(&want(performance, user(n.into()), &[n])).await }
    });
    assert!(join_all(holds).await.into_iter().all(|held| held.is_ok()));
    // A sale that Redis has never seen needs no reads.
    assert_eq!(fixture.books.with(performance, |kept| kept.read), 0);
    fixture.flush().await;
    let maps = processes.iter().cycle().take(100).map(|process| process.locks.map(performance, None));
    assert!(join_all(maps).await.into_iter().all(|map| map.is_ok()));
    assert_eq!(fixture.books.with(performance, |kept| kept.read), 1);
}

#[tokio::test]
async fn while_another_process_rebuilds_the_answer_is_to_come_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    store.locks.map(performance, None).await.expect("a map");
    fixture.flush().await;
    fixture.books.begin_and_die(performance);
    let asked = Instant::now();
    let read = deadline::within(Duration::from_millis(1_300), store.locks.map(performance, None)).await;
    let refusal = read.expect("before the request's deadline").expect_err("lost");
    assert!(matches!(refusal, StoreError::Rebuilding));
    assert!(asked.elapsed() >= Duration::from_millis(300), "it waits for as long as it may");
    fixture.books.end_lease(performance);
    store.locks.map(performance, None).await.expect("back");
}

#[tokio::test]
async fn numbers_are_kept_and_none_is_given_twice() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    for n in 1..=50 {
        join(store, performance, n).await;
    }
    fixture.flush().await;
    let newcomer = join(store, performance, 99).await.0.standing.position();
    assert!(newcomer > 50);
    for n in (1..=50u32).rev() {
        let (place, is_new) =
            store.room.join(performance, user(n.into()), Some(number(n)), &FAST).await.expect("joined");
        assert_eq!((place.standing, is_new), (number(n), false));
    }
    assert!(join(store, performance, 100).await.0.standing.position() > newcomer);
}

#[tokio::test]
async fn those_inside_stay_and_the_free_places_are_given_within_seconds() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let flow = Flow { cap: 3, ..FAST };
    for n in 1..=5 {
        join(store, performance, n).await;
    }
    for n in [1, 2] {
        store.room.claim(performance, user(n.into()), number(n), &flow).await.expect("called");
    }
    let before = store.room.renew(performance, user(1), &flow).await.expect("asked").expect("inside");
    fixture.flush().await;
    let renewed = store.room.renew(performance, user(1), &flow).await.expect("asked").expect("inside");
    assert!(renewed.ends_at_ms.abs_diff(before.ends_at_ms) <= 1);
    // Buyers called before the loss get time, so that no other overtakes them.
    let refusal = store.room.claim(performance, user(3), number(3), &flow).await.expect_err("settling");
    assert!(matches!(refusal, ClaimError::NotYet(place) if place.standing == number(3)));
    settle().await;
    let (session, is_new) =
        store.room.claim(performance, user(3), number(3), &flow).await.expect("there is room");
    assert!(is_new && session.ends_at_ms > renewed.ends_at_ms);
    for n in [4, 5] {
        let refusal =
            store.room.claim(performance, user(n.into()), number(n), &flow).await.expect_err("full");
        assert!(matches!(refusal, ClaimError::NotYet(place) if place.standing == number(n)));
    }
    store.room.leave(performance, user(2), None).await.expect("left");
    store.room.claim(performance, user(4), number(4), &flow).await.expect("a place is free");
    assert_eq!(store.room.status(performance, &flow).await.expect("asked").active, 3);
    assert_eq!(fixture.books.with(performance, |kept| kept.inside.len()), 3);
}

#[tokio::test]
async fn a_buyer_called_before_the_loss_is_called_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    for n in 1..=3 {
        join(store, performance, n).await;
    }
    assert_eq!(store.room.status(performance, &FAST).await.expect("asked").serving, 3);
    fixture.flush().await;
    let status = store.room.status(performance, &FAST).await.expect("asked");
    assert!(status.serving >= 3, "{status:?}");
    let place = store.room.place(performance, user(2), number(2), &FAST).await.expect("asked");
    assert_eq!((place.standing, place.state), (number(2), PlaceState::Called));
    settle().await;
    store.room.claim(performance, user(2), number(2), &FAST).await.expect("called");
}

#[tokio::test]
async fn a_buyer_who_left_after_the_loss_stays_out() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    join(store, performance, 1).await;
    store.room.claim(performance, user(1), number(1), &FAST).await.expect("called");
    fixture.flush().await;
    store.room.leave(performance, user(1), None).await.expect("left");
    assert_eq!(store.room.renew(performance, user(1), &FAST).await.expect("asked"), None);
    let place = store.room.place(performance, user(1), number(1), &FAST).await.expect("asked");
    assert_eq!((place.standing, place.state), (number(1), PlaceState::Left));
    fixture.flush().await;
    assert_eq!(store.room.renew(performance, user(1), &FAST).await.expect("asked"), None, "the books know");
}

#[tokio::test]
async fn a_replica_that_missed_the_last_moment_issues_no_number_twice_and_keeps_the_cap() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    let flow = Flow { cap: 3, ..FAST };
    for n in 1..=4 {
        join(&fixture.store, performance, n).await;
    }
    fixture.store.room.claim(performance, user(1), number(1), &flow).await.expect("called");
    let replica = fixture.replica_that_hears_no_more().await;
    for n in [5, 6] {
        join(&fixture.store, performance, n).await;
    }
    for n in [2, 3] {
        fixture.store.room.claim(performance, user(n.into()), number(n), &flow).await.expect("called");
    }
    fixture.store.room.leave(performance, user(1), None).await.expect("left");
    let before = fixture.store.room.status(performance, &flow).await.expect("asked");
    fixture.promote(replica);

    let store = &fixture.store;
    let after = store.room.status(performance, &flow).await.expect("asked");
    assert_eq!(after.active, 2, "the books know who is inside");
    assert!(after.serving >= before.serving, "{before:?} {after:?}");
    assert!(join(store, performance, 7).await.0.standing.position() > 6);
    let (place, is_new) =
        store.room.join(performance, user(6), Some(number(6)), &flow).await.expect("joined");
    assert_eq!((place.standing, is_new), (number(6), false));
    settle().await;
    store.room.claim(performance, user(4), number(4), &flow).await.expect("called, and there is room");
    let refusal = store.room.claim(performance, user(5), number(5), &flow).await.expect_err("full");
    assert!(matches!(refusal, ClaimError::NotYet(_)));
}

#[tokio::test]
async fn those_who_gathered_keep_their_entries_and_their_numbers() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FAST };
    let open = Flow { gathering: Gathering::Over, ..FAST };
    for n in 1..=203u32 {
        let (place, is_new) =
            store.room.join(performance, user(n.into()), None, &gather).await.expect("joined");
        assert_eq!((place.standing, is_new), (Standing::Entry(n.into()), true));
    }
    let leased_to = fixture.books.with(performance, |kept| kept.marks.leased_to);
    assert_eq!(fixture.books.with(performance, |kept| kept.roster.last().map(Block::last)), Some(200));
    fixture.flush().await;
    let entry = Standing::Entry(7);
    let (place, is_new) = store.room.join(performance, user(7), Some(entry), &gather).await.expect("joined");
    assert_eq!((place.standing, place.state, is_new), (entry, PlaceState::Prequeue, false));
    let late = store.room.join(performance, user(900), None, &gather).await.expect("joined").0.standing;
    assert_eq!(late, Standing::Entry(leased_to + 1), "no entry of the lost block is given twice");

    let number_of = async |n: u32| {
        let held = Standing::Entry(n.into());
        store.room.place(performance, user(n.into()), held, &open).await.expect("asked").standing
    };
    let mut numbers = BTreeSet::new();
    for n in 1..=203 {
        numbers.insert(number_of(n).await.number().expect("drawn"));
    }
    let draw = store.room.draw(performance).await.expect("asked").expect("made");
    assert_eq!((numbers.len(), draw.pool_size), (203, leased_to + 1));
    assert_eq!(number_of(7).await, Standing::Number(draw.number_of(7)));
    fixture.flush().await;
    assert_eq!(number_of(7).await, Standing::Number(draw.number_of(7)));
    let last = store.room.join(performance, user(901), None, &open).await.expect("joined").0.standing;
    assert!(matches!(last, Standing::Number(number) if number > leased_to + 1), "{last:?}");
}

#[tokio::test]
async fn entries_that_a_replica_still_has_go_into_the_roster() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FAST };
    for n in 1..=3 {
        fixture.store.room.join(performance, user(n), None, &gather).await.expect("joined");
    }
    let replica = fixture.replica_that_hears_no_more().await;
    fixture.promote(replica);
    fixture.store.room.status(performance, &gather).await.expect("asked");
    let written = fixture.books.with(performance, |kept| kept.roster.clone());
    assert_eq!(written.iter().map(|block| (block.first, block.leaves.len())).collect::<Vec<_>>(), [(1, 3)]);
    assert_eq!(written[0].leaves[2], leaf(performance, 3, user(3)));
    let (place, is_new) = fixture.store.room.join(performance, user(2), None, &gather).await.expect("joined");
    assert_eq!((place.standing, is_new), (Standing::Entry(2), false));
}

#[tokio::test]
async fn keys_of_an_older_version_are_in_no_ones_way() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let key = format!("y:{{{performance}}}");
    fixture.tell(&format!("HSET {key} version 1 issued 7 serving 3")).await;
    fixture.tell(&format!("HSET {key}:members x 5")).await;
    fixture.tell(&format!("HSET {key}:sessions x 5")).await;
    let (place, _) = store.room.join(performance, user(1), None, &FAST).await.expect("joined");
    store.room.claim(performance, user(1), place.standing, &FAST).await.expect("called");
}

#[tokio::test]
async fn the_next_call_after_a_restart_goes_on() {
    let mut fixture = Fixture::start().await;
    let performance = a_performance();
    join(&fixture.store, performance, 1).await;
    fixture.redis.restart().await.expect("up again");
    fixture.books.end_lease(performance);
    let held = Some(number(1));
    let (place, _) = fixture.store.room.join(performance, user(1), held, &FAST).await.expect("joined");
    assert_eq!(place.standing, number(1));
    fixture.store.redis.check().await.expect("healthy");
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_an_error_and_not_a_hang() {
    // It accepts connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("redis://{}", silent.local_addr().expect("bound"));
    let store = store(&url, &Arc::new(FakeBooks::default()));
    for _ in 0..2 {
        let asked = Instant::now();
        let refusal = store.locks.map(a_performance(), None).await.expect_err("silent");
        assert!(matches!(refusal, StoreError::Unavailable { store: "redis", .. }));
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    }
    drop(silent);
    let asked = Instant::now();
    assert!(store.redis.check().await.is_err());
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
}
