//! The conditions of the books' writes agree with the domain's rules: every kind of record meets every event, and the store
//! must decide as the domain's functions do.

use crate::{
    books::reserve_within,
    engines::on_every_engine,
    fixtures::{at, krw, reservation, uuid},
};
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{Booking, BookingState, NotTaken, PAYMENT_GRACE_S, Payment, PaymentGoal, SeatRecords},
    layout::SeatIndex,
    seat::SeatRecord,
};
use futures_util::{StreamExt as _, future::join, stream};
use jiff::{SignedDuration, Timestamp};
use shared::ports::{BookingChange, Books, ChangeError, Replies, ReserveError};

on_every_engine![
    a_seat_is_taken_exactly_where_its_rule_lets_it_be,
    a_seat_is_sold_and_given_back_exactly_where_its_rule_lets_it_be,
    a_booking_changes_exactly_where_it_is_as_it_was_read,
    a_person_gets_seats_exactly_up_to_the_limit,
    a_payment_moves_exactly_where_it_is_as_it_was_read,
    a_payment_that_moves_while_it_is_opened_again_is_not_left_alone,
];

/// The fence of the buyer's lock. A seat may have seen a lower or a higher one.
const FENCE: u64 = 5;
const FENCES: [u64; 3] = [FENCE - 1, FENCE, FENCE + 1];
/// The seat that every case is about, and another that fills up a booking.
const SEAT: u32 = 0;
const ELSEWHERE: u32 = 1;
/// How many cases run at the same time, each on a performance of its own.
const AT_ONCE: usize = 16;
const NO_LIMIT: u32 = 20;

fn now() -> Timestamp {
    at(10_000)
}

/// When a reservation runs out: long before, just before, at, just after and long after the event.
fn ends() -> [Timestamp; 5] {
    let s = SignedDuration::from_secs;
    let moment = SignedDuration::from_micros(1);
    [now() - s(5_000), now() - moment, now(), now() + moment, now() + s(5_000)]
}

/// Every record of a seat that a booking can have left.
#[derive(Debug, Clone, Copy)]
enum Found {
    Untouched,
    GivenBack,
    Reserved { until: Timestamp },
    Sold,
}

fn found() -> Vec<Found> {
    let reserved = ends().map(|until| Found::Reserved { until });
    [vec![Found::Untouched, Found::GivenBack, Found::Sold], reserved.to_vec()].concat()
}

impl Found {
    /// Makes this booking leave the record. Returns how many seats then count for its user.
    async fn leave(self, store: &(impl Books + Replies), left_by: &Booking) -> u32 {
        let mut booking = left_by.clone();
        match self {
            Self::Untouched => return 0,
            Self::Reserved { until } => booking.pay_by = until - SignedDuration::from_secs(PAYMENT_GRACE_S),
            Self::Sold => booking = booking.confirm(None, at(0)).expect("reserved"),
            Self::GivenBack => {}
        }
        reserve_within(store, &booking, NO_LIMIT, at(0)).await.expect("an untouched seat");
        if let Self::GivenBack = self {
            let back = booking.cancel(0, at(0)).expect("reserved");
            change(store, &booking, &back).await.expect("its own seat");
            return 0;
        }
        1
    }
}

async fn change(store: &impl Books, before: &Booking, after: &Booking) -> Result<(), ChangeError> {
    store.change(&BookingChange { before, after, payment: None, completion: None, now: now() }).await
}

async fn records(store: &impl Books, performance: PerformanceId, seats: &[SeatIndex]) -> SeatRecords {
    store.records_of(performance, seats).await.expect("answers")
}

fn with(mut before: SeatRecords, changed: Vec<(SeatIndex, SeatRecord)>) -> SeatRecords {
    for (changed, record) in changed {
        let place = before.iter_mut().find(|(index, _)| *index == changed).expect("one of them");
        place.1 = Some(record);
    }
    before
}

