//! The books: every sale is one transaction made of the parts in `seats`, `payments`, `replies` and `outbox`.

use super::{
    DynamoStore, STORE,
    item::{self, Item, micros, number},
    keys::{Key, SHARDS},
    outbox,
    payments::{self, DueMark},
    read::ItemQuery,
    replies, seats,
    transaction::Refusals,
    write::{ABSENT, Write},
};
use crate::{
    ports::{BookingChange, Books, ChangeError, Completion, Due, ReserveError, StoreError},
    telemetry::metrics::{self, attribute, key},
};
use async_trait::async_trait;
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{BookedSeat, Booking, BookingState, NotTaken, Payment, PaymentGoal},
    layout::SeatIndex,
    seat::SeatRecord,
};
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// How long a request that moved a payment together with its booking may take to finish it before the sweep does.
const PAYMENT_LEFT_ALONE_S: i64 = 30;

/// The writes of a sale, named by what their refusal means.
#[derive(Debug, Clone, Copy, PartialEq)]
enum SaleWrite {
    Completion,
    Limit,
    Booking,
    Seat(SeatIndex),
    Payment,
    Ledger,
    Event,
}

#[async_trait]
impl Books for DynamoStore {
    async fn reserve(
        &self,
        booking: &Booking,
        max_seats_per_user: u32,
        now: Timestamp,
        completion: &Completion,
    ) -> Result<(), ReserveError> {
        let mut writes = vec![
            (SaleWrite::Completion, replies::completing(completion)?),
            (SaleWrite::Limit, count_up(booking, max_seats_per_user)),
            (SaleWrite::Booking, Write::put(Key::booking(booking.booking_id), row(booking)?).only_if(ABSENT)),
            (SaleWrite::Event, outbox::booking_changed(booking, now)),
        ];
        if booking.state == BookingState::Confirmed {
            writes.push((SaleWrite::Ledger, payments::charge(booking, now)));
        }
        for seat in &booking.seats {
            writes.push((SaleWrite::Seat(seat.index), seats::take(booking, seat, now)?));
        }
        let Err(error) = self.write_all(writes).await else {
            if booking.state == BookingState::Confirmed {
                count(booking);
            }
            return Ok(());
        };
        Err(why_not_reserved(booking, error.refused()?)?)
    }

    async fn change(&self, change: &BookingChange<'_>) -> Result<(), ChangeError> {
        let mut mine: Vec<&BookedSeat> = change.before.seats.iter().collect();
        loop {
            let Err(error) = self.write_all(change_parts(change, &mine)?).await else {
                count(change.after);
                return Ok(());
            };
            let lost = seats_lost(change, &error.refused()?)?;
            // Each round has fewer seats than the last, so the loop ends.
            mine.retain(|seat| !lost.contains(&seat.index));
        }
    }

    async fn records_of(
        &self,
        performance: PerformanceId,
        seats: &[SeatIndex],
    ) -> Result<Vec<(SeatIndex, Option<SeatRecord>)>, StoreError> {
        let reads = seats.iter().map(|seat| async move {
            let found = self.get(Key::seat(performance, *seat)).await?;
            Ok((*seat, found.map(seats::record).transpose()?))
        });
        try_join_all(reads).await
    }

    async fn booking(&self, booking: BookingId) -> Result<Option<Booking>, StoreError> {
        self.get(Key::booking(booking)).await?.map(item::to_struct).transpose()
    }

    /// `after` only bounds a query of this user's bookings: whichever booking it names, it reaches no other user's.
    async fn bookings_of(
        &self,
        user: UserId,
        limit: usize,
        after: Option<BookingId>,
    ) -> Result<(Vec<Booking>, bool), StoreError> {
        let query = match after {
            None => ItemQuery::index("user_bookings", "#bookings_of = :user"),
            Some(after) => ItemQuery::index("user_bookings", "#bookings_of = :user AND #booking_id < :after")
                .with_text(":after", after),
        };
        let query = query.with_text(":user", user).newest_first().limit(limit.saturating_add(1));
        let mut page = self.query(query).await?;
        let more = page.len() > limit;
        page.truncate(limit);
        Ok((page.into_iter().map(item::to_struct).collect::<Result<_, _>>()?, more))
    }

