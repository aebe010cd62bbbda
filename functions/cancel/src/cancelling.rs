//! From a booking back to free seats: the books release the seats and record what is owed, then the provider returns it.

use crate::Cancelled;
use axum::http::StatusCode;
use domain::{
    BookingId, UserId,
    booking::{Booking, BookingRefusal, Payment, PaymentGoal},
};
use shared::{
    app::FromApp,
    http::{
        Code, Problem,
        idempotency::{KeyClaim, KeyedAnswer},
    },
    ports::{BookingChange, Books, ChangeError, Clock, Reply},
    services::{projector::Projector, settlement::Settlement},
};
use std::sync::Arc;

/// What the organizer keeps of a cancelled booking, in minor units: nothing, until shows have a policy of their own.
const FEE: u64 = 0;
/// How often to try. A payment that is being captured changes between the read and the write.
const TRIES: usize = 5;

#[derive(Clone, FromApp)]
pub(crate) struct Cancelling {
    books: Arc<dyn Books>,
    settlement: Settlement,
    projector: Projector,
    clock: Arc<dyn Clock>,
}

impl Cancelling {
    /// Cancels a buyer's booking.
    pub(crate) async fn cancel(
        &self,
        user: UserId,
        booking: BookingId,
        claim: &KeyClaim,
    ) -> Result<KeyedAnswer, Problem> {
        for _ in 0..TRIES {
            let before = self.books.booking(booking).await?;
            let before = before.filter(|booking| booking.user_id == user).ok_or(Code::NotFound)?;
            if let Some(answer) = self.try_cancel(&before, claim).await? {
                return Ok(answer);
            }
        }
        Err(Problem::new(Code::StoreUnavailable).detail("The booking keeps changing; try again"))
    }

    /// Returns `None` if the booking or its payment changed in the meantime.
    async fn try_cancel(&self, before: &Booking, claim: &KeyClaim) -> Result<Option<KeyedAnswer>, Problem> {
        let now = self.clock.now();
        let after = before.cancel(FEE, now).map_err(refusal)?;
        let payment = self.payment_of(before).await?;
        let goal = PaymentGoal::GiveBack { refund: after.refund };
        let reply = Reply::json(StatusCode::OK, &Cancelled::from(&after));
        let change = BookingChange {
            before,
            after: &after,
            payment: payment.as_ref().map(|payment| (payment, goal)),
            completion: Some(&claim.completion(&reply)),
            now,
        };
        match self.books.change(&change).await {
            Ok(()) => {}
            Err(ChangeError::Changed) => return Ok(None),
            Err(ChangeError::Superseded) => return Err(Code::IdempotencyInProgress.into()),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        self.projector.show(&after).await;
        if let Some(payment) = payment {
            self.settlement.settle_now_or_later(&Payment { goal, ..payment }).await;
        }
        Ok(Some(KeyedAnswer::Kept(reply)))
    }

    async fn payment_of(&self, booking: &Booking) -> Result<Option<Payment>, Problem> {
        match &booking.paid_with {
            Some(reference) => Ok(self.books.payment(booking.booking_id, reference).await?),
            None => Ok(None),
        }
    }
}

fn refusal(why: BookingRefusal) -> Problem {
    Problem::new(Code::NotCancellable).detail(why.to_string())
}

impl From<&Booking> for Cancelled {
    fn from(booking: &Booking) -> Self {
        Self {
            booking_id: booking.booking_id.0,
            state: booking.state.as_str(),
            refund: booking.refund,
            fee: booking.fee,
            currency: booking.currency.clone(),
        }
    }
}
