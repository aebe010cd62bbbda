//! A booking as a test finds it: reserved in the books and shown on the map.

use crate::{Person, World};
use domain::{
    BookingId,
    booking::{BookedSeat, Booking, BookingState, Change, Payment, PaymentGoal},
    layout::{Layout, SeatIndex},
    performance::Performance,
};
use jiff::SignedDuration;
use shared::ports::{BookingChange, Completion, Replies, Reply, ReplyKey};

impl World {
    /// Seats reserved for somebody, to be paid within so many seconds (fewer than none: too late already).
    pub async fn reserve(
        &self,
        person: &Person,
        performance: &Performance,
        seats: &[u32],
        pay_within_s: i64,
    ) -> Booking {
        self.reserve_at(person, performance, seats, pay_within_s, 1).await
    }

    /// The same, under a lock of this fence: seats that were reserved before want a higher one.
    pub async fn reserve_at(
        &self,
        person: &Person,
        performance: &Performance,
        seats: &[u32],
        pay_within_s: i64,
        fence: u64,
    ) -> Booking {
        let now = self.now();
        let plan = self.app.programme.layout(performance.layout_id).await.expect("asked").expect("a layout");
        let layout = Layout::parse(plan).expect("valid");
        let seats: Vec<_> = seats.iter().map(|index| booked(*index, &layout, performance)).collect();
        let booking = Booking {
            booking_id: BookingId(self.app.ids.uuid()),
            user_id: person.user_id,
            performance_id: performance.performance_id,
            show_id: performance.show_id,
            title: "봄의 제전".into(),
            venue: "예술의 집".into(),
            starts_at: performance.starts_at,
            amount: seats.iter().map(|seat| seat.price).sum(),
            seats,
            currency: performance.currency.clone(),
            state: BookingState::Reserved,
            fence,
            pay_by: now + SignedDuration::from_secs(pay_within_s),
            paid_with: None,
            refund: 0,
            fee: 0,
            history: vec![Change { state: BookingState::Reserved, at: now }],
        };
        let completion = self.claim(person).await;
        let max = performance.max_seats_per_user;
        self.app.books.reserve(&booking, max, now, &completion).await.expect("reserved");
        self.app.projector.show(&booking, None).await;
        booking
    }

    /// Paid, as the provider and the books see it.
    pub async fn pay(&self, booking: &Booking) {
        let payment = Payment {
            reference: format!("{}.fedcba9876543210fedcba98", booking.booking_id),
            booking_id: booking.booking_id,
            amount: booking.amount,
            currency: booking.currency.clone(),
            goal: PaymentGoal::Authorize,
        };
        let now = self.now();
        self.app.books.open_payment(&payment, now).await.expect("opened");
        self.app.provider.authorize(&payment, "card", "ok").await.expect("authorised");
        let after = booking.confirm(Some(payment.reference.clone()), now).expect("payable");
        let goal = PaymentGoal::Take;
        let change = BookingChange {
            before: booking,
            after: &after,
            payment: Some((&payment, goal)),
            completion: None,
            now,
        };
        self.app.books.change(&change).await.expect("confirmed");
        self.app.projector.show(&after, None).await;
        self.app.settlement.settle(&Payment { goal, ..payment }).await.expect("captured");
    }

    async fn claim(&self, person: &Person) -> Completion {
        let (claim, now) = (self.app.ids.uuid(), self.now());
        let key = ReplyKey { user: person.user_id, operation: "book", key: claim.to_string() };
        let until = now + SignedDuration::from_mins(1);
        Replies::begin(&self.store, &key, &[0; 32], claim, now, until).await.expect("claimed");
        let reply = Reply { status: 201, content_type: "application/json".into(), body: "{}".into() };
        Completion { key, claim, reply, expires_at: until }
    }
}

fn booked(index: u32, layout: &Layout, performance: &Performance) -> BookedSeat {
    let index = SeatIndex(index);
    let grade = layout.row_of(index).expect("a row").grade.clone();
    let price = performance.price_of(&grade).expect("a price");
    BookedSeat { seat: layout.name_of(index).expect("a seat"), index, grade, price }
}
