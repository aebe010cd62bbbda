//! Losses can give one account several numbers. The earliest shown counts, on every device, and once it has ended none of
//! them comes back.

use crate::{
    redis_store::{FAST, Fixture, Process, a_performance, user},
    room::{join, number},
};
use domain::queue::{Flow, Gathering, PlaceState, SETTLE_MS, Standing};
use shared::ports::WaitingRoom as _;
use std::time::Duration;
use tokio::time::sleep;

/// A flow in which no number is called.
const CLOSED: Flow = Flow { calling: false, ..FAST };

/// Ten people have joined, and Redis has forgotten them. The tenth has joined again without a ticket.
async fn ten_of_whom_one_came_again() -> (Fixture, domain::PerformanceId, Standing) {
    let fixture = Fixture::start().await;
    let performance = a_performance();
    for n in 1..=10 {
        join(&fixture.store, performance, n).await;
    }
    fixture.flush().await;
    let (place, is_new) = join(&fixture.store, performance, 10).await;
    assert!(is_new && place.standing.position() > 10);
    (fixture, performance, place.standing)
}

async fn told(
    store: &Process,
    performance: domain::PerformanceId,
    held: Standing,
    flow: &Flow,
) -> (Standing, PlaceState) {
    let (place, _) = store.room.join(performance, user(10), Some(held), flow).await.expect("joined");
    (place.standing, place.state)
}

#[tokio::test]
async fn the_earliest_number_that_is_proven_wins_on_every_device() {
    let (fixture, performance, later) = ten_of_whom_one_came_again().await;
    let store = &fixture.store;
    let waiting = (number(10), PlaceState::Waiting);
    assert_eq!(told(store, performance, number(10), &CLOSED).await, waiting);
    assert_eq!(told(store, performance, later, &CLOSED).await, waiting, "on the other device, too");
    let (place, is_new) = store.room.join(performance, user(10), None, &CLOSED).await.expect("joined");
    assert_eq!((place.standing, is_new), (number(10), false), "and on one without a ticket");
    let place = store.room.place(performance, user(10), later, &CLOSED).await.expect("asked");
    assert_eq!((place.standing, place.state, place.ahead), (number(10), PlaceState::Waiting, 9));
}

#[tokio::test]
async fn the_later_number_is_not_called() {
    let (fixture, performance, later) = ten_of_whom_one_came_again().await;
    let store = &fixture.store;
    assert_eq!(told(store, performance, number(10), &CLOSED).await.0, number(10));
    sleep(Duration::from_millis(SETTLE_MS + 20)).await;
    let wide = Flow { cap: 100, ..FAST };
    let status = store.room.status(performance, &wide).await.expect("asked");
    assert!(status.serving >= later.position());
    store.room.claim(performance, user(10), later, &wide).await.expect("their turn, by the tenth number");
    store.room.leave(performance, user(10), None).await.expect("left");
    for ticket in [number(10), later] {
        let place = store.room.place(performance, user(10), ticket, &wide).await.expect("asked");
        assert_eq!(place.state, PlaceState::Left, "{ticket:?}");
    }
    let (anew, is_new) =
        store.room.join(performance, user(10), Some(number(10)), &wide).await.expect("joined");
    assert!(is_new && anew.standing.position() > later.position());
    for ticket in [number(10), later] {
        assert_eq!(told(store, performance, ticket, &wide).await.0, anew.standing, "{ticket:?} has ended");
    }
}

#[tokio::test]
async fn a_number_that_was_passed_while_it_was_forgotten_is_called_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let narrow = Flow { cap: 1, ..FAST };
    for n in 1..=10 {
        join(store, performance, n).await;
    }
    store.room.claim(performance, user(1), number(1), &narrow).await.expect("called");
    let wide = Flow { cap: 100, ..FAST };
    assert_eq!(store.room.status(performance, &wide).await.expect("asked").serving, 10);
    fixture.flush().await;
    let later = join(store, performance, 10).await.0.standing;
    assert_eq!(told(store, performance, number(10), &wide).await, (number(10), PlaceState::Called));
    assert_eq!(told(store, performance, later, &wide).await, (number(10), PlaceState::Called));
    let serving = store.room.status(performance, &wide).await.expect("asked").serving;
    assert!(serving >= 10, "{serving}");
}

#[tokio::test]
async fn the_order_in_which_the_tickets_are_shown_does_not_matter() {
    let (fixture, performance, second) = ten_of_whom_one_came_again().await;
    fixture.flush().await;
    let store = &fixture.store;
    let third = join(store, performance, 10).await.0.standing;
    assert!(third.position() > second.position());
    for (ticket, counts) in
        [(second, second), (third, second), (number(10), number(10)), (second, number(10))]
    {
        assert_eq!(told(store, performance, ticket, &CLOSED).await.0, counts, "{ticket:?}");
    }
}

#[tokio::test]
async fn the_earliest_entry_counts_while_people_gather_and_a_drawn_number_counts_before_a_later_one() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FAST };
    let open = Flow { calling: false, gathering: Gathering::Over, ..FAST };
    for n in 1..=10 {
        store.room.join(performance, user(n), None, &gather).await.expect("joined");
    }
    fixture.flush().await;
    let (place, is_new) = store.room.join(performance, user(10), None, &gather).await.expect("joined");
    assert!(is_new && place.standing.position() > 10);
    let later = place.standing;
    let entry = Standing::Entry(10);
    for ticket in [entry, later] {
        assert_eq!(told(store, performance, ticket, &gather).await, (entry, PlaceState::Prequeue));
    }
    store.room.status(performance, &open).await.expect("drawn");
    let draw = store.room.draw(performance).await.expect("asked").expect("made");
    let drawn = Standing::Number(draw.number_of(10));
    assert_eq!(told(store, performance, later, &open).await.0, drawn);

    // Once more, after the draw.
    fixture.flush().await;
    let late = store.room.join(performance, user(10), None, &open).await.expect("joined").0.standing;
    assert!(late.position() > draw.pool_size);
    for ticket in [entry, late] {
        assert_eq!(told(store, performance, ticket, &open).await.0, drawn, "{ticket:?}");
    }
}
