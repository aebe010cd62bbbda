//! Gathers everything that is wrong with a request before answering, so that a form can show it all at once.

use super::problem::{FieldError, Problem};
use domain::Invalid;

/// The errors found so far.
#[derive(Debug, Default)]
pub struct Check(Vec<FieldError>);

impl Check {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the parsed value of a field, or notes why there is none.
    pub fn field<T>(&mut self, field: &str, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|why| self.wrong(field, why.to_string())).ok()
    }

    /// Notes that a field is wrong.
    pub fn wrong(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    /// Fails if anything is wrong.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}

impl From<Check> for Problem {
    fn from(check: Check) -> Self {
        Self::fields(check.0)
    }
}