/// Runs all cases, some at the same time.
async fn each<C>(cases: Vec<C>, case: impl AsyncFn(C)) {
    stream::iter(cases).for_each_concurrent(AT_ONCE, |one| case(one)).await;
}

async fn a_seat_is_taken_exactly_where_its_rule_lets_it_be(store: &(impl Books + Replies)) {
    let mut cases = Vec::new();
    for found in found() {
        for (fence, same_user) in FENCES.iter().flat_map(|fence| [(*fence, true), (*fence, false)]) {
            cases.extend([(found, fence, same_user, true), (found, fence, same_user, false)]);
        }
    }
    each(cases, async |(found, fence, same_user, free)| {
        let (performance, user) = (PerformanceId(uuid()), UserId(uuid()));
        let owner = if same_user { user } else { UserId(uuid()) };
        let counted = found.leave(store, &reservation(performance, owner, &[SEAT], fence, at(0))).await;
        let has = if same_user { counted } else { 0 };

        let wish = reservation(performance, user, &[SEAT, ELSEWHERE], FENCE, now());
        let wish = if free { wish.confirm(None, now()).expect("reserved") } else { wish };
        let seats = [SEAT, ELSEWHERE].map(SeatIndex);
        let before = records(store, performance, &seats).await;
        // First with a limit that is too low, so that it is refused for one reason or the other.
        for max in [has + 1, NO_LIMIT] {
            let rule = wish.take_seats(&before, has, max, now());
            let told = reserve_within(store, &wish, max, now()).await;
            let case = format!("{before:?}, {free}, at most {max}: {rule:?}, {told:?}");
            match (&rule, told) {
                (Err(NotTaken::Taken(seats)), Err(ReserveError::Taken(told))) => {
                    assert_eq!(told, *seats, "{case}");
                }
                (Ok(_), Ok(())) | (Err(NotTaken::LimitExceeded), Err(ReserveError::LimitExceeded)) => {}
                _ => panic!("{case}"),
            }
            let after = with(before.clone(), rule.unwrap_or_default());
            assert_eq!(records(store, performance, &seats).await, after, "{case}");
        }
    })
    .await;
}

/// A booking that the books have in this state, whatever its seats' records say.
async fn brought_into(store: &impl Books, reserved: &Booking, state: BookingState) {
    let [confirmed, cancelled, expired] = steps(reserved);
    let way = match state {
        BookingState::Reserved => return,
        BookingState::Confirmed => confirmed,
        BookingState::Cancelled => cancelled,
        BookingState::Expired => expired,
    };
    let without_seats = |booking: &Booking| Booking { seats: vec![], ..booking.clone() };
    change(store, &without_seats(reserved), &without_seats(&way)).await.expect("it was reserved");
}

/// The next states of a reservation.
fn steps(reserved: &Booking) -> [Booking; 3] {
    let over = reserved.reserved_until();
    [
        reserved.confirm(Some("reference".to_owned()), now()).expect("reserved"),
        reserved.cancel(0, now()).expect("reserved"),
        reserved.expire(over).expect("its time is over"),
    ]
}

