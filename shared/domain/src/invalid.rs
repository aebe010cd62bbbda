//! Why a value from outside was not accepted, in words that its sender can act on.

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

/// Text without surrounding space, of `min` to `max` characters and without control characters.
///
/// # Errors
/// Says which bound was broken.
pub fn text(raw: &str, min: usize, max: usize) -> Result<String, Invalid> {
    let trimmed = raw.trim();
    let length = trimmed.chars().count();
    if length < min || length > max {
        return Err(Invalid::because(format!("must be {min} to {max} characters")));
    }
    if trimmed.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Invalid::because("must not contain control characters"));
    }
    Ok(trimmed.to_owned())
}
