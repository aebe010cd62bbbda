//! The books: which buyer gets a seat, and how it comes back.

use crate::{
    engines::on_every_engine,
    fixtures::{at, booking, claimed, completion, reply_key, reservation, user, uuid},
};
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{Booking, BookingState},
    layout::SeatIndex,
    seat::{Ownership, SeatRecord},
};
use futures_util::future::join_all;
use jiff::Timestamp;
use shared::ports::{Begun, BookingChange, Books, ChangeError, Completion, Replies, ReserveError};
use uuid::Uuid;

on_every_engine![
    a_booking_is_stored_unchanged,
    of_many_who_want_a_seat_one_gets_it,
    a_taken_seat_says_what_the_books_hold,
    all_seats_or_none,
    an_older_lock_gets_nothing,
    an_expired_reservation_is_open_to_every_booking,
    no_user_gets_more_than_their_limit,
    the_limit_holds_for_bookings_made_at_once,
    released_seats_no_longer_count,
    a_booking_comes_with_its_answer,
    a_superseded_request_changes_nothing,
    a_free_booking_is_sold_at_once,
    a_paid_booking_is_sold_and_can_be_cancelled,
    of_many_changes_one_happens,
    what_was_taken_over_cannot_be_confirmed,
    what_was_taken_over_can_still_expire,
    what_was_taken_over_can_still_be_cancelled,
    a_user_sees_their_bookings_newest_first,
    the_next_to_expire_is_known_before_it_is_due,
    seats_are_read_as_they_are_now,
];

/// Does what a request does: claims its key, then reserves.
async fn reserve(
    store: &(impl Books + Replies),
    booking: &Booking,
    now: Timestamp,
) -> Result<(), ReserveError> {
    reserve_within(store, booking, 20, now).await
}

pub(crate) async fn reserve_within(
    store: &(impl Books + Replies),
    booking: &Booking,
    max: u32,
    now: Timestamp,
) -> Result<(), ReserveError> {
    let completion = claimed(store, booking.user_id).await;
    store.reserve(booking, max, now, &completion).await
}

async fn change(
    store: &impl Books,
    before: &Booking,
    after: &Booking,
    now: Timestamp,
) -> Result<(), ChangeError> {
    store.change(&BookingChange { before, after, payment: None, completion: None, now }).await
}

async fn stored(store: &impl Books, booking: &Booking) -> Booking {
    store.booking(booking.booking_id).await.expect("answers").expect("there")
}

fn performance() -> PerformanceId {
    PerformanceId(uuid())
}

fn some_user() -> UserId {
    user().user_id
}

fn confirmed(booking: &Booking) -> Booking {
    booking.confirm(Some("reference".to_owned()), at(1)).expect("reserved")
}

async fn a_booking_is_stored_unchanged(store: &(impl Books + Replies)) {
    let booking = booking(performance(), some_user(), &[0, 3, 501], 1);
    assert_eq!(store.booking(booking.booking_id).await.expect("answers"), None);
    reserve(store, &booking, at(0)).await.expect("free seats");
    assert_eq!(stored(store, &booking).await, booking);
}

async fn of_many_who_want_a_seat_one_gets_it(store: &(impl Books + Replies)) {
    let performance = performance();
    for round in 0..20 {
        let wishes: Vec<_> = (0..32).map(|_| booking(performance, some_user(), &[round], 1)).collect();
        let outcomes = join_all(wishes.iter().map(|wish| reserve(store, wish, at(0)))).await;
        let winners: Vec<_> = wishes.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).collect();
        assert_eq!(winners.len(), 1, "round {round}");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(ReserveError::Taken(_)))));
        for (wish, outcome) in wishes.iter().zip(&outcomes) {
            let kept = store.booking(wish.booking_id).await.expect("answers").is_some();
            assert_eq!(kept, outcome.is_ok());
        }
    }
}