async fn a_seat_is_sold_and_given_back_exactly_where_its_rule_lets_it_be(store: &(impl Books + Replies)) {
    let mut cases = Vec::new();
    for found in found() {
        for (mine, paid) in [(true, false), (true, true), (false, false), (false, true)] {
            // A booking whose own seat is sold has been paid.
            if !matches!((found, mine, paid), (Found::Sold, true, false)) {
                cases.push((found, mine, paid));
            }
        }
    }
    each(cases, async |(found, mine, paid)| {
        let all = if paid { 1 } else { 3 };
        for step in 0..all {
            let (performance, user) = (PerformanceId(uuid()), UserId(uuid()));
            let booking = reservation(performance, user, &[SEAT], FENCE, at(0));
            let is_mine = mine && matches!(found, Found::Reserved { .. } | Found::Sold);
            if is_mine {
                found.leave(store, &booking).await;
            } else {
                let other = reservation(performance, UserId(uuid()), &[SEAT], FENCE, at(0));
                found.leave(store, &other).await;
                let elsewhere = reservation(performance, user, &[ELSEWHERE], FENCE, at(0));
                let elsewhere = Booking { booking_id: booking.booking_id, ..elsewhere };
                reserve_within(store, &elsewhere, NO_LIMIT, at(0)).await.expect("an untouched seat");
            }
            // A booking whose seat was sold to it has been paid already.
            if paid && !(is_mine && matches!(found, Found::Sold)) {
                brought_into(store, &booking, BookingState::Confirmed).await;
            }
            let [confirmed, cancelled, expired] = steps(&booking);
            let (read, after) = if paid {
                (confirmed.clone(), confirmed.cancel(0, now()).expect("before it starts"))
            } else {
                (booking.clone(), [confirmed, cancelled, expired][step].clone())
            };

            let before = records(store, performance, &[SeatIndex(SEAT)]).await;
            let rule = read.move_seats(&after, &before);
            let told = change(store, &read, &after).await;
            let case = format!("{before:?}, {:?} → {:?}: {rule:?}", read.state, after.state);
            assert_eq!(told.is_ok(), rule.is_ok(), "{case}");
            assert!(matches!(told, Ok(()) | Err(ChangeError::Changed)), "{case}");
            let now_there = records(store, performance, &[SeatIndex(SEAT)]).await;
            assert_eq!(now_there, with(before, rule.unwrap_or_default()), "{case}");
        }
    })
    .await;
}

async fn a_booking_changes_exactly_where_it_is_as_it_was_read(store: &(impl Books + Replies)) {
    use BookingState::{Cancelled, Confirmed, Expired, Reserved};
    let states = [Reserved, Confirmed, Cancelled, Expired];
    let cases = states.iter().flat_map(|stands| [0, 1, 2, 3].map(|event| (*stands, event))).collect();
    each(cases, async |(stands, event)| {
        let reserved = reservation(PerformanceId(uuid()), UserId(uuid()), &[], FENCE, at(0));
        reserve_within(store, &reserved, NO_LIMIT, at(0)).await.expect("no seats");
        brought_into(store, &reserved, stands).await;
        let stored = store.booking(reserved.booking_id).await.expect("answers").expect("there");
        assert_eq!(stored.state, stands);
        let [confirmed, cancelled, expired] = steps(&reserved);
        let (read, after) = match event {
            3 => (confirmed.clone(), confirmed.cancel(0, now()).expect("before it starts")),
            event => (reserved, [confirmed, cancelled, expired][event].clone()),
        };
        let told = change(store, &read, &after).await;
        assert_eq!(
            told.is_ok(),
            stored.state == read.state,
            "{stands:?}: {:?} → {:?}",
            read.state,
            after.state
        );
        let expected = if told.is_ok() { after } else { stored };
        assert_eq!(store.booking(expected.booking_id).await.expect("answers"), Some(expected));
    })
    .await;
}

async fn a_person_gets_seats_exactly_up_to_the_limit(store: &(impl Books + Replies)) {
    let cases =
        (0..4u32).flat_map(|has| (1..4).flat_map(move |wanted| (1..6).map(move |max| (has, wanted, max))));
    each(cases.collect(), async |(has, wanted, max)| {
        let (performance, user) = (PerformanceId(uuid()), UserId(uuid()));
        let seats: Vec<u32> = (0..has + wanted).collect();
        let (mine, more) = seats.split_at(has as usize);
        if has > 0 {
            let had = reservation(performance, user, mine, 1, at(0));
            reserve_within(store, &had, NO_LIMIT, at(0)).await.expect("untouched seats");
        }
        let wish = reservation(performance, user, more, FENCE, at(0));
        let untouched: Vec<_> = more.iter().map(|seat| (SeatIndex(*seat), None)).collect();
        let rule = wish.take_seats(&untouched, has, max, at(0));
        match reserve_within(store, &wish, max, at(0)).await {
            Ok(()) => assert!(rule.is_ok(), "{has} + {wanted} of {max}"),
            Err(ReserveError::LimitExceeded) => {
                assert_eq!(rule, Err(NotTaken::LimitExceeded), "{has} + {wanted} of {max}");
            }
            Err(other) => panic!("{other}"),
        }
    })
    .await;
}

