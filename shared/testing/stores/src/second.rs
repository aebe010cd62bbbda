//! The second opinion of the tests: what the embedded engine accepts, another DynamoDB has to accept too.

use std::env;

use crate::{MiniStack, StartError};

/// A DynamoDB by other authors: the one that `YEMAE_TEST_DYNAMODB_URL` names (`LocalStack`, `ExtendDB`,
/// AWS), else `MiniStack`.
pub enum SecondOpinion {
    /// It was running before, and stays.
    Given(String),
    /// It ends with its owner.
    Started(MiniStack),
}

impl SecondOpinion {
    /// The DynamoDB that was given, or a MiniStack that this starts.
    pub async fn start() -> Result<Self, StartError> {
        match env::var("YEMAE_TEST_DYNAMODB_URL").ok().filter(|given| !given.is_empty()) {
            Some(given) => Ok(Self::Given(given)),
            None => MiniStack::start().await.map(Self::Started),
        }
    }

    /// Where it listens, as `AWS_ENDPOINT_URL_DYNAMODB` wants it.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        match self {
            Self::Given(endpoint) => endpoint,
            Self::Started(ministack) => ministack.endpoint(),
        }
    }
}
