//! What was lost: the books against themselves, against what buyers were told, and against the provider's ledger.

use crate::{
    DrillResult,
    diary::{Diary, ToldState},
};
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{Booking, BookingState},
    layout::SeatIndex,
    seat::{Ownership, SeatRecord},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use shared::{
    adapters::dynamodb::DynamoStore,
    ports::{Books as _, Recovery as _},
};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How many bookings of one buyer are read; none makes as many.
const BOOKINGS_MAX: usize = 100;
/// Money follows a change within seconds, and the books answer: until then an audit is repeated.
const SETTLES_WITHIN: Duration = Duration::from_secs(45);
/// How many reads are under way at once.
const READS_AT_ONCE: usize = 8;
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What the audit reads from.
pub(crate) struct Auditor<'a> {
    pub(crate) books: &'a DynamoStore,
    /// The provider's own address, without a line between.
    pub(crate) provider: String,
    pub(crate) performances: Vec<PerformanceId>,
}

/// What an audit found.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    pub(crate) bookings: usize,
    pub(crate) confirmed: usize,
    pub(crate) captured: u64,
    /// Authorised, not taken, and not yet given back: no one has lost anything, and the sweep voids them in time.
    pub(crate) set_aside: usize,
    pub(crate) lost: Vec<String>,
}

/// A payment as the provider has it.
#[derive(Debug, Deserialize)]
struct LedgerPayment {
    reference: String,
    state: String,
    amount: u64,
    refunded: u64,
}

#[derive(Default)]
struct Known {
    bookings: BTreeMap<BookingId, Booking>,
    seats: HashMap<(PerformanceId, SeatIndex), SeatRecord>,
    payments: Vec<LedgerPayment>,
}

impl Auditor<'_> {
    /// Audits until nothing is amiss, or the time for settling is over. While buyers are at it, only what they were told is
    /// compared; `at_rest`, all of it.
    pub(crate) async fn audit(&self, diary: &Diary, at_rest: bool) -> DrillResult<Audit> {
        let deadline = Instant::now() + SETTLES_WITHIN;
        loop {
            let is_late = Instant::now() > deadline;
            match self.look(diary, at_rest).await {
                Ok(audit) if audit.lost.is_empty() || is_late => return Ok(audit),
                Err(why) if is_late => return Err(why),
                Ok(_) | Err(_) => sleep(LOOK_AGAIN_AFTER).await,
            }
        }
    }

    /// One look, whatever it finds.
    async fn look(&self, diary: &Diary, at_rest: bool) -> DrillResult<Audit> {
        // Told first, read after: what was told must be there.
        let (told, buyers) = (diary.all_told(), diary.buyers());
        let mut known = self.read_bookings(&buyers).await?;
        if at_rest {
            self.read_the_rest(&mut known).await?;
        }
        let mut audit = Audit {
            bookings: known.bookings.len(),
            confirmed: known.confirmed().count(),
            captured: known.payments.iter().filter(|payment| payment.state == "captured").count() as u64,
            ..Audit::default()
        };
        known.compare_told(&told, &mut audit.lost);
        if at_rest {
            known.compare_seats(&mut audit.lost);
            known.compare_money(&mut audit);
        }
        Ok(audit)
    }

    /// What is wrong with the seats alone.
    pub(crate) async fn seats_amiss(&self, diary: &Diary) -> DrillResult<Vec<String>> {
        let mut known = self.read_bookings(&diary.buyers()).await?;
        self.read_the_rest(&mut known).await?;
        let mut amiss = Vec::new();
        known.compare_seats(&mut amiss);
        Ok(amiss)
    }

    async fn read_bookings(&self, buyers: &[UserId]) -> DrillResult<Known> {
        let reads = buyers.iter().map(|buyer| self.books.bookings_of(*buyer, BOOKINGS_MAX, None));
        let read: Vec<_> = stream::iter(reads).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        let bookings = read.into_iter().flat_map(|(own, _)| own);
        let bookings = bookings.map(|booking| (booking.booking_id, booking)).collect();
        Ok(Known { bookings, ..Known::default() })
    }

    async fn read_the_rest(&self, known: &mut Known) -> DrillResult<()> {
        for performance in &self.performances {
            let records = self.books.seats(*performance).await?;
            known.seats.extend(records.into_iter().map(|(seat, record)| ((*performance, seat), record)));
        }
        known.payments = reqwest::get(format!("{}/v1/authorizations", self.provider)).await?.json().await?;
        Ok(())
    }
}