async fn taken(
    store: &(impl Books + Replies),
    booking: &Booking,
    now: Timestamp,
) -> Vec<(SeatIndex, Option<SeatRecord>)> {
    match reserve(store, booking, now).await {
        Err(ReserveError::Taken(mut seats)) => {
            seats.sort_by_key(|(index, _)| *index);
            seats
        }
        other => panic!("not taken: {other:?}"),
    }
}

async fn a_taken_seat_says_what_the_books_hold(store: &(impl Books + Replies)) {
    let (performance, owner) = (performance(), some_user());
    let first = booking(performance, owner, &[1, 2], 5);
    reserve(store, &first, at(0)).await.expect("free seats");
    let ownership =
        Ownership::Reserved { booking: first.booking_id, user: owner, until: first.reserved_until() };
    let record = SeatRecord { ownership, fence: 5 };
    let second = booking(performance, some_user(), &[0, 1, 2], 6);
    let expected = [(SeatIndex(1), Some(record.clone())), (SeatIndex(2), Some(record.clone()))];
    assert_eq!(taken(store, &second, at(0)).await, expected);

    change(store, &first, &confirmed(&first), at(1)).await.expect("mine");
    let record = record.confirm(first.booking_id).expect("reserved");
    let expected = [(SeatIndex(1), Some(record.clone())), (SeatIndex(2), Some(record))];
    assert_eq!(taken(store, &second, at(1_000)).await, expected);
}

async fn all_seats_or_none(store: &(impl Books + Replies)) {
    let performance = performance();
    reserve(store, &booking(performance, some_user(), &[2], 1), at(0)).await.expect("a free seat");
    let greedy = booking(performance, some_user(), &[0, 1, 2], 2);
    assert_eq!(taken(store, &greedy, at(0)).await.len(), 1);
    reserve(store, &booking(performance, some_user(), &[0, 1], 1), at(0)).await.expect("still untouched");
}

async fn an_older_lock_gets_nothing(store: &(impl Books + Replies)) {
    let performance = performance();
    let first = booking(performance, some_user(), &[0], 5);
    reserve(store, &first, at(0)).await.expect("a free seat");
    change(store, &first, &first.cancel(0, at(1)).expect("reserved"), at(1)).await.expect("mine");
    for fence in [4, 5] {
        let late = booking(performance, some_user(), &[0], fence);
        let record = SeatRecord { ownership: Ownership::Available, fence: 5 };
        assert_eq!(taken(store, &late, at(2)).await, [(SeatIndex(0), Some(record))]);
    }
    reserve(store, &booking(performance, some_user(), &[0], 6), at(2)).await.expect("a newer lock");
}

async fn an_expired_reservation_is_open_to_every_booking(store: &(impl Books + Replies)) {
    let performance = performance();
    let first = booking(performance, some_user(), &[0], 1);
    reserve(store, &first, at(0)).await.expect("a free seat");
    let second = reservation(performance, some_user(), &[0], 2, at(160));
    let just_before = first.reserved_until() - jiff::SignedDuration::from_micros(1);
    assert_eq!(taken(store, &second, just_before).await.len(), 1);
    reserve(store, &second, first.reserved_until()).await.expect("it ran out");
}

async fn no_user_gets_more_than_their_limit(store: &(impl Books + Replies)) {
    let (performance, user) = (performance(), some_user());
    let wish = |seats: &[u32]| booking(performance, user, seats, 1);
    let refused = |outcome| assert!(matches!(outcome, Err(ReserveError::LimitExceeded)), "{outcome:?}");
    refused(reserve_within(store, &wish(&[0, 1, 2, 3]), 3, at(0)).await);
    reserve_within(store, &wish(&[0, 1]), 3, at(0)).await.expect("two of three");
    refused(reserve_within(store, &wish(&[2, 3]), 3, at(0)).await);
    // Taken seats are no better reason, unless they were taken under the same lock.
    refused(reserve_within(store, &booking(performance, user, &[0, 2], 2), 3, at(0)).await);
    let again = reserve_within(store, &wish(&[0, 1]), 3, at(0)).await;
    assert!(matches!(again, Err(ReserveError::Taken(seats)) if seats.len() == 2));
    reserve_within(store, &wish(&[2]), 3, at(0)).await.expect("three of three");
    refused(reserve_within(store, &wish(&[3]), 3, at(0)).await);
    let elsewhere = booking(PerformanceId(uuid()), user, &[3], 1);
    reserve_within(store, &elsewhere, 3, at(0)).await.expect("another performance");
}

