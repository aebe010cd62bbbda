//! The waiting room: one number per person, in order, and never more inside than the cap.

use crate::redis_store::{FAST, Fixture, Process, a_performance, user};
use domain::{
    PerformanceId,
    queue::{Flow, Gathering, Place, PlaceState, Session, Standing},
};
use futures_util::future::join_all;
use shared::ports::{ClaimError, WaitingRoom as _};
use std::{collections::BTreeSet, time::Duration};
use tokio::time::sleep;

pub(crate) async fn join(store: &Process, performance: PerformanceId, who: u128) -> (Place, bool) {
    store.room.join(performance, user(who), None, &FAST).await.expect("joined")
}

pub(crate) fn number(number: u32) -> Standing {
    Standing::Number(number.into())
}

#[tokio::test]
async fn joining_again_keeps_the_number() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let (first, is_new) = join(&fixture.store, performance, 1).await;
    assert!(is_new);
    let standing = Standing::Number(1);
    assert_eq!(first, Place { standing, state: PlaceState::Waiting, ahead: 0, called_per_min: 0 });
    assert_eq!(join(&fixture.store, performance, 2).await.0.standing, Standing::Number(2));
    assert_eq!(join(&fixture.store, performance, 1).await, (first, false));
}

#[tokio::test]
async fn the_first_comer_is_called_at_once() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let slow = Flow { rate_per_min: 1, ..FAST };
    join(&fixture.store, performance, 1).await;
    join(&fixture.store, performance, 2).await;
    let status = fixture.store.room.status(performance, &slow).await.expect("asked");
    assert_eq!((status.serving, status.issued, status.active), (1, 2, 0));
    assert_eq!(fixture.store.room.status(performance, &slow).await.expect("asked").serving, 1);
}

#[tokio::test]
async fn many_who_join_at_once_through_many_processes_get_each_their_number() {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    let processes: Vec<_> = (0..4).map(|_| fixture.another()).collect();
    let joins = (0..1_000).map(|n| join(&processes[n % 4], performance, n as u128 % 500));
    let numbers: BTreeSet<_> =
        join_all(joins).await.into_iter().map(|(place, _)| place.standing.position()).collect();
    assert_eq!(numbers, (1..=500).collect());
    // Others wait for the lease under way instead of leasing more.
    let leased_to = fixture.books.with(performance, |kept| kept.marks.leased_to);
    assert!((500..560).contains(&leased_to), "{leased_to}");
}

#[tokio::test]
async fn calls_are_leased_also_where_a_drawn_number_is_asked_for_first() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FAST };
    store.room.join(performance, user(1), None, &gather).await.expect("joined");
    let open = Flow { gathering: Gathering::Over, ..FAST };
    store.room.status(performance, &Flow { calling: false, ..open }).await.expect("drawn");
    // The same step asks for the number and promises that calls are leased.
    let place = store.room.place(performance, user(1), Standing::Entry(1), &open).await.expect("asked");
    assert_eq!((place.standing, place.state), (Standing::Number(1), PlaceState::Called));
}

#[tokio::test]
async fn claims_at_once_never_exceed_the_cap() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    for n in 0..40 {
        join(store, performance, n).await;
    }
    let wide = Flow { cap: 40, ..FAST };
    assert_eq!(store.room.status(performance, &wide).await.expect("asked").serving, 40);
    // The cap is lowered while forty are called.
    let narrow = Flow { cap: 7, ..FAST };
    let claims = (0..40u32)
        .map(|n| async move { store.room.claim(performance, user(n.into()), number(n + 1), &narrow).await });
    let inside = join_all(claims).await.into_iter().flatten().count();
    assert_eq!(inside, 7);
    assert_eq!(store.room.status(performance, &narrow).await.expect("asked").active, 7);
}

#[tokio::test]
async fn a_buyer_inside_gets_the_running_session_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let (place, _) = join(store, performance, 1).await;
    let (session, is_new) =
        store.room.claim(performance, user(1), place.standing, &FAST).await.expect("called");
    let (again, is_again_new) =
        store.room.claim(performance, user(1), place.standing, &FAST).await.expect("inside");
    assert!(is_new && !is_again_new && session == again);
    assert_eq!(session.ends_at_ms - session.expires_at_ms, FAST.session_ms - FAST.heartbeat_ms);
    assert_eq!(join(store, performance, 1).await.0.state, PlaceState::Admitted);
}

#[tokio::test]
async fn a_paused_room_calls_no_buyer_and_loses_none() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let paused = Flow { calling: false, ..FAST };
    let (place, _) = join(store, performance, 1).await;
    let refusal = store.room.claim(performance, user(1), number(1), &paused).await.expect_err("paused");
    assert!(matches!(refusal, ClaimError::NotYet(kept) if kept == place));
    assert!(store.room.claim(performance, user(1), number(1), &FAST).await.is_ok());
}

#[tokio::test]
async fn a_buyer_who_left_is_out_whatever_tokens_they_have() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    join(store, performance, 1).await;
    store.room.claim(performance, user(1), number(1), &FAST).await.expect("called");
    for _ in 0..2 {
        store.room.leave(performance, user(1), Some(number(1))).await.expect("left");
    }
    assert_eq!(
        store.room.place(performance, user(1), number(1), &FAST).await.expect("asked").state,
        PlaceState::Left
    );
    assert_eq!(store.room.renew(performance, user(1), &FAST).await.expect("asked"), None);
    assert!(matches!(
        store.room.claim(performance, user(1), number(1), &FAST).await,
        Err(ClaimError::Lapsed)
    ));
    let (back, is_new) = store.room.join(performance, user(1), Some(number(1)), &FAST).await.expect("joined");
    assert_eq!((back.standing, is_new), (number(2), true));
    // The old admission does not let the buyer skip the queue.
    assert_eq!(store.room.renew(performance, user(1), &FAST).await.expect("asked"), None);
}

#[tokio::test]
async fn a_session_without_a_sign_of_life_makes_room() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let brief = Flow { cap: 1, heartbeat_ms: 60, ..FAST };
    join(store, performance, 1).await;
    join(store, performance, 2).await;
    let (session, _) = store.room.claim(performance, user(1), number(1), &brief).await.expect("called");
    let renewed = store.room.renew(performance, user(1), &brief).await.expect("asked").expect("inside");
    assert!(renewed.expires_at_ms >= session.expires_at_ms && renewed.ends_at_ms == session.ends_at_ms);
    assert!(matches!(
        store.room.claim(performance, user(2), number(2), &brief).await,
        Err(ClaimError::NotYet(_))
    ));
    sleep(Duration::from_millis(80)).await;
    assert!(store.room.claim(performance, user(2), number(2), &brief).await.is_ok());
    let over = store.room.renew(performance, user(1), &brief).await.expect("asked");
    assert_eq!(over, None);
}

#[tokio::test]
async fn a_session_is_not_renewed_beyond_its_end() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let brief = Flow { session_ms: 50, ..FAST };
    join(store, performance, 1).await;
    let (session, _) = store.room.claim(performance, user(1), number(1), &brief).await.expect("called");
    let renewed: Option<Session> = store.room.renew(performance, user(1), &brief).await.expect("asked");
    assert_eq!(renewed.map(|renewed| renewed.expires_at_ms), Some(session.ends_at_ms));
    sleep(Duration::from_millis(60)).await;
    assert_eq!(store.room.renew(performance, user(1), &brief).await.expect("asked"), None);
}
