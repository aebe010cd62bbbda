//! Whoever moves the money.

use async_trait::async_trait;
use domain::booking::Payment;

/// A payment provider. Every call is repeatable: the payment's reference makes the second one harmless.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Ask for the money to be set aside.
    async fn authorize(&self, payment: &Payment, method: &str, token: &str) -> Result<(), AuthorizeError>;
    /// What the provider knows of a reference; nothing if it never heard of it.
    async fn find(&self, reference: &str) -> Result<Option<ProviderState>, ProviderUnavailable>;
    /// Take what was set aside.
    async fn capture(&self, reference: &str) -> Result<(), ProviderUnavailable>;
    /// Let go what was set aside.
    async fn void(&self, reference: &str) -> Result<(), ProviderUnavailable>;
    /// Give back this much of what was taken. Once for a reference.
    async fn refund(&self, reference: &str, amount: u64) -> Result<(), ProviderUnavailable>;
}

/// Where a payment stands at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderState {
    /// Set aside.
    Authorized,
    /// Taken.
    Captured,
    /// Let go, or given back.
    Returned,
    /// Refused.
    Declined,
}

/// Why no money was set aside, as far as is known.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// The provider refused.
    #[error("the payment was declined")]
    Declined,
    /// It may have been set aside or not: ask again by reference.
    #[error("the payment's outcome is not known")]
    Unknown(#[source] ProviderUnavailable),
}

/// The provider did not answer, or not in a way that can be understood.
#[derive(Debug, thiserror::Error)]
#[error("the payment provider is unavailable")]
pub struct ProviderUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);
