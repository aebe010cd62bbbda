//! Brings a payment to its end. The books say what is wanted, and the provider is asked until it has happened. Every
//! step may be repeated, so the request itself, its retry and the sweep may all try.

use crate::{
    error::chain,
    ports::{Books, Clock, PaymentProvider, ProviderState, ProviderUnavailable, StoreError},
    telemetry::metrics::{self, attribute, key},
};
use domain::booking::{Payment, PaymentGoal};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A payment is abandoned, and the sweep's, once neither its request nor a repeat can still finish it, in seconds: a
/// request may take 30 s, its key claim ends 6 s later, and each repeat begins the whole time anew.
pub const PAYMENT_ABANDONED_S: i64 = 180;
/// When a provider that did not answer is asked again, in seconds.
const RETRY_S: i64 = 10;

/// Does what the books want of a payment.
#[derive(Clone)]
pub struct Settlement {
    books: Arc<dyn Books>,
    provider: Arc<dyn PaymentProvider>,
    clock: Arc<dyn Clock>,
}

impl Settlement {
    /// Settles with these books and this provider.
    #[must_use]
    pub fn new(books: Arc<dyn Books>, provider: Arc<dyn PaymentProvider>, clock: Arc<dyn Clock>) -> Self {
        Self { books, provider, clock }
    }

    /// Does what is wanted; a provider that does not answer is asked again later.
    pub async fn settle(&self, payment: &Payment) -> Result<(), StoreError> {
        let next = match payment.goal {
            PaymentGoal::Take => {
                let captured = self.provider.capture(&payment.reference).await;
                captured.map(|()| SettlementStep::end(PaymentGoal::Taken, "captured"))
            }
            PaymentGoal::GiveBack { refund } | PaymentGoal::WrittenOff { refund, .. } => {
                self.give_back(payment, refund).await
            }
            PaymentGoal::Authorize => return Box::pin(self.give_up(payment)).await,
            PaymentGoal::Taken | PaymentGoal::GivenBack | PaymentGoal::Declined => return Ok(()),
        };
        let is_answered = next.is_ok();
        let SettlementStep { goal, due_in_s, outcome } = next.unwrap_or_else(|error| {
            tracing::warn!(
                event = "payment.tried_later",
                reference = payment.reference,
                error = chain(&error),
                "the payment is tried again later"
            );
            SettlementStep { goal: payment.goal, due_in_s: RETRY_S, outcome: None }
        });
        // Nothing changes if another process has moved the payment meanwhile: it knows better, and has counted it.
        let is_moved = self.books.move_payment(payment, goal, self.in_s(due_in_s)).await?;
        outcome.filter(|_| is_moved).into_iter().for_each(count);
        if is_answered { Ok(()) } else { self.count_unknown(payment).await }
    }

    /// The provider was silent about a payment. It counts once, however often buyers, webhooks and sweeps ask again: else
    /// one payment that is stuck looks like a provider that is away.
    pub async fn count_unknown(&self, payment: &Payment) -> Result<(), StoreError> {
        if self.books.note_silence(payment).await? {
            count("unknown");
        }
        Ok(())
    }

    /// Settle what a request has just decided. What fails is left to the sweep: the decision stands in the books.
    pub async fn settle_now_or_later(&self, payment: &Payment) {
        if let Err(error) = self.settle(payment).await {
            tracing::warn!(
                event = "payment.left_to_sweep",
                reference = payment.reference,
                error = chain(&error),
                "left to the sweep"
            );
        }
    }

    /// There is no seat for this payment: of what was set aside or taken, `refund` goes back. The payment may have been
    /// at its end before, if the provider says that there is money after all.
    pub async fn return_money(&self, payment: &Payment, refund: u64) -> Result<(), StoreError> {
        let goal = PaymentGoal::GiveBack { refund };
        if self.books.move_payment(payment, goal, self.in_s(0)).await? {
            return self.settle(&Payment { goal, ..payment.clone() }).await;
        }
        // The sweep was faster, and may have asked the provider before there was any money.
        match self.books.payment(payment.booking_id, &payment.reference).await? {
            Some(moved) if moved.goal != PaymentGoal::Authorize => self.settle(&moved).await,
            _ => Ok(()),
        }
    }

    /// Give the money back of a request that is long gone and never learned the answer. A repeat may take the payment
    /// up again at any moment.
    async fn give_up(&self, payment: &Payment) -> Result<(), StoreError> {
        let goal = PaymentGoal::GiveBack { refund: payment.amount };
        if !self.books.move_due_payment(payment, goal, self.clock.now(), self.in_s(0)).await? {
            return Ok(());
        }
        self.settle(&Payment { goal, ..payment.clone() }).await
    }

    /// Give money back.
    async fn give_back(&self, payment: &Payment, refund: u64) -> Result<SettlementStep, ProviderUnavailable> {
        match self.provider.find(&payment.reference).await? {
            Some(ProviderState::Authorized) if refund == payment.amount => {
                self.provider.void(&payment.reference).await?;
            }
            Some(ProviderState::Authorized) => {
                // A fee is kept: take all, then return the rest.
                self.provider.capture(&payment.reference).await?;
                self.provider.refund(&payment.reference, refund).await?;
            }
            Some(ProviderState::Captured) => self.provider.refund(&payment.reference, refund).await?,
            Some(ProviderState::Returned) => {}
            Some(ProviderState::Declined) => {
                return Ok(SettlementStep::end(PaymentGoal::GivenBack, "declined"));
            }
            None => return Ok(written_off(payment)),
        }
        Ok(SettlementStep::end(PaymentGoal::GivenBack, "returned"))
    }

    fn in_s(&self, seconds: i64) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(seconds)
    }
}

/// What the provider's answer means for a payment.
struct SettlementStep {
    /// What is wanted from now on.
    goal: PaymentGoal,
    /// When to look again.
    due_in_s: i64,
    /// How the payment ended, if there was one.
    outcome: Option<&'static str>,
}

impl SettlementStep {
    fn end(goal: PaymentGoal, outcome: &'static str) -> Self {
        Self { goal, due_in_s: 0, outcome: Some(outcome) }
    }
}

fn count(outcome: &'static str) {
    metrics::PAYMENTS.add(1, &[attribute(key::OUTCOME, outcome)]);
}

/// The provider does not know the payment: the order may still be on its way.
fn written_off(payment: &Payment) -> SettlementStep {
    let (goal, due_in_s) = payment.goal.not_found();
    let reference = &payment.reference;
    if goal.is_settled() {
        tracing::warn!(event = "payment.written_off_for_good", reference, "written off for good");
    } else {
        tracing::info!(event = "payment.written_off", reference, due_in_s, "written off for now");
    }
    SettlementStep { goal, due_in_s, outcome: None }
}