async fn the_limit_holds_for_bookings_made_at_once(store: &(impl Books + Replies)) {
    let (performance, user) = (performance(), some_user());
    let wishes: Vec<_> = (0..10).map(|seat| booking(performance, user, &[seat], 1)).collect();
    let outcomes = join_all(wishes.iter().map(|wish| reserve_within(store, wish, 4, at(0)))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 4);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(ReserveError::LimitExceeded))));
}

async fn released_seats_no_longer_count(store: &(impl Books + Replies)) {
    let (performance, user) = (performance(), some_user());
    for fence in 1..4 {
        let wish = booking(performance, user, &[0, 1], fence);
        reserve_within(store, &wish, 2, at(0)).await.expect("nothing else is mine");
        let over = match fence {
            1 => wish.cancel(0, at(1)).expect("reserved"),
            _ => wish.expire(wish.reserved_until()).expect("its time is over"),
        };
        change(store, &wish, &over, at(1)).await.expect("mine");
    }
}

async fn a_booking_comes_with_its_answer(store: &(impl Books + Replies)) {
    let user = some_user();
    let booking = booking(performance(), user, &[0], 1);
    let completion = claimed(store, user).await;
    store.reserve(&booking, 4, at(0), &completion).await.expect("a free seat");
    assert_eq!(ask_again(store, &completion).await, Begun::Replay(completion.reply.clone()));
    let completion = claimed(store, user).await;
    let after = confirmed(&booking);
    let step = BookingChange {
        before: &booking,
        after: &after,
        payment: None,
        completion: Some(&completion),
        now: at(1),
    };
    store.change(&step).await.expect("mine");
    assert_eq!(ask_again(store, &completion).await, Begun::Replay(completion.reply.clone()));
}

async fn ask_again(store: &impl Replies, completion: &Completion) -> Begun {
    Replies::begin(store, &completion.key, &[1; 32], uuid(), at(1), at(60)).await.expect("answers")
}

async fn a_superseded_request_changes_nothing(store: &(impl Books + Replies)) {
    let (performance, user) = (performance(), some_user());
    let wish = booking(performance, user, &[0], 1);
    let never_claimed = completion(reply_key(user), uuid());
    let stale = Completion { claim: uuid(), ..claimed(store, user).await };
    for completion in [&never_claimed, &stale] {
        // Even if everything else is wrong, too.
        for max in [4, 0] {
            let outcome = store.reserve(&wish, max, at(0), completion).await;
            assert!(matches!(outcome, Err(ReserveError::Superseded)), "{outcome:?}");
        }
    }
    assert_eq!(store.booking(wish.booking_id).await.expect("answers"), None);
    reserve_within(store, &wish, 1, at(0)).await.expect("seat and limit are untouched");

    let after = confirmed(&wish);
    let step =
        BookingChange { before: &wish, after: &after, payment: None, completion: Some(&stale), now: at(1) };
    assert!(matches!(store.change(&step).await, Err(ChangeError::Superseded)));
    assert_eq!(stored(store, &wish).await, wish);
}

