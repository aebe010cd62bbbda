//! What the provider remembers: payments by the caller's reference, and the sums of everything that was done.
//!
//! Every step is idempotent: a repeat changes nothing and returns the payment as it stands.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// Beyond this number the oldest payment is forgotten. The sums keep it.
const PAYMENTS_MAX: usize = 10_000;

const REFUNDS_PER_PAYMENT_MAX: usize = 100;

const REFERENCE_CHARS_MAX: usize = 128;

#[derive(Default)]
pub(crate) struct Ledger {
    payments: HashMap<Reference, ProviderPayment>,
    oldest_first: VecDeque<Reference>,
    sums: Sums,
}

impl Ledger {
    /// The answer to an order that came before.
    pub(crate) fn repeated(&self, order: &AuthorizationOrder) -> Result<Option<ProviderPayment>, Refusal> {
        let Some(payment) = self.payments.get(&order.reference) else { return Ok(None) };
        if payment.amount != order.amount || payment.currency != order.currency {
            return Err(Refusal::ReferenceReused);
        }
        Ok(Some(payment.clone()))
    }

    /// Records an order's outcome unless there is one already: then that is the answer, whatever this one would have been.
    pub(crate) fn record(
        &mut self,
        order: AuthorizationOrder,
        outcome: ProviderPaymentState,
    ) -> Result<Recorded, Refusal> {
        if let Some(payment) = self.repeated(&order)? {
            return Ok(Recorded::Before(payment));
        }
        match outcome {
            ProviderPaymentState::Declined => self.sums.declined.add(order.amount),
            _ => self.sums.authorized.add(order.amount),
        }
        let payment = ProviderPayment {
            reference: order.reference.clone(),
            state: outcome,
            amount: order.amount,
            currency: order.currency,
            refunded: 0,
            refunds: HashMap::new(),
        };
        self.oldest_first.push_back(order.reference.clone());
        self.payments.insert(order.reference, payment.clone());
        if self.oldest_first.len() > PAYMENTS_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.payments.remove(&oldest);
        }
        Ok(Recorded::Now(payment))
    }

    pub(crate) fn payment(&self, reference: &Reference) -> Result<ProviderPayment, Refusal> {
        self.payments.get(reference).cloned().ok_or(Refusal::NotFound)
    }

    pub(crate) fn payments(&self) -> Vec<ProviderPayment> {
        self.payments.values().cloned().collect()
    }

    pub(crate) fn capture(&mut self, reference: &Reference) -> Result<ProviderPayment, Refusal> {
        let payment = self.payments.get_mut(reference).ok_or(Refusal::NotFound)?;
        match payment.state {
            ProviderPaymentState::Captured => {}
            ProviderPaymentState::Authorized => {
                payment.state = ProviderPaymentState::Captured;
                self.sums.captured.add(payment.amount);
            }
            ProviderPaymentState::Voided | ProviderPaymentState::Declined => {
                return Err(Refusal::NotCapturable);
            }
        }
        Ok(payment.clone())
    }

    pub(crate) fn void(&mut self, reference: &Reference) -> Result<ProviderPayment, Refusal> {
        let payment = self.payments.get_mut(reference).ok_or(Refusal::NotFound)?;
        match payment.state {
            ProviderPaymentState::Voided => {}
            ProviderPaymentState::Authorized => {
                payment.state = ProviderPaymentState::Voided;
                self.sums.voided.add(payment.amount);
            }
            ProviderPaymentState::Captured | ProviderPaymentState::Declined => {
                return Err(Refusal::NotVoidable);
            }
        }
        Ok(payment.clone())
    }

    pub(crate) fn refund(
        &mut self,
        reference: &Reference,
        refund: Refund,
    ) -> Result<ProviderPayment, Refusal> {
        let payment = self.payments.get_mut(reference).ok_or(Refusal::NotFound)?;
        match payment.refunds.get(&refund.refund_reference) {
            Some(amount) if *amount == refund.amount => return Ok(payment.clone()),
            Some(_) => return Err(Refusal::ReferenceReused),
            None => {}
        }
        if payment.state != ProviderPaymentState::Captured || payment.refunds.len() == REFUNDS_PER_PAYMENT_MAX
        {
            return Err(Refusal::NotRefundable);
        }
        let left = payment.amount - payment.refunded;
        if refund.amount > left {
            return Err(Refusal::NotRefundable);
        }
        payment.refunded += refund.amount;
        payment.refunds.insert(refund.refund_reference, refund.amount);
        self.sums.refunded.add(refund.amount);
        Ok(payment.clone())
    }

    pub(crate) fn sums(&self) -> Sums {
        self.sums
    }
}