fn goals() -> [PaymentGoal; 9] {
    use PaymentGoal::{Authorize, Declined, GiveBack, GivenBack, Take, Taken, WrittenOff};
    let written_off = |looks| WrittenOff { refund: 2_000, looks };
    let back = |refund| GiveBack { refund };
    [Authorize, Take, Taken, back(2_000), back(1), written_off(0), written_off(1), GivenBack, Declined]
}

async fn opened(store: &impl Books, goal: PaymentGoal, due_at: Timestamp) -> Payment {
    let booking_id = BookingId(uuid());
    let reference = format!("{booking_id}.1");
    let payment = Payment { reference, booking_id, amount: 2_000, currency: krw(), goal };
    assert_eq!(store.open_payment(&payment, due_at).await.expect("answers"), payment);
    payment
}

async fn goal_of(store: &impl Books, payment: &Payment) -> PaymentGoal {
    let kept = store.payment(payment.booking_id, &payment.reference).await.expect("answers");
    kept.expect("there").goal
}

async fn a_payment_moves_exactly_where_it_is_as_it_was_read(store: &impl Books) {
    let pairs = goals().into_iter().flat_map(|stands| goals().map(|read| (stands, read)));
    each(pairs.collect(), async |(stands, read)| {
        let next = PaymentGoal::GiveBack { refund: 7 };
        let payment = opened(store, stands, at(0)).await;
        let read_as = Payment { goal: read, ..payment.clone() };
        let moved = store.move_payment(&read_as, next, at(1)).await.expect("answers");
        assert_eq!(moved, stands == read, "{stands:?}, read as {read:?}");
        assert_eq!(goal_of(store, &payment).await, if moved { next } else { stands });
    })
    .await;
    // The sweep moves only payments that are due, and settled ones never are.
    let cases = goals().into_iter().flat_map(|stands| {
        ends()
            .into_iter()
            .flat_map(move |due_at| [stands, PaymentGoal::Take].map(|read| (stands, due_at, read)))
    });
    each(cases.collect(), async |(stands, due_at, read)| {
        let payment = opened(store, stands, due_at).await;
        let read_as = Payment { goal: read, ..payment.clone() };
        let next = PaymentGoal::GivenBack;
        let moved = store.move_due_payment(&read_as, next, now(), at(20_000)).await.expect("answers");
        let is_due = !stands.is_settled() && due_at <= now();
        assert_eq!(moved, stands == read && is_due, "{stands:?}, read as {read:?}, due at {due_at}");
        assert_eq!(goal_of(store, &payment).await, if moved { next } else { stands });
    })
    .await;
}

/// A second opening reads that the payment is still to be authorised, and leaves it alone unless it moved since then.
async fn a_payment_that_moves_while_it_is_opened_again_is_not_left_alone(store: &impl Books) {
    each((0..100).collect(), async |_: u32| {
        let payment = opened(store, PaymentGoal::Authorize, at(0)).await;
        let back = PaymentGoal::GiveBack { refund: 7 };
        let (opened, moved) =
            join(store.open_payment(&payment, at(20_000)), store.move_payment(&payment, back, now())).await;
        assert!(opened.is_ok() && moved.expect("answers"));
        let read = Payment { goal: back, ..payment };
        let is_due = store.move_due_payment(&read, PaymentGoal::GivenBack, now(), now()).await;
        assert!(is_due.expect("answers"), "it is due when the move says");
    })
    .await;
}