async fn a_free_booking_is_sold_at_once(store: &(impl Books + Replies)) {
    let performance = performance();
    let asked = Booking { amount: 0, ..booking(performance, some_user(), &[0], 1) };
    let free = asked.confirm(None, at(0)).expect("reserved");
    reserve(store, &free, at(0)).await.expect("a free seat");
    let ownership = Ownership::Sold { booking: free.booking_id, user: free.user_id };
    let record = SeatRecord { ownership, fence: 1 };
    let late = booking(performance, some_user(), &[0], 2);
    assert_eq!(taken(store, &late, at(100_000)).await, [(SeatIndex(0), Some(record))]);
    let cancelled = free.cancel(0, at(1)).expect("before it starts");
    change(store, &free, &cancelled, at(1)).await.expect("mine");
    reserve(store, &late, at(2)).await.expect("given back");
}

async fn a_paid_booking_is_sold_and_can_be_cancelled(store: &(impl Books + Replies)) {
    let performance = performance();
    let before = booking(performance, some_user(), &[0, 1], 1);
    reserve(store, &before, at(0)).await.expect("free seats");
    let paid = confirmed(&before);
    // No other booking took the seats, so they can be paid even after their time.
    change(store, &before, &paid, at(1_000)).await.expect("mine");
    assert_eq!(stored(store, &before).await, paid);
    assert!(matches!(change(store, &before, &paid, at(1_001)).await, Err(ChangeError::Changed)));
    let cancelled = paid.cancel(500, at(2)).expect("before it starts");
    change(store, &paid, &cancelled, at(2)).await.expect("mine");
    assert_eq!(stored(store, &before).await, cancelled);
    assert!(matches!(change(store, &paid, &cancelled, at(3)).await, Err(ChangeError::Changed)));
    reserve(store, &booking(performance, some_user(), &[0, 1], 2), at(3)).await.expect("given back");
}

async fn of_many_changes_one_happens(store: &(impl Books + Replies)) {
    for seat in 0..5 {
        let before = booking(performance(), some_user(), &[seat], 1);
        reserve(store, &before, at(0)).await.expect("a free seat");
        let after = [
            confirmed(&before),
            before.cancel(0, at(1)).expect("reserved"),
            before.expire(before.reserved_until()).expect("its time is over"),
        ];
        let outcomes = join_all(after.iter().map(|after| change(store, &before, after, at(200)))).await;
        let happened: Vec<_> = after.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).collect();
        assert_eq!(happened.len(), 1, "{outcomes:?}");
        assert_eq!(&stored(store, &before).await, happened[0].0);
    }
}

/// A booking of seats 0 and 1 that expired, and another that then took seat 0.
async fn partly_taken_over(store: &(impl Books + Replies)) -> (Booking, Booking) {
    let performance = performance();
    let first = booking(performance, some_user(), &[0, 1], 1);
    reserve_within(store, &first, 2, at(0)).await.expect("free seats");
    let second = reservation(performance, some_user(), &[0], 2, at(160));
    reserve(store, &second, at(160)).await.expect("it ran out");
    (first, second)
}

async fn what_was_taken_over_cannot_be_confirmed(store: &(impl Books + Replies)) {
    let (first, second) = partly_taken_over(store).await;
    assert!(matches!(change(store, &first, &confirmed(&first), at(161)).await, Err(ChangeError::Changed)));
    assert_eq!(stored(store, &first).await.state, BookingState::Reserved);
    change(store, &second, &confirmed(&second), at(161)).await.expect("mine");
}

async fn what_was_taken_over_can_still_expire(store: &(impl Books + Replies)) {
    let (first, second) = partly_taken_over(store).await;
    let expired = first.expire(at(161)).expect("its time is over");
    change(store, &first, &expired, at(161)).await.expect("what is left is given back");
    assert_eq!(stored(store, &first).await, expired);
    only_the_rest_is_free(store, &first, &second).await;
}

async fn what_was_taken_over_can_still_be_cancelled(store: &(impl Books + Replies)) {
    let (first, second) = partly_taken_over(store).await;
    let cancelled = first.cancel(0, at(161)).expect("reserved");
    change(store, &first, &cancelled, at(161)).await.expect("what is left is given back");
    only_the_rest_is_free(store, &first, &second).await;
}

