//! What survives the loss of Redis.

use crate::{
    engines::{on_every_engine, on_simulated_books},
    fixtures::{at, booking, claimed, listed, uuid},
};
use domain::{
    PerformanceId, UserId,
    layout::SeatIndex,
    queue::QueueMarks,
    seat::{Ownership, SeatRecord},
};
use futures_util::future::join_all;
use shared::ports::{Books, Programme, QueueBooks, Recovery, Replies};

on_every_engine![
    of_many_who_rebuild_one_wins,
    a_rebuild_that_is_done_makes_way_for_the_next,
    a_clock_that_is_set_back_holds_nothing_up,
    every_touched_seat_is_found,
    a_performance_ends_with_its_sale_or_its_start,
];

// The stories have neither seats nor an end, so two cases are for real engines alone.
on_simulated_books![
    of_many_who_rebuild_one_wins,
    a_rebuild_that_is_done_makes_way_for_the_next,
    a_clock_that_is_set_back_holds_nothing_up,
];

async fn begin(store: &impl Recovery, performance: PerformanceId, now_s: i64) -> Option<u64> {
    let begun = Recovery::begin(store, performance, at(now_s), 30).await.expect("answers");
    begun.map(|marks| marks.epoch)
}

async fn of_many_who_rebuild_one_wins(store: &(impl Recovery + QueueBooks)) {
    let performance = PerformanceId(uuid());
    for (round, now_s) in (1..).zip([0, 30, 60]) {
        let outcomes = join_all((0..8).map(|_| begin(store, performance, now_s))).await;
        let winners: Vec<_> = outcomes.into_iter().flatten().collect();
        assert_eq!(winners, [round]);
        assert_eq!(begin(store, performance, now_s + 29).await, None, "the lease still runs");
    }
    store.lease_calls(performance, 7).await.expect("answers");
    let leased_to = store.lease_numbers(performance, 20, None).await.expect("answers");
    let begun = Recovery::begin(store, performance, at(90), 30).await.expect("answers");
    assert_eq!(begun, Some(QueueMarks { epoch: 4, leased_to, called_to: 7, pool_size: None }));
}

async fn a_performance_ends_with_its_sale_or_its_start(store: &(impl Recovery + Programme)) {
    let (_, performance) = listed(store).await;
    let ends_at = performance.starts_at.max(performance.sale.closes_at);
    assert_eq!(store.ends_at(performance.performance_id).await.expect("answers"), Some(ends_at));
    assert_eq!(store.ends_at(PerformanceId(uuid())).await.expect("answers"), None);
}

async fn a_rebuild_that_is_done_makes_way_for_the_next(store: &impl Recovery) {
    let performance = PerformanceId(uuid());
    assert!(begin(store, performance, 0).await.is_some());
    store.finish(performance, 1).await.expect("answers");
    assert_eq!(begin(store, performance, 1).await, Some(2));
    store.finish(performance, 1).await.expect("answers");
    assert_eq!(begin(store, performance, 2).await, None, "an older epoch ends nothing");
}

async fn a_clock_that_is_set_back_holds_nothing_up(store: &impl Recovery) {
    let performance = PerformanceId(uuid());
    assert!(begin(store, performance, 3_600).await.is_some());
    assert_eq!(begin(store, performance, 0).await, Some(2));
    assert_eq!(begin(store, performance, 1).await, None, "the new lease runs");
}

async fn every_touched_seat_is_found(store: &(impl Recovery + Books + Replies + Programme)) {
    let (_, performance) = listed(store).await;
    let performance = performance.performance_id;
    assert_eq!(store.seats(performance).await.expect("answers"), []);
    assert_eq!(store.seats(PerformanceId(uuid())).await.expect("answers"), []);
    let user = UserId(uuid());
    let indices = [0, 499, 500, 1_199];
    let booking = booking(performance, user, &indices, 7);
    let completion = claimed(store, user).await;
    store.reserve(&booking, 4, at(0), &completion).await.expect("free seats");
    let ownership =
        Ownership::Reserved { booking: booking.booking_id, user, until: booking.reserved_until() };
    let record = SeatRecord { ownership, fence: 7 };
    let mut found = store.seats(performance).await.expect("answers");
    found.sort_by_key(|(index, _)| *index);
    assert_eq!(found, indices.map(|index| (SeatIndex(index), record.clone())));
}