    async fn open_payment(&self, payment: &Payment, due_at: Timestamp) -> Result<Payment, StoreError> {
        let opened = self.write(payments::open(payment, due_at)?).await;
        let Err(there) = opened else { return Ok(payment.clone()) };
        let known = payments::as_it_stands(there)?;
        if known.goal != PaymentGoal::Authorize {
            return Ok(known);
        }
        let left_alone = self.write(payments::leave_alone(payment, due_at)?).await;
        let Err(moved) = left_alone else { return Ok(known) };
        payments::as_it_stands(moved)
    }

    async fn payment(&self, booking: BookingId, reference: &str) -> Result<Option<Payment>, StoreError> {
        self.get(Key::payment(booking, reference)).await?.map(item::to_struct).transpose()
    }

    async fn move_payment(
        &self,
        payment: &Payment,
        goal: PaymentGoal,
        due_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.move_payment_by(payments::advance(payment, goal, due_at)?).await
    }

    async fn move_due_payment(
        &self,
        payment: &Payment,
        goal: PaymentGoal,
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.move_payment_by(payments::advance_if_due(payment, goal, now, due_at)?).await
    }

    async fn note_silence(&self, payment: &Payment) -> Result<bool, StoreError> {
        self.move_payment_by(payments::note_silence(payment)).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<(Timestamp, Due)>, StoreError> {
        let shards = (0..SHARDS).map(|shard| {
            self.query(
                ItemQuery::index("due", "#due_shard = :shard AND #due_at_us <= :now")
                    .with(":shard", number(shard))
                    .with(":now", micros(now))
                    .limit(limit),
            )
        });
        let mut waiting: Vec<Item> = try_join_all(shards).await?.into_iter().flatten().collect();
        waiting.sort_by_key(|entry| item::number_of::<i64>(entry, "due_at_us"));
        Ok(waiting.iter().filter_map(payments::read_due).take(limit).collect())
    }

    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let shards = (0..SHARDS).map(|shard| {
            self.query(
                ItemQuery::index("due", "#due_shard = :shard AND #due_at_us > :now")
                    .with(":shard", number(shard))
                    .with(":now", micros(now))
                    .limit(1),
            )
        });
        let first = try_join_all(shards).await?.into_iter().flatten();
        let first = first.filter_map(|entry| item::number_of(&entry, "due_at_us")).min();
        first.map(item::at_micros).transpose()
    }
}

impl DynamoStore {
    /// Written as a transaction of one: its token tells a lost answer from a move by another process.
    async fn move_payment_by(&self, write: Write) -> Result<bool, StoreError> {
        match self.write_all(vec![(SaleWrite::Payment, write)]).await {
            Ok(()) => Ok(true),
            Err(error) => error.refused().map(|_| false),
        }
    }
}

/// A booking has come to a state. What was reserved before is among `RESERVATIONS`.
fn count(booking: &Booking) {
    metrics::BOOKINGS.add(1, &[attribute(key::BOOKING_STATE, booking.state.as_str())]);
}

/// A booking as it is stored, with what its indexes need.
#[derive(Serialize)]
struct BookingItem<'a> {
    #[serde(flatten)]
    booking: &'a Booking,
    bookings_of: UserId,
    #[serde(flatten)]
    due: Option<DueMark>,
}

fn row(booking: &Booking) -> Result<Item, StoreError> {
    let waits = booking.state == BookingState::Reserved;
    let due = waits.then(|| DueMark::new(booking.booking_id, booking.reserved_until()));
    item::from_struct(&BookingItem { booking, bookings_of: booking.user_id, due })
}

/// The user's seats for the performance, these included, are at most `max`: the limit of `Booking::take_seats`.
fn count_up(booking: &Booking, max: u32) -> Write {
    let count = seat_count(booking);
    let room = i64::from(max) - count;
    // No count is below zero: if these seats alone are too many, the second condition is never true.
    let fits = if room >= 0 { "attribute_not_exists(#seats) OR #seats <= :room" } else { "#seats <= :room" };
    Write::update(Key::limit(booking.performance_id, booking.user_id), "ADD #seats :count")
        .only_if(fits)
        .with(":count", number(count))
        .with(":room", number(room))
}

