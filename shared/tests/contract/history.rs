//! The history of sales: what a look sees, what is kept of it, and what a loss of Redis does to it.

use crate::{
    engines::on_every_engine,
    fixtures::{at, uuid},
    locks::{reserved, says, sold, want},
    redis_store::{FAST, Fixture, a_performance, user},
};
use domain::{
    PerformanceId,
    history::{Counted, Entrance, Interval, NeverGiven, Reached, RoomLevels, SaleMinute},
    layout::SeatIndex,
    queue::{Flow, Standing},
    seat::{SeatFigures, SeatRecord},
};
use jiff::Timestamp;
use shared::ports::{Projection, SaleHistory, SeatLocks as _, Tallies as _, WaitingRoom as _};

on_every_engine![
    looks_are_kept_in_order_and_apart,
    a_coarser_interval_has_its_last_look,
    the_later_look_of_a_minute_stays,
    of_too_many_looks_the_newest_are_read,
];

fn look(s: i64, sold: u64) -> SaleMinute {
    SaleMinute {
        at: at(s),
        seats: SeatFigures { held: 3, reserved: 2, sold },
        room: RoomLevels { waiting: 7, inside: 5, cap: 9 },
        reached: Reached { joined: 20, called: 13, entered: 12, held: 8, booked: 6, paid: sold },
        counted: Counted { life: 1, joined: 20, entered: 12, held: 8, booked: 6, paid: sold },
        never_given: NeverGiven { count: 3, last: 2, to: 20 },
    }
}

async fn kept(store: &impl SaleHistory, performance: PerformanceId, looks: &[SaleMinute]) {
    for look in looks {
        store.record(performance, look, at(1_000_000)).await.expect("kept");
    }
}

async fn looks_are_kept_in_order_and_apart(store: &impl SaleHistory) {
    let (performance, another) = (PerformanceId(uuid()), PerformanceId(uuid()));
    let looks = [look(0, 1), look(60, 2), look(180, 3)];
    kept(store, performance, &looks).await;
    kept(store, another, &[look(120, 9)]).await;
    let read = |from, to| store.looks(performance, Interval::Minute, (at(from), at(to)), 100);
    assert_eq!(read(0, 180).await.expect("answers"), looks);
    assert_eq!(read(59, 170).await.expect("answers"), looks[..2]);
    assert_eq!(read(181, 0).await.expect("answers"), []);
    assert_eq!(store.last(performance, at(179)).await.expect("answers"), Some(looks[1]));
    assert_eq!(store.last(performance, at(1_000)).await.expect("answers"), Some(looks[2]));
    assert_eq!(store.last(PerformanceId(uuid()), at(0)).await.expect("answers"), None);
}

async fn a_coarser_interval_has_its_last_look(store: &impl SaleHistory) {
    let performance = PerformanceId(uuid());
    let looks: Vec<_> = (0..40).map(|minute| look(minute * 60, 1)).collect();
    kept(store, performance, &looks).await;
    let period = (at(0), at(40 * 60));
    let quarters = store.looks(performance, Interval::QuarterHour, period, 100).await.expect("answers");
    let lasts = looks.chunk_by(|one, next| {
        Interval::QuarterHour.begin_of(one.at) == Interval::QuarterHour.begin_of(next.at)
    });
    assert_eq!(quarters, lasts.filter_map(|quarter| quarter.last().copied()).collect::<Vec<_>>());
    let whole = store.looks(performance, Interval::SixHours, period, 100).await.expect("answers");
    assert_eq!(whole.last(), looks.last());
}

async fn the_later_look_of_a_minute_stays(store: &impl SaleHistory) {
    let performance = PerformanceId(uuid());
    let (early, late) = (look(0, 1), look(1, 2));
    assert_eq!(Interval::Minute.begin_of(early.at), Interval::Minute.begin_of(late.at));
    kept(store, performance, &[early, late, late, early]).await;
    assert_eq!(store.last(performance, at(1)).await.expect("answers"), Some(late));
}

async fn of_too_many_looks_the_newest_are_read(store: &impl SaleHistory) {
    let performance = PerformanceId(uuid());
    let looks: Vec<_> = (0..6).map(|minute| look(minute * 60, 1)).collect();
    kept(store, performance, &looks).await;
    let read = store.looks(performance, Interval::Minute, (at(0), at(600)), 4).await;
    assert_eq!(read.expect("answers"), looks[2..]);
}

/// Two are inside at most.
const FLOW: Flow = Flow { cap: 2, ..FAST };

/// Shows it twice: a repeat counts once.
async fn show(fixture: &Fixture, performance: PerformanceId, change: Projection) {
    for _ in 0..2 {
        let changes = std::slice::from_ref(&change);
        fixture.store.locks.project(performance, changes).await.expect("projected");
    }
}

