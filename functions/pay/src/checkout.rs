//! A payment's steps: record it → authorise → sell the seats → capture. Wherever it stops, the sweep finds it.

use crate::NewPayment;
use axum::http::StatusCode;
use domain::{
    BookingId, UserId,
    booking::{Booking, BookingRefusal, BookingState, Payment, PaymentGoal},
};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use shared::{
    app::FromApp,
    error::chain,
    http::{
        Code, Problem,
        idempotency::{KeyClaim, KeyedAnswer},
        wire::BookingView,
    },
    ports::{
        AuthorizeError, BookingChange, Books, ChangeError, Clock, Completion, PaymentProvider, ProviderState,
        ProviderUnavailable, Reply, StoreError,
    },
    services::{
        projector::Projector,
        settlement::{PAYMENT_ABANDONED_S, Settlement},
    },
    telemetry::metrics::{self, attribute, key},
};
use std::sync::Arc;

/// How many hexadecimal digits tell attempts to pay one booking apart.
const ATTEMPT_DIGITS: usize = 24;

#[derive(Clone, FromApp)]
pub(crate) struct Checkout {
    books: Arc<dyn Books>,
    provider: Arc<dyn PaymentProvider>,
    settlement: Settlement,
    projector: Projector,
    clock: Arc<dyn Clock>,
}

impl Checkout {
    /// Pays a buyer's booking.
    pub(crate) async fn pay(
        &self,
        user: UserId,
        order: &NewPayment,
        claim: &KeyClaim,
    ) -> Result<KeyedAnswer, Problem> {
        let booking = self.books.booking(order.booking_id).await?;
        let booking = booking.filter(|booking| booking.user_id == user).ok_or(Code::NotFound)?;
        let now = self.clock.now();
        let attempt = payment_for(&booking, claim);
        match booking.check_payable(now) {
            Ok(()) => {}
            Err(BookingRefusal::State(BookingState::Confirmed)) => {
                return Ok(KeyedAnswer::Given(paid(&booking)));
            }
            Err(BookingRefusal::PayWindowOver)
                if booking.awaits_payment(now) && self.has_begun(&attempt).await? => {}
            Err(_) => return Err(Code::PaymentWindowOver.into()),
        }
        let abandoned_at = now + SignedDuration::from_secs(PAYMENT_ABANDONED_S);
        let payment = self.books.open_payment(&attempt, abandoned_at).await?;
        self.authorize(&payment, order).await?;
        self.sell(&booking, &payment, Some(claim)).await
    }

    /// Does what is due after the provider has news of a payment.
    pub(crate) async fn look_after(&self, reference: &str) -> Result<(), Problem> {
        let booking = booking_of(reference).ok_or(Code::NotFound)?;
        let payment = self.books.payment(booking, reference).await?.ok_or(Code::NotFound)?;
        let booking = self.books.booking(booking).await?.ok_or(Code::NotFound)?;
        let refund = match payment.goal {
            PaymentGoal::Authorize => return self.bring_on(&booking, &payment).await,
            PaymentGoal::Take | PaymentGoal::Taken | PaymentGoal::GiveBack { .. } => {
                return Ok(self.settlement.settle(&payment).await?);
            }
            PaymentGoal::WrittenOff { refund, .. } => refund,
            PaymentGoal::GivenBack if booking.paid_with.as_deref() == Some(reference) => booking.refund,
            PaymentGoal::GivenBack | PaymentGoal::Declined => payment.amount,
        };
        // The payment was over as far as we knew, but a late order may have come through.
        match self.found(&payment).await? {
            Some(ProviderState::Authorized | ProviderState::Captured) => {
                Ok(self.settlement.return_money(&payment, refund).await?)
            }
            Some(ProviderState::Returned | ProviderState::Declined) | None => Ok(()),
        }
    }

    /// Continues a payment whose request may be gone.
    async fn bring_on(&self, booking: &Booking, payment: &Payment) -> Result<(), Problem> {
        match self.found(payment).await? {
            Some(ProviderState::Authorized | ProviderState::Captured) => {
                match self.sell(booking, payment, None).await {
                    // It came too late and the money went back, so nothing is left to do.
                    Err(problem) if went_back(&problem) => Ok(()),
                    other => other.map(drop),
                }
            }
            Some(ProviderState::Returned | ProviderState::Declined) => Ok(self.decline(payment).await?),
            None => Ok(()),
        }
    }

    async fn found(&self, payment: &Payment) -> Result<Option<ProviderState>, Problem> {
        match self.provider.find(&payment.reference).await {
            Ok(found) => Ok(found),
            Err(error) => Err(self.unavailable(payment, &error).await),
        }
    }

    async fn unavailable(&self, payment: &Payment, error: &ProviderUnavailable) -> Problem {
        tracing::warn!(event = "provider.failed", error = chain(error), "the payment provider failed");
        match self.settlement.count_unknown(payment).await {
            Ok(()) => Code::PaymentProviderUnavailable.into(),
            Err(error) => error.into(),
        }
    }