async fn only_the_rest_is_free(store: &(impl Books + Replies), first: &Booking, second: &Booking) {
    let everything = reservation(first.performance_id, first.user_id, &[0, 1], 3, at(162));
    let in_the_way = taken(store, &everything, at(162)).await;
    let ownership = Ownership::Reserved {
        booking: second.booking_id,
        user: second.user_id,
        until: second.reserved_until(),
    };
    assert_eq!(in_the_way, [(SeatIndex(0), Some(SeatRecord { ownership, fence: 2 }))]);
    let rest = reservation(first.performance_id, first.user_id, &[1, 2], 3, at(162));
    reserve_within(store, &rest, 2, at(162)).await.expect("the whole count was given back");
}

async fn a_user_sees_their_bookings_newest_first(store: &(impl Books + Replies)) {
    let (performance, user, other) = (performance(), some_user(), some_user());
    let mine: Vec<_> = (0..5).map(|seat| booking(performance, user, &[seat], 1)).collect();
    let others = booking(performance, other, &[9], 1);
    for booking in mine.iter().chain([&others]) {
        reserve(store, booking, at(0)).await.expect("a free seat");
    }
    let newest_first: Vec<_> = mine.iter().rev().cloned().collect();
    assert_eq!(all_pages(store, user, 2).await, newest_first);
    assert_eq!(all_pages(store, user, 5).await, newest_first);
    assert_eq!(all_pages(store, some_user(), 5).await, []);
    let (page, _) = store.bookings_of(user, 2, None).await.expect("answers");
    let after = page.last().map(|last| last.booking_id);
    let (reached, _) = store.bookings_of(other, 10, after).await.expect("answers");
    assert!(reached.iter().all(|booking| booking.user_id == other), "a cursor never reaches another user's");
    let oldest = BookingId(Uuid::nil());
    assert_eq!(store.bookings_of(user, 10, Some(oldest)).await.expect("answers"), (vec![], false));
}

async fn all_pages(store: &impl Books, user: UserId, limit: usize) -> Vec<Booking> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, more) = store.bookings_of(user, limit, after).await.expect("answers");
        assert!(page.len() <= limit && (!more || page.len() == limit));
        after = page.last().map(|last| last.booking_id);
        all.extend(page);
        if !more {
            return all;
        }
    }
}

async fn the_next_to_expire_is_known_before_it_is_due(store: &(impl Books + Replies)) {
    // Long before everything else in these tables.
    let long_ago = at(-10_000_000);
    let booking = reservation(PerformanceId(uuid()), UserId(uuid()), &[0], 7, long_ago);
    reserve(store, &booking, long_ago).await.expect("a free seat");
    let due_at = booking.reserved_until();
    assert_eq!(store.next_due(long_ago).await.expect("answers"), Some(due_at));
    assert!(store.next_due(due_at).await.expect("answers").is_none_or(|next| next > due_at));
}

async fn seats_are_read_as_they_are_now(store: &(impl Books + Replies)) {
    let (performance, user) = (PerformanceId(uuid()), UserId(uuid()));
    let booking = booking(performance, user, &[3, 501], 7);
    reserve(store, &booking, at(0)).await.expect("free seats");
    let wanted = [501, 4, 3].map(SeatIndex);
    let ownership =
        Ownership::Reserved { booking: booking.booking_id, user, until: booking.reserved_until() };
    let mine = Some(SeatRecord { ownership, fence: 7 });
    let known = [mine.clone(), None, mine];
    let expected: Vec<_> = wanted.into_iter().zip(known).collect();
    assert_eq!(store.records_of(performance, &wanted).await.expect("answers"), expected);
    assert_eq!(store.records_of(performance, &[]).await.expect("answers"), []);
}
