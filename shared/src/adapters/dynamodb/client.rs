//! The SDK's client, with every wait bounded.

use crate::config::DynamoConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::{
    Client,
    config::{Builder, Credentials, retry::RetryConfig},
};
use std::time::Duration;

/// How long a connection may take.
const CONNECT_MS: u64 = 1_000;
/// How long one try may take.
const ATTEMPT_MS: u64 = 3_000;
/// How long all tries of one call may take.
const OPERATION_MS: u64 = 6_000;
/// How often the SDK tries one call: throttling and broken connections. Conflicts are `retry`'s.
const ATTEMPTS: u32 = 3;
/// The SDK's longest first pause; it doubles.
const FIRST_PAUSE_MS: u64 = 50;

/// A client for AWS itself, or for the endpoint that is given.
pub(super) async fn build(config: &DynamoConfig) -> Client {
    let bounded = Builder::from(&shared_config(config).await)
        .timeout_config(timeouts())
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(Duration::from_millis(FIRST_PAUSE_MS)),
        )
        .build();
    Client::from_conf(bounded)
}

/// With an endpoint, nothing is looked up: the SDK would ask the machine's metadata address for seconds.
async fn shared_config(config: &DynamoConfig) -> SdkConfig {
    let loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(config.region.clone()));
    match &config.endpoint {
        None => loader.load().await,
        Some(endpoint) if config.has_credentials => {
            let environment = aws_config::environment::EnvironmentVariableCredentialsProvider::new();
            loader.endpoint_url(endpoint).credentials_provider(environment).load().await
        }
        Some(endpoint) => {
            let local = Credentials::new("local", "local", None, None, "an endpoint without credentials");
            loader.endpoint_url(endpoint).credentials_provider(local).load().await
        }
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(CONNECT_MS))
        .operation_attempt_timeout(Duration::from_millis(ATTEMPT_MS))
        .operation_timeout(Duration::from_millis(OPERATION_MS))
        .build()
}
