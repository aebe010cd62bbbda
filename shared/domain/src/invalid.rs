//! Why a value from outside was refused, in words that its sender can act on.

/// One reason why a value is not valid. It never repeats the value itself: it may be a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub String);

impl Invalid {
    /// A reason, such as `"must be 10 to 128 characters"`.
    pub fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}
