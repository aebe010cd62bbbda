//! The SDK's client, with every wait bounded.

use super::http::{CONNECT_MS, Http};
use crate::config::DynamoConfig;
use aws_config::{
    BehaviorVersion, Region, environment::EnvironmentVariableCredentialsProvider, timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::{
    Client,
    config::{Builder, Credentials, retry::RetryConfig},
};
use std::time::Duration;

/// How long one try may take.
const ATTEMPT_MS: u64 = 3_000;
/// How long all tries of one call may take.
const OPERATION_MS: u64 = 6_000;
/// How often the SDK tries one call after throttling or a broken connection. Conflicts are up to `retry`.
const ATTEMPTS: u32 = 3;
/// The longest first pause of the SDK, which doubles it each time.
const FIRST_PAUSE_MS: u64 = 50;

/// A client for AWS itself, or for the configured endpoint.
pub(super) async fn build(config: &DynamoConfig) -> Client {
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(FIRST_PAUSE_MS));
    let http = Http::default();
    let address = match &config.endpoint {
        Some(endpoint) => given(config, endpoint),
        None => aws(config, http.clone()).await,
    };
    Client::from_conf(address.http_client(http).timeout_config(timeouts()).retry_config(retries).build())
}

/// AWS itself, with credentials from wherever the SDK finds them.
async fn aws(config: &DynamoConfig, http: Http) -> Builder {
    let region = Region::new(config.region.clone());
    Builder::from(
        &aws_config::defaults(BehaviorVersion::latest()).http_client(http).region(region).load().await,
    )
}

/// Looks nothing up: otherwise the SDK would wait for the machine's metadata address for seconds.
fn given(config: &DynamoConfig, endpoint: &str) -> Builder {
    let builder = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(config.region.clone()))
        .endpoint_url(endpoint);
    if config.has_credentials {
        return builder.credentials_provider(EnvironmentVariableCredentialsProvider::new());
    }
    builder.credentials_provider(Credentials::new("local", "local", None, None, "endpoint"))
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(CONNECT_MS))
        .operation_attempt_timeout(Duration::from_millis(ATTEMPT_MS))
        .operation_timeout(Duration::from_millis(OPERATION_MS))
        .build()
}
