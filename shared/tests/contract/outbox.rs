//! Events that wait: leased to one process at a time, in order, and removed once delivered.

use crate::{
    engines::on_every_engine,
    fixtures::{at, booking, claimed, uuid},
};
use domain::{PerformanceId, UserId};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use shared::ports::{BookingChange, Books, Event, Outbox, Replies, Shard};

on_every_engine![
    of_many_who_want_a_shard_one_has_it,
    an_ended_or_expired_lease_frees_the_shard,
    a_clock_that_is_set_back_holds_no_shard_up,
    every_change_waits_in_its_order_until_it_is_removed,
    an_older_change_that_was_committed_later_is_not_passed_over,
];

/// Leases of one test must not meet those of another: each has shards of its own.
const RACE: u8 = 0;
const HANDED_ON: u8 = 1;
const SET_BACK: u8 = 2;

fn shard(number: u8) -> Shard {
    Shard::new(number).expect("a shard")
}

async fn lease(store: &impl Outbox, shard: Shard, now_s: i64) -> Option<u64> {
    store.lease(shard, at(now_s), at(now_s + 5)).await.expect("answers")
}

async fn of_many_who_want_a_shard_one_has_it(store: &impl Outbox) {
    let mut last = 0;
    for now_s in [0, 5, 10] {
        let winners = join_all((0..8).map(|_| lease(store, shard(RACE), now_s))).await;
        let winners: Vec<_> = winners.into_iter().flatten().collect();
        assert!(matches!(winners[..], [fence] if fence > last), "{winners:?} after {last}");
        last = winners[0];
        assert_eq!(lease(store, shard(RACE), now_s + 4).await, None, "the lease still runs");
    }
}

async fn an_ended_or_expired_lease_frees_the_shard(store: &impl Outbox) {
    let shard = shard(HANDED_ON);
    let first = lease(store, shard, 0).await.expect("free");
    store.end_lease(shard, first).await.expect("answers");
    let second = lease(store, shard, 1).await.expect("given back");
    store.end_lease(shard, first).await.expect("answers");
    assert_eq!(lease(store, shard, 2).await, None, "an older fence ends nothing");
    let third = lease(store, shard, 6).await.expect("ran out");
    assert!(first < second && second < third);
}

async fn a_clock_that_is_set_back_holds_no_shard_up(store: &impl Outbox) {
    let shard = shard(SET_BACK);
    assert!(lease(store, shard, 3_600).await.is_some());
    assert!(lease(store, shard, 0).await.is_some());
    assert_eq!(lease(store, shard, 1).await, None, "the new lease runs");
}

/// Cases share the tables: returns only the events of this performance, with place and time.
async fn waiting_of(
    store: &impl Outbox,
    shard: Shard,
    performance: PerformanceId,
) -> Vec<(String, Timestamp, Event)> {
    let (mut mine, mut after) = (Vec::new(), None);
    loop {
        let page = store.waiting(shard, after.as_deref(), 3).await.expect("answers");
        after = page.last().map(|last| last.place.clone());
        let is_last = page.len() < 3;
        let events = page.into_iter().filter_map(|it| Some((it.place, it.at, it.event.ok()?)));
        mine.extend(events.filter(|(_, _, event)| event.performance == performance));
        if is_last {
            return mine;
        }
    }
}

async fn every_change_waits_in_its_order_until_it_is_removed(store: &(impl Outbox + Books + Replies)) {
    let (performance, user) = (PerformanceId(uuid()), UserId(uuid()));
    let before = booking(performance, user, &[1, 2], 7);
    let completion = claimed(store, user).await;
    store.reserve(&before, 4, at(0), &completion).await.expect("free seats");
    let after = before.cancel(0, at(9)).expect("it may be given back");
    let change =
        BookingChange { before: &before, after: &after, payment: None, completion: None, now: at(9) };
    store.change(&change).await.expect("changed");

    let shard = Shard::of(before.booking_id.0);
    let told = waiting_of(store, shard, performance).await;
    let event = |kind: &str| Event { kind: kind.to_owned(), performance, booking: Some(before.booking_id) };
    let events: Vec<_> = told.iter().map(|(_, at, event)| (*at, event.clone())).collect();
    assert_eq!(events, [(at(0), event("booking.reserved")), (at(9), event("booking.cancelled"))]);

    let first = &told[0].0;
    for _ in 0..2 {
        store.remove(shard, first).await.expect("removed, or removed already");
    }
    let left = waiting_of(store, shard, performance).await;
    assert_eq!(left.into_iter().map(|(.., event)| event).collect::<Vec<_>>(), [event("booking.cancelled")]);
}

async fn an_older_change_that_was_committed_later_is_not_passed_over(
    store: &(impl Outbox + Books + Replies),
) {
    let performance = PerformanceId(uuid());
    let late = at(1_000_000);
    let new = booking(performance, UserId(uuid()), &[1], 7);
    let completion = claimed(store, new.user_id).await;
    store.reserve(&new, 4, late, &completion).await.expect("a free seat");
    let shard = Shard::of(new.booking_id.0);
    assert_eq!(waiting_of(store, shard, performance).await.len(), 1);
    // Its transaction began earlier: whatever was read before must not hide its event.
    let old = loop {
        let other = booking(performance, UserId(uuid()), &[2], 7);
        if Shard::of(other.booking_id.0) == shard {
            break other;
        }
    };
    let completion = claimed(store, old.user_id).await;
    let earlier = late - SignedDuration::from_secs(5);
    store.reserve(&old, 4, earlier, &completion).await.expect("a free seat");
    let waiting = waiting_of(store, shard, performance).await;
    let bookings: Vec<_> = waiting.into_iter().filter_map(|(.., event)| event.booking).collect();
    assert_eq!(bookings, [old.booking_id, new.booking_id]);
}