impl Known {
    fn confirmed(&self) -> impl Iterator<Item = &Booking> {
        self.bookings.values().filter(|booking| booking.state == BookingState::Confirmed)
    }

    /// Each acknowledged booking is there, in the state that was acknowledged or a later one.
    fn compare_told(&self, told: &BTreeMap<BookingId, ToldState>, lost: &mut Vec<String>) {
        for (booking_id, told) in told {
            let state = self.bookings.get(booking_id).map(|booking| booking.state);
            let is_kept = match (told, state) {
                (_, None) => false,
                (ToldState::Reserved, Some(_)) => true,
                (ToldState::Confirmed, Some(state)) => {
                    matches!(state, BookingState::Confirmed | BookingState::Cancelled)
                }
                (ToldState::Cancelled, Some(state)) => state == BookingState::Cancelled,
            };
            if !is_kept {
                lost.push(format!("booking {booking_id} was told to be {told:?} and is {state:?}"));
            }
        }
    }

    /// Each confirmed booking has its seats, no seat has two, and each sold seat has one.
    fn compare_seats(&self, lost: &mut Vec<String>) {
        let mut owners = HashMap::new();
        for booking in self.confirmed() {
            for seat in &booking.seats {
                let place = (booking.performance_id, seat.index);
                if let Some(other) = owners.insert(place, booking.booking_id) {
                    lost.push(format!("{} was sold to {other} and to {}", seat.seat, booking.booking_id));
                }
                let owner = self.seats.get(&place).map(|record| &record.ownership);
                let wanted = Ownership::Sold { booking: booking.booking_id, user: booking.user_id };
                if owner != Some(&wanted) {
                    lost.push(format!("{} of {} belongs to {owner:?}", seat.seat, booking.booking_id));
                }
            }
        }
        for (place, record) in &self.seats {
            if let Ownership::Sold { booking, .. } = &record.ownership
                && owners.get(place) != Some(booking)
            {
                lost.push(format!("a seat is sold to {booking}, which is not confirmed with it"));
            }
        }
    }

    /// Each confirmed booking was captured once, each captured payment belongs to one, and the rest was given back.
    fn compare_money(&self, audit: &mut Audit) {
        let mut captured: HashMap<BookingId, u64> = HashMap::new();
        for payment in &self.payments {
            let booking = payment.reference.split_once('.').and_then(|(booking, _)| booking.parse().ok());
            let booking = booking.map(BookingId).and_then(|booking| self.bookings.get(&booking));
            let Some(booking) = booking else {
                audit.lost.push(format!("payment {} belongs to no booking", payment.reference));
                continue;
            };
            match payment.state.as_str() {
                "captured" => {
                    let kept = payment.amount.saturating_sub(payment.refunded);
                    *captured.entry(booking.booking_id).or_default() += kept;
                }
                "authorized" => audit.set_aside += 1,
                _ => {}
            }
        }
        for booking in self.bookings.values() {
            let kept = captured.get(&booking.booking_id).copied().unwrap_or_default();
            let due = match booking.state {
                BookingState::Confirmed => booking.amount,
                BookingState::Cancelled => booking.fee,
                BookingState::Reserved | BookingState::Expired => 0,
            };
            if kept != due {
                let state = booking.state.as_str();
                audit
                    .lost
                    .push(format!("{} is {state}: {kept} was taken instead of {due}", booking.booking_id));
            }
        }
    }
}