#[tokio::test]
async fn a_tally_counts_each_buyer_once_at_every_step() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    for (number, name) in (1..=5).zip(1_u128..) {
        store.room.join(performance, user(name), None, &FLOW).await.expect("joined");
        store.room.join(performance, user(name), None, &FLOW).await.expect("joined again");
        if number <= 2 {
            let held = Standing::Number(number);
            store.room.claim(performance, user(name), held, &FLOW).await.expect("inside");
            store.room.claim(performance, user(name), held, &FLOW).await.expect("inside already");
        }
    }
    store.room.leave(performance, user(5), Some(Standing::Number(5))).await.expect("left");

    // One buyer changes their mind and holds another seat.
    let first = store.locks.hold(&want(performance, user(1), &[10])).await.expect("free").hold;
    assert!(store.locks.release(first.hold_id, user(1)).await.expect("released"));
    let second = store.locks.hold(&want(performance, user(1), &[11])).await.expect("free").hold;
    store.locks.hold(&want(performance, user(2), &[12, 13])).await.expect("free");
    let far = Timestamp::from_second(4_000_000_000).expect("in range");
    show(&fixture, performance, says(11, user(1), second.fence, reserved(user(1), far))).await;
    let booked = store.locks.tally(performance).await.expect("tallied");
    assert_eq!((booked.seats.reserved, booked.counted.booked, booked.counted.paid), (1, 1, 0));
    show(&fixture, performance, says(11, user(1), second.fence, sold(user(1)))).await;

    let tally = store.locks.tally(performance).await.expect("tallied");
    let status = store.room.status(performance, &FLOW).await.expect("looked");
    assert_eq!(tally.seats, store.locks.figures(performance).await.expect("figures"));
    assert_eq!((tally.issued, tally.serving, tally.inside), (5, status.serving, status.active));
    assert_eq!((tally.waiting, tally.inside), (2, 2), "one of five has left");
    assert_eq!(
        tally.counted,
        Counted { life: tally.counted.life, joined: 5, entered: 2, held: 2, booked: 1, paid: 1 }
    );
    assert_eq!(tally, store.locks.tally(performance).await.expect("tallied"), "it only reads");
    store.locks.hold(&want(performance, user(1), &[14])).await.expect("free");
    assert_eq!(store.locks.tally(performance).await.expect("tallied").counted.held, 2);
}

#[tokio::test]
async fn a_loss_begins_another_life_and_counts_the_books_again() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    let fence = store.locks.hold(&want(performance, user(1), &[10])).await.expect("free").hold.fence;
    show(&fixture, performance, says(10, user(1), fence, sold(user(1)))).await;
    let before = store.locks.tally(performance).await.expect("tallied");
    assert_eq!((before.counted.held, before.counted.booked, before.counted.paid), (1, 1, 1));

    fixture.books.with(performance, |kept| {
        kept.seats.insert(SeatIndex(10), SeatRecord { ownership: sold(user(1)), fence });
    });
    fixture.flush().await;
    fixture.books.end_lease(performance);
    let after = store.locks.tally(performance).await.expect("rebuilt first");
    assert!(after.counted.life > before.counted.life);
    assert_eq!((after.counted.held, after.counted.booked, after.counted.paid), (0, 1, 1));
    let entrance = Entrance { cap: 1, has_queue: false, staff: 0 };
    let first = SaleMinute::after(None, &before, entrance, at(0));
    let second = SaleMinute::after(Some(&first), &after, entrance, at(60));
    let Reached { held, booked, paid, .. } = second.reached;
    assert_eq!((held, booked, paid), (1, 1, 1), "nothing sinks, and nothing counts twice");
}

#[tokio::test]
async fn numbers_that_a_loss_skipped_are_not_counted_as_people() {
    let fixture = Fixture::start().await;
    let (performance, store) = (a_performance(), &fixture.store);
    for name in 1..=3 {
        store.room.join(performance, user(name), None, &FLOW).await.expect("joined");
    }
    let before = store.locks.tally(performance).await.expect("tallied");
    assert_eq!((before.issued, before.counted.joined, before.skipped_to), (3, 3, 0));
    let leased_to = fixture.books.with(performance, |kept| kept.marks.leased_to);
    for _ in 0..2 {
        fixture.flush().await;
        fixture.books.end_lease(performance);
        let after = store.locks.tally(performance).await.expect("rebuilt first");
        assert_eq!((after.issued, after.counted.joined, after.skipped_to), (leased_to, 0, leased_to));
    }
    store.room.join(performance, user(4), None, &FLOW).await.expect("joined");
    let later = store.locks.tally(performance).await.expect("tallied");
    assert_eq!((later.issued, later.counted.joined, later.skipped_to), (leased_to + 1, 1, leased_to));
}
