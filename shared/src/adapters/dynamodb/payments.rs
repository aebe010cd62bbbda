//! Payments and the money ledger, stored beside their booking, and the index of what waits for the sweep.

use super::{
    item::{self, from_value, micros, number, text},
    keys::{self, Key},
    single::SingleError,
    write::{ABSENT, Write},
};
use crate::ports::{Due, StoreError};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    BookingId,
    booking::{Booking, Payment, PaymentGoal},
};
use jiff::Timestamp;
use serde::Serialize;

/// Marks an item as waiting since a moment. Only marked items are in the index `due`, spread over its partitions.
#[derive(Debug, Serialize)]
pub(super) struct DueMark {
    due_shard: u8,
    due_at_us: i64,
}

impl DueMark {
    pub(super) fn new(booking: BookingId, at: Timestamp) -> Self {
        Self { due_shard: keys::shard_of(booking.0), due_at_us: at.as_microsecond() }
    }
}

#[derive(Serialize)]
struct PaymentItem<'a> {
    #[serde(flatten)]
    payment: &'a Payment,
    #[serde(flatten)]
    due: Option<DueMark>,
}

/// A new payment.
pub(super) fn open(payment: &Payment, due_at: Timestamp) -> Result<Write, StoreError> {
    let due = (!payment.goal.is_settled()).then(|| DueMark::new(payment.booking_id, due_at));
    let opened = item::from_struct(&PaymentItem { payment, due })?;
    Ok(Write::put(Key::payment(payment.booking_id, &payment.reference), opened).only_if(ABSENT))
}

/// The payment that caused a write to be refused.
pub(super) fn as_it_stands(refusal: SingleError) -> Result<Payment, StoreError> {
    let found = refusal.refused()?.ok_or_else(|| item::unreadable("a payment that exists"))?;
    item::to_struct(found)
}

/// The sweep leaves the payment alone until then, as long as it is still to be authorised.
pub(super) fn leave_alone(payment: &Payment, due_at: Timestamp) -> Result<Write, StoreError> {
    let key = Key::payment(payment.booking_id, &payment.reference);
    Ok(Write::update(key, "SET #due_at_us = :due")
        .only_if("#goal = :goal")
        .with(":goal", from_value(&PaymentGoal::Authorize)?)
        .with(":due", micros(due_at)))
}

/// Like [`advance`], unless the payment was taken up again and is no longer due.
pub(super) fn advance_if_due(
    payment: &Payment,
    goal: PaymentGoal,
    now: Timestamp,
    due_at: Timestamp,
) -> Result<Write, StoreError> {
    let write = advance(payment, goal, due_at)?.only_if("#goal = :goal AND #due_at_us <= :now");
    Ok(write.with(":now", micros(now)))
}

/// Moves the payment from the goal that was read to another.
pub(super) fn advance(payment: &Payment, goal: PaymentGoal, due_at: Timestamp) -> Result<Write, StoreError> {
    let key = Key::payment(payment.booking_id, &payment.reference);
    let write = if goal.is_settled() {
        Write::update(key, "SET #goal = :next REMOVE #due_shard, #due_at_us")
    } else {
        Write::update(key, "SET #goal = :next, #due_shard = :shard, #due_at_us = :due")
            .with(":shard", number(keys::shard_of(payment.booking_id.0)))
            .with(":due", micros(due_at))
    };
    Ok(write
        .only_if("#goal = :goal")
        .with(":goal", from_value(&payment.goal)?)
        .with(":next", from_value(&goal)?))
}

/// Marks a payment about which the provider was silent, once in its life.
pub(super) fn note_silence(payment: &Payment) -> Write {
    Write::update(Key::payment(payment.booking_id, &payment.reference), "SET #was_silent = :yes")
        .only_if("attribute_exists(#pk) AND attribute_not_exists(#was_silent)")
        .with(":yes", AttributeValue::Bool(true))
}

/// The money of a confirmed booking, written exactly once.
pub(super) fn charge(booking: &Booking, at: Timestamp) -> Write {
    ledger(booking, "charge", booking.amount, at)
}

/// The refund of a booking that was confirmed and is now cancelled, written exactly once.
pub(super) fn refund(booking: &Booking, at: Timestamp) -> Write {
    ledger(booking, "refund", booking.refund, at)
}

fn ledger(booking: &Booking, entry: &str, amount: u64, at: Timestamp) -> Write {
    let line = [
        ("performance_id".to_owned(), text(booking.performance_id)),
        ("amount".to_owned(), number(amount)),
        ("currency".to_owned(), text(&booking.currency)),
        ("at_us".to_owned(), micros(at)),
    ];
    Write::put(Key::ledger(booking.booking_id, entry), line.into()).only_if(ABSENT)
}

/// What an entry of the index `due` stands for.
pub(super) fn read_due(entry: &item::Item) -> Option<(Timestamp, Due)> {
    let since = item::at_micros(item::number_of(entry, "due_at_us")?).ok()?;
    let booking = keys::booking_of(item::text_of(entry, "pk")?)?;
    let reference = keys::reference_of(item::text_of(entry, "sk")?);
    let due = match reference {
        Some(reference) => Due::Payment(booking, reference.to_owned()),
        None => Due::Reservation(booking),
    };
    Some((since, due))
}
