//! Bring a payment to its end. The books say what is wanted; the provider is asked until it has happened. Every step
//! can be repeated, so the request itself, its retry and the sweep may all try.

use crate::{
    http::problem::chain,
    ports::{Books, Clock, PaymentProvider, ProviderState, ProviderUnavailable, StoreError},
};
use domain::booking::{Payment, PaymentGoal};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// An attempt whose request died is looked after once no request can still be working on it. Longer than a request may take.
pub const PAYMENT_ABANDONED_S: i64 = 60;
/// How long a provider that did not answer is left alone.
const RETRY_S: i64 = 10;

/// Does what the books want of a payment.
#[derive(Clone)]
pub struct Settlement {
    books: Arc<dyn Books>,
    provider: Arc<dyn PaymentProvider>,
    clock: Arc<dyn Clock>,
}

impl Settlement {
    /// On these books and this provider.
    #[must_use]
    pub fn new(books: Arc<dyn Books>, provider: Arc<dyn PaymentProvider>, clock: Arc<dyn Clock>) -> Self {
        Self { books, provider, clock }
    }

    /// Do what is wanted; a provider that does not answer is tried again later.
    pub async fn settle(&self, payment: &Payment) -> Result<(), StoreError> {
        let done = match payment.goal {
            PaymentGoal::Take => self.provider.capture(&payment.reference).await.map(|()| PaymentGoal::Taken),
            PaymentGoal::GiveBack { refund } => {
                self.give_back(payment, refund).await.map(|()| PaymentGoal::GivenBack)
            }
            // The request that asked is long gone and never learned the answer.
            PaymentGoal::Authorize => return Box::pin(self.return_all(payment)).await,
            PaymentGoal::Taken | PaymentGoal::GivenBack | PaymentGoal::Declined => return Ok(()),
        };
        let goal = done.unwrap_or_else(|error| {
            tracing::warn!(
                reference = payment.reference,
                error = chain(&error),
                "the payment is tried again later"
            );
            payment.goal
        });
        // Whoever moved it meanwhile knows better.
        self.books.move_payment(payment, goal, self.in_s(RETRY_S)).await.map(drop)
    }

    /// Settle what a request just decided. Whatever fails is left to the sweep: the decision stands in the books.
    pub async fn settle_now_or_later(&self, payment: &Payment) {
        if let Err(error) = self.settle(payment).await {
            tracing::warn!(reference = payment.reference, error = chain(&error), "left to the sweep");
        }
    }

    /// There is no seat for this payment: whatever was set aside or taken goes back.
    pub async fn return_all(&self, payment: &Payment) -> Result<(), StoreError> {
        let goal = PaymentGoal::GiveBack { refund: payment.amount };
        if self.books.move_payment(payment, goal, self.in_s(0)).await? {
            self.settle(&Payment { goal, ..payment.clone() }).await?;
        }
        Ok(())
    }

    async fn give_back(&self, payment: &Payment, refund: u64) -> Result<(), ProviderUnavailable> {
        match self.provider.find(&payment.reference).await? {
            Some(ProviderState::Authorized) if refund == payment.amount => {
                self.provider.void(&payment.reference).await
            }
            Some(ProviderState::Authorized) => {
                // A fee is kept: take all, then return the rest.
                self.provider.capture(&payment.reference).await?;
                self.provider.refund(&payment.reference, refund).await
            }
            Some(ProviderState::Captured) => self.provider.refund(&payment.reference, refund).await,
            Some(ProviderState::Returned | ProviderState::Declined) | None => Ok(()),
        }
    }

    fn in_s(&self, seconds: i64) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(seconds)
    }
}
