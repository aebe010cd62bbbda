//! The payment provider.

use async_trait::async_trait;
use domain::booking::Payment;

/// A payment provider. Every call may be repeated: the payment's reference makes the second one harmless.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Asks the provider to set the money aside.
    async fn authorize(&self, payment: &Payment, method: &str, token: &str) -> Result<(), AuthorizeError>;
    /// What the provider knows about a reference; `None` if it has never heard of it.
    async fn find(&self, reference: &str) -> Result<Option<ProviderState>, ProviderUnavailable>;
    /// Takes the money that was set aside.
    async fn capture(&self, reference: &str) -> Result<(), ProviderUnavailable>;
    /// Releases the money that was set aside.
    async fn void(&self, reference: &str) -> Result<(), ProviderUnavailable>;
    /// Returns this much of the money that was taken, once per reference.
    async fn refund(&self, reference: &str, amount: u64) -> Result<(), ProviderUnavailable>;
}

/// The state of a payment at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderState {
    /// The money is set aside.
    Authorized,
    /// The money is taken.
    Captured,
    /// The money is released or refunded.
    Returned,
    /// The provider declined.
    Declined,
}

/// Why no money was set aside, as far as is known.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// The provider declined.
    #[error("the payment was declined")]
    Declined,
    /// The money may or may not be set aside: ask again by reference.
    #[error("the payment's outcome is not known")]
    Unknown(#[source] ProviderUnavailable),
}

/// The provider did not answer, or its answer makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("the payment provider is unavailable")]
pub struct ProviderUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);