fn count_down(booking: &Booking) -> Write {
    Write::update(Key::limit(booking.performance_id, booking.user_id), "ADD #seats :count")
        .with(":count", number(-seat_count(booking)))
}

fn seat_count(booking: &Booking) -> i64 {
    i64::try_from(booking.seats.len()).unwrap_or(i64::MAX)
}

/// A request that lost its claim has nothing to say; otherwise the domain says which reason comes first.
fn why_not_reserved(booking: &Booking, refused: Refusals<SaleWrite>) -> Result<ReserveError, StoreError> {
    let is_refused = |wanted| refused.iter().any(|(part, _)| *part == wanted);
    if is_refused(SaleWrite::Completion) {
        return Ok(ReserveError::Superseded);
    }
    let is_over_limit = is_refused(SaleWrite::Limit);
    let mut taken = Vec::new();
    for (part, found) in refused {
        if let SaleWrite::Seat(index) = part {
            taken.push((index, found.map(seats::record).transpose()?));
        }
    }
    match booking.why_not_taken(is_over_limit, taken) {
        Some(NotTaken::LimitExceeded) => Ok(ReserveError::LimitExceeded),
        Some(NotTaken::Taken(records)) => Ok(ReserveError::Taken(records)),
        None => Err(StoreError::unavailable(STORE, "the booking's id is taken")),
    }
}

fn change_parts(
    change: &BookingChange<'_>,
    mine: &[&BookedSeat],
) -> Result<Vec<(SaleWrite, Write)>, StoreError> {
    let (before, after, now) = (change.before, change.after, change.now);
    let mut writes = Vec::new();
    if let Some(completion) = change.completion {
        writes.push((SaleWrite::Completion, replies::completing(completion)?));
    }
    writes.push((
        SaleWrite::Booking,
        Write::put(Key::booking(before.booking_id), row(after)?)
            .only_if("#state = :before")
            .with_text(":before", before.state.as_str()),
    ));
    if let Some((payment, goal)) = change.payment {
        let due_at = now + SignedDuration::from_secs(PAYMENT_LEFT_ALONE_S);
        writes.push((SaleWrite::Payment, payments::advance(payment, goal, due_at)?));
    }
    if after.state == BookingState::Confirmed {
        writes.push((SaleWrite::Ledger, payments::charge(after, now)));
        writes.extend(mine.iter().map(|seat| (SaleWrite::Seat(seat.index), seats::sell(before, seat))));
    } else {
        writes.push((SaleWrite::Limit, count_down(before)));
        writes.extend(mine.iter().map(|seat| (SaleWrite::Seat(seat.index), seats::release(before, seat))));
    }
    if (before.state, after.state) == (BookingState::Confirmed, BookingState::Cancelled) {
        writes.push((SaleWrite::Ledger, payments::refund(after, now)));
    }
    writes.push((SaleWrite::Event, outbox::booking_changed(after, now)));
    Ok(writes)
}

/// The seats that stood in the way of giving a reservation up, and may (`Booking::move_seats`): they are not this booking's any
/// more and never will be again, so the rest is given back without them. In the way of anything else, a seat that is not the
/// booking's means that nothing changes.
fn seats_lost(
    change: &BookingChange<'_>,
    refused: &Refusals<SaleWrite>,
) -> Result<Vec<SeatIndex>, ChangeError> {
    if refused.iter().any(|(part, _)| *part == SaleWrite::Completion) {
        return Err(ChangeError::Superseded);
    }
    let gives_up = change.before.gives_up_as(change.after);
    let lost: Option<Vec<_>> = refused
        .iter()
        .map(|(part, _)| match part {
            SaleWrite::Seat(index) if gives_up => Some(*index),
            _ => None,
        })
        .collect();
    lost.filter(|lost| !lost.is_empty()).ok_or(ChangeError::Changed)
}
