//! The books: payments, and what of them waits for the sweep.

use crate::{
    engines::on_every_engine,
    fixtures::{at, booking, claimed, krw, user, uuid},
};
use domain::{
    BookingId, PerformanceId,
    booking::{Booking, Payment, PaymentGoal},
};
use jiff::Timestamp;
use shared::ports::{BookingChange, Books, ChangeError, Due, Replies};

on_every_engine![
    a_payment_is_opened_once,
    a_repeat_takes_a_payment_up_again_and_the_sweep_leaves_it_alone,
    a_silence_is_noted_once,
    a_payment_moves_from_the_goal_it_was_read_with,
    what_is_due_waits_and_what_is_settled_does_not,
];

/// A booking in the store, and the same booking confirmed.
async fn reserved(store: &(impl Books + Replies)) -> (Booking, Booking) {
    let booking = booking(PerformanceId(uuid()), user().user_id, &[0], 1);
    let completion = claimed(store, booking.user_id).await;
    store.reserve(&booking, 4, at(0), &completion).await.expect("a free seat");
    let paid = booking.confirm(Some("reference".to_owned()), at(1)).expect("reserved");
    (booking, paid)
}

fn payment(booking: BookingId) -> Payment {
    let reference = format!("{booking}#1");
    Payment { reference, booking_id: booking, amount: 2_000, currency: krw(), goal: PaymentGoal::Authorize }
}

async fn a_payment_is_opened_once(store: &impl Books) {
    let payment = payment(BookingId(uuid()));
    let (booking, reference) = (payment.booking_id, payment.reference.as_str());
    assert_eq!(store.payment(booking, reference).await.expect("answers"), None);
    assert_eq!(store.open_payment(&payment, at(10)).await.expect("answers"), payment);
    assert!(store.move_payment(&payment, PaymentGoal::Declined, at(20)).await.expect("answers"));
    let declined = Payment { goal: PaymentGoal::Declined, ..payment.clone() };
    assert_eq!(store.open_payment(&payment, at(30)).await.expect("answers"), declined);
    assert_eq!(store.payment(booking, reference).await.expect("answers"), Some(declined));
}

async fn a_silence_is_noted_once(store: &impl Books) {
    let payment = payment(BookingId(uuid()));
    assert!(!store.note_silence(&payment).await.expect("answers"), "there is no such payment");
    store.open_payment(&payment, at(10)).await.expect("answers");
    assert!(store.note_silence(&payment).await.expect("answers"));
    assert!(store.move_payment(&payment, PaymentGoal::Declined, at(20)).await.expect("answers"));
    assert!(
        !store.note_silence(&payment).await.expect("answers"),
        "it stands there whatever comes of the payment"
    );
}

async fn a_payment_moves_from_the_goal_it_was_read_with(store: &(impl Books + Replies)) {
    let (before, after) = reserved(store).await;
    let opened = payment(before.booking_id);
    store.open_payment(&opened, at(10)).await.expect("answers");
    let back = PaymentGoal::GiveBack { refund: 2_000 };
    assert!(store.move_payment(&opened, back, at(20)).await.expect("answers"));
    assert!(!store.move_payment(&opened, PaymentGoal::Take, at(20)).await.expect("answers"));
    let other_amount = Payment { goal: PaymentGoal::GiveBack { refund: 1 }, ..opened.clone() };
    assert!(!store.move_payment(&other_amount, PaymentGoal::GivenBack, at(20)).await.expect("answers"));

    let step = BookingChange {
        before: &before,
        after: &after,
        payment: Some((&opened, PaymentGoal::Take)),
        completion: None,
        now: at(1),
    };
    assert!(matches!(store.change(&step).await, Err(ChangeError::Changed)), "the money went back");
    assert_eq!(store.booking(before.booking_id).await.expect("answers"), Some(before.clone()));
    let read = Payment { goal: back, ..opened.clone() };
    let step = BookingChange { payment: Some((&read, PaymentGoal::Take)), ..step };
    store.change(&step).await.expect("as it was read");
    let taken = store.payment(before.booking_id, &read.reference).await.expect("answers").expect("there");
    assert_eq!(taken.goal, PaymentGoal::Take);
}

async fn is_due(store: &impl Books, wanted: &Due, now: Timestamp) -> bool {
    let due = store.due(now, 10_000).await.expect("answers");
    assert!(due.is_sorted_by_key(|(since, _)| *since) && due.iter().all(|(since, _)| *since <= now));
    due.iter().any(|(_, due)| due == wanted)
}

async fn a_repeat_takes_a_payment_up_again_and_the_sweep_leaves_it_alone(store: &impl Books) {
    let opened = payment(BookingId(uuid()));
    let due = Due::Payment(opened.booking_id, opened.reference.clone());
    let back = PaymentGoal::GiveBack { refund: 2_000 };
    store.open_payment(&opened, at(10)).await.expect("answers");
    assert_eq!(store.open_payment(&opened, at(300)).await.expect("answers"), opened);
    assert!(!is_due(store, &due, at(299)).await);
    assert!(!store.move_due_payment(&opened, back, at(299), at(299)).await.expect("answers"));
    assert!(store.move_due_payment(&opened, back, at(300), at(400)).await.expect("answers"));
    assert!(!store.move_due_payment(&opened, back, at(500), at(500)).await.expect("answers"), "it moved on");
    let given_up = Payment { goal: back, ..opened.clone() };
    assert_eq!(store.open_payment(&opened, at(900)).await.expect("answers"), given_up);
    assert!(is_due(store, &due, at(400)).await, "a repeat leaves alone only what is to be authorised");

    let (written_off, again_s) = back.not_found();
    assert!(store.move_payment(&given_up, written_off, at(400 + again_s)).await.expect("answers"));
    let kept = store.payment(opened.booking_id, &opened.reference).await.expect("answers").expect("there");
    assert_eq!(kept.goal, written_off);
    assert!(!is_due(store, &due, at(459)).await);
    assert!(is_due(store, &due, at(460)).await);
}

async fn what_is_due_waits_and_what_is_settled_does_not(store: &(impl Books + Replies)) {
    let (before, after) = reserved(store).await;
    let reservation = Due::Reservation(before.booking_id);
    assert!(!is_due(store, &reservation, at(159)).await);
    assert!(is_due(store, &reservation, at(160)).await);

    let opened = payment(before.booking_id);
    let unsettled = Due::Payment(before.booking_id, opened.reference.clone());
    store.open_payment(&opened, at(300)).await.expect("answers");
    assert!(!is_due(store, &unsettled, at(299)).await);
    assert!(is_due(store, &unsettled, at(300)).await);

    let payment = Some((&opened, PaymentGoal::Take));
    let step = BookingChange { before: &before, after: &after, payment, completion: None, now: at(400) };
    store.change(&step).await.expect("mine");
    assert!(!is_due(store, &reservation, at(100_000)).await);
    assert!(!is_due(store, &unsettled, at(401)).await, "the request that moved it finishes it");
    assert!(is_due(store, &unsettled, at(460)).await, "or the sweep does");

    let taking = Payment { goal: PaymentGoal::Take, ..opened };
    assert!(store.move_payment(&taking, PaymentGoal::Taken, at(500)).await.expect("answers"));
    assert!(!is_due(store, &unsettled, at(100_000)).await);
    assert!(store.due(at(100_000), 1).await.expect("answers").len() <= 1);
}
