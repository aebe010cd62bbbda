//! What every floor does with an error.

use std::error::Error;

/// An error with all its causes, for the log.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let (mut words, mut next) = (error.to_string(), error.source());
    while let Some(cause) = next {
        let cause_words = cause.to_string();
        // Some errors repeat their cause's words.
        if !words.ends_with(&cause_words) {
            words.push_str(": ");
            words.push_str(&cause_words);
        }
        next = cause.source();
    }
    words
}