/// The caller's own name for a payment or a refund, which makes a repeat harmless.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Reference(String);

impl TryFrom<String> for Reference {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if (1..=REFERENCE_CHARS_MAX).contains(&text.chars().count()) {
            return Ok(Self(text));
        }
        Err(format!("a reference has 1 to {REFERENCE_CHARS_MAX} characters"))
    }
}

/// A request to set money aside.
#[derive(Deserialize)]
pub(crate) struct AuthorizationOrder {
    pub(crate) reference: Reference,
    pub(crate) amount: u64,
    pub(crate) currency: String,
    #[serde(rename = "method")]
    pub(crate) _method: String,
    pub(crate) token: Token,
}

/// What the order's token asks of the provider.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Token {
    Ok,
    Slow,
    Lost,
    #[serde(other)]
    Decline,
}

/// A request to give money back.
#[derive(Deserialize)]
pub(crate) struct Refund {
    pub(crate) refund_reference: Reference,
    pub(crate) amount: u64,
}

/// A payment as it stands.
#[derive(Clone, Serialize)]
pub(crate) struct ProviderPayment {
    pub(crate) reference: Reference,
    pub(crate) state: ProviderPaymentState,
    pub(crate) amount: u64,
    pub(crate) currency: String,
    pub(crate) refunded: u64,
    #[serde(skip)]
    refunds: HashMap<Reference, u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ProviderPaymentState {
    Authorized,
    Captured,
    Voided,
    Declined,
}

/// Whether a recorded payment is new.
pub(crate) enum Recorded {
    Now(ProviderPayment),
    Before(ProviderPayment),
}

/// All that was ever done: a captured payment still counts among the authorized ones.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Sums {
    authorized: Sum,
    captured: Sum,
    voided: Sum,
    refunded: Sum,
    declined: Sum,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Sum {
    count: u64,
    amount: u64,
}

impl Sum {
    fn add(&mut self, amount: u64) {
        self.count += 1;
        self.amount = self.amount.saturating_add(amount);
    }
}

/// Why a step is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("no payment has this reference")]
    NotFound,
    #[error("this reference was used for another amount")]
    ReferenceReused,
    #[error("only an authorized payment can be captured")]
    NotCapturable,
    #[error("only an authorized payment can be voided")]
    NotVoidable,
    #[error("a refund cannot exceed what was captured and not yet refunded")]
    NotRefundable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_payment_is_forgotten_first() {
        let mut ledger = Ledger::default();
        let reference = |number: usize| Reference(format!("r{number}"));
        for number in 0..=PAYMENTS_MAX {
            let order = AuthorizationOrder {
                reference: reference(number),
                amount: 1,
                currency: "KRW".to_owned(),
                _method: "card".to_owned(),
                token: Token::Ok,
            };
            assert!(matches!(ledger.record(order, ProviderPaymentState::Authorized), Ok(Recorded::Now(_))));
        }
        assert!(ledger.payment(&reference(0)).is_err_and(|refusal| refusal == Refusal::NotFound));
        assert!(ledger.payment(&reference(1)).is_ok());
        assert_eq!(ledger.sums().authorized.count, PAYMENTS_MAX as u64 + 1);
    }
}