    /// Whether an earlier request with the same key began this payment, which was then in time.
    async fn has_begun(&self, attempt: &Payment) -> Result<bool, StoreError> {
        Ok(self.books.payment(attempt.booking_id, &attempt.reference).await?.is_some())
    }

    /// Has the provider set the money aside. If its answer is lost, asks for the outcome by reference.
    async fn authorize(&self, payment: &Payment, order: &NewPayment) -> Result<(), Problem> {
        match payment.goal {
            PaymentGoal::Authorize => {}
            PaymentGoal::Take | PaymentGoal::Taken => return Ok(()),
            PaymentGoal::Declined => return Err(Code::PaymentDeclined.into()),
            PaymentGoal::GiveBack { .. } | PaymentGoal::WrittenOff { .. } | PaymentGoal::GivenBack => {
                return Err(undone());
            }
        }
        let declined = match self.provider.authorize(payment, &order.method, &order.token).await {
            Ok(()) => false,
            Err(AuthorizeError::Declined) => true,
            Err(AuthorizeError::Unknown(lost)) => match self.provider.find(&payment.reference).await {
                Ok(Some(ProviderState::Authorized | ProviderState::Captured)) => false,
                Ok(Some(ProviderState::Returned | ProviderState::Declined)) => true,
                Ok(None) | Err(_) => return Err(self.unavailable(payment, &lost).await),
            },
        };
        if declined {
            self.decline(payment).await?;
            return Err(Code::PaymentDeclined.into());
        }
        Ok(())
    }

    async fn decline(&self, payment: &Payment) -> Result<(), StoreError> {
        if self.books.move_payment(payment, PaymentGoal::Declined, self.clock.now()).await? {
            count("declined");
        }
        Ok(())
    }

    /// Sells the seats for the authorised money, then captures it. If the seats are gone, the money goes back.
    async fn sell(
        &self,
        booking: &Booking,
        payment: &Payment,
        claim: Option<&KeyClaim>,
    ) -> Result<KeyedAnswer, Problem> {
        let now = self.clock.now();
        let Ok(after) = booking.confirm(Some(payment.reference.clone()), now) else {
            return self.too_late(booking, payment).await;
        };
        let reply = paid(&after);
        let completion: Option<Completion> = claim.map(|claim| claim.completion(&reply));
        let change = BookingChange {
            before: booking,
            after: &after,
            payment: Some((payment, PaymentGoal::Take)),
            completion: completion.as_ref(),
            now,
        };
        match self.books.change(&change).await {
            Ok(()) => {}
            Err(ChangeError::Superseded) => return Err(Code::IdempotencyInProgress.into()),
            Err(ChangeError::Changed) => {
                let booking = self.books.booking(booking.booking_id).await?.ok_or(Code::NotFound)?;
                return self.too_late(&booking, payment).await;
            }
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        self.projector.show(&after).await;
        let sold = Payment { goal: PaymentGoal::Take, ..payment.clone() };
        self.settlement.settle_now_or_later(&sold).await;
        Ok(KeyedAnswer::Kept(reply))
    }

    /// Answers if another payment was faster, this one was given up in the meantime, or the seats are gone.
    async fn too_late(&self, booking: &Booking, payment: &Payment) -> Result<KeyedAnswer, Problem> {
        let confirmed = booking.state == BookingState::Confirmed;
        if confirmed && booking.paid_with.as_ref() == Some(&payment.reference) {
            return Ok(KeyedAnswer::Given(paid(booking)));
        }
        self.settlement.return_money(payment, payment.amount).await?;
        if confirmed {
            return Ok(KeyedAnswer::Given(paid(booking)));
        }
        if booking.check_payable(self.clock.now()).is_ok() {
            return Err(undone());
        }
        let words = "The seats are no longer reserved; the payment was voided and nothing is charged";
        Err(Problem::new(Code::PaymentWindowOver).detail(words))
    }
}

fn undone() -> Problem {
    Problem::new(Code::PaymentDeclined)
        .detail("The earlier attempt was undone; pay again with a new Idempotency-Key")
}

fn went_back(problem: &Problem) -> bool {
    matches!(problem.code(), Code::PaymentWindowOver | Code::PaymentDeclined)
}

fn paid(booking: &Booking) -> Reply {
    Reply::json(StatusCode::OK, &BookingView::from(booking))
}

/// The payment of a request. A repeat of the request has the same reference, so the provider sees one payment.
fn payment_for(booking: &Booking, claim: &KeyClaim) -> Payment {
    let mut attempt = hex::encode(Sha256::digest(claim.key()));
    attempt.truncate(ATTEMPT_DIGITS);
    Payment {
        reference: format!("{}.{attempt}", booking.booking_id),
        booking_id: booking.booking_id,
        amount: booking.amount,
        currency: booking.currency.clone(),
        goal: PaymentGoal::Authorize,
    }
}

fn booking_of(reference: &str) -> Option<BookingId> {
    let (booking, attempt) = reference.split_once('.')?;
    (attempt.len() == ATTEMPT_DIGITS).then_some(())?;
    booking.parse().ok()
}

fn count(outcome: &'static str) {
    metrics::PAYMENTS.add(1, &[attribute(key::OUTCOME, outcome)]);
}
