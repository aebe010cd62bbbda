//! All settings, read once from the environment.
//!
//! | variable | default | meaning |
//! |---|---|---|
//! | `PORT` | 8080 | where a function listens |
//! | `YEMAE_REDIS_URL` | `redis://127.0.0.1:6379` | locks and queue; `rediss://` for TLS, `redis+cluster://` or `rediss+cluster://` for a cluster |
//! | `AWS_ENDPOINT_URL_DYNAMODB` | AWS itself | a DynamoDB-compatible endpoint; with it, missing credentials become `local` |
//! | `AWS_REGION` | `ap-northeast-2` | |
//! | `YEMAE_TABLE_PREFIX` | `yemae-` | begins the names of the tables |
//! | `YEMAE_JWT_PRIVATE_KEY` | none | Ed25519 key (PKCS#8 PEM); needed by functions that sign |
//! | `YEMAE_JWT_PUBLIC_KEYS` | none | Ed25519 public keys (PEM, one after another); needed by functions that verify |
//! | `YEMAE_HOLD_TTL_S` | 300 | how long a hold lasts |
//! | `YEMAE_PAY_WINDOW_S` | 600 | how long a booking may wait for its payment |
//! | `YEMAE_CALL_WINDOW_S` | 30 | how long a call waits for its claim |
//! | `YEMAE_ADMISSION_S` | 600 | how long a session inside may last |
//! | `YEMAE_PAYMENT_URL` | `http://127.0.0.1:8081` | the payment provider |
//! | `YEMAE_RELAY_URL` | none | where `relay` answers, for functions that change the books: they wake it; without it the timer alone does |
//! | `YEMAE_ADDRESS_RATE_PER_MIN` | 600 | requests that change something, per client address; 0: no limit |
//! | `YEMAE_TRUSTED_HOPS` | 0 | how many entries of `X-Forwarded-For`, from the right, are believed |
//! | `YEMAE_LOG` | `info` | what is logged, in `tracing`'s filter syntax; SIGHUP turns Yemae's own debug lines on, and off again |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | none | a collector that speaks OTLP over HTTP with protobuf; with it, traces and metrics are pushed |
//! | `OTEL_EXPORTER_OTLP_HEADERS` | none | headers for the collector, `key=value,key=value` |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT` | 10000 | how long one push may take, ms |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL` | `http/protobuf` | there is no other |
//! | `OTEL_TRACES_EXPORTER` | `otlp` with an endpoint | `otlp` or `none` |
//! | `OTEL_TRACES_SAMPLER` | `parentbased_always_on` | which traces are recorded, one of OpenTelemetry's six; `traceidratio` for production |
//! | `OTEL_TRACES_SAMPLER_ARG` | 1 | the share for the two that take one |
//! | `OTEL_BSP_SCHEDULE_DELAY` | 5000 | from one push of spans to the next, ms |
//! | `OTEL_BSP_MAX_QUEUE_SIZE` | 1024 | how many spans wait for the collector at most; further ones are dropped |
//! | `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` | 256 | how many of them one push takes |
//! | `OTEL_BLRP_MAX_QUEUE_SIZE` | 256 | the same for log lines, where they are pushed |
//! | `OTEL_BLRP_MAX_EXPORT_BATCH_SIZE` | 64 | |
//! | `OTEL_METRICS_EXPORTER` | `otlp` with an endpoint | `otlp`, `prometheus` (served at `/metrics`) or `none` |
//! | `OTEL_METRIC_EXPORT_INTERVAL` | 60000 | from one push of the metrics to the next, ms |
//! | `OTEL_EXPORTER_PROMETHEUS_HOST` | `0.0.0.0` | where `/metrics` listens |
//! | `OTEL_EXPORTER_PROMETHEUS_PORT` | 9464 | its port, beside `PORT` |
//! | `OTEL_LOGS_EXPORTER` | `none` | `otlp`: log lines are pushed too |
//! | `OTEL_SERVICE_NAME` | the function's name | |
//! | `OTEL_RESOURCE_ATTRIBUTES` | none | more about the process, `key=value,key=value` |
//! | `OTEL_SDK_DISABLED` | `false` | `true`: nothing of the above |

mod telemetry;

pub use telemetry::{
    Backlog, Collector, LINES_MAX, MetricsConfig, SPANS_MAX, SamplerConfig, TelemetryConfig,
};

use http::Uri;
use reqwest::Url;
use secrecy::SecretString;
use std::{
    cell::Cell,
    env::{self, VarError},
    str::FromStr,
};

/// All settings of a process.
#[derive(Debug, Clone)]
pub struct Config {
    pub port: u16,
    /// The address of Redis, which may contain a password.
    pub redis_url: SecretString,
    pub dynamodb: DynamoConfig,
    /// The key that signs tokens (PKCS#8 PEM).
    pub jwt_private_key: Option<SecretString>,
    /// The keys that verify tokens (PEM, one after another).
    pub jwt_public_keys: Option<String>,
    pub limits: Limits,
    /// The address of the payment provider.
    pub payment_url: String,
    /// The address of `relay`, for functions that wake it.
    pub relay_url: Option<String>,
    /// The log's filter, in `tracing`'s syntax.
    pub log: String,
    /// What leaves the process to be watched.
    pub telemetry: TelemetryConfig,
}

/// How to reach DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoConfig {
    /// An endpoint to use instead of AWS's own.
    pub endpoint: Option<String>,
    pub region: String,
    /// The beginning of all table names.
    pub table_prefix: String,
    /// Whether the environment contains credentials.
    pub has_credentials: bool,
}

/// Times and limits that an operator may change; the table above explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub hold_ttl_s: u32,
    pub pay_window_s: u32,
    pub call_window_s: u32,
    pub admission_s: u32,
    /// 0 means no limit.
    pub address_rate_per_min: u32,
    pub trusted_hops: usize,
}

/// A setting that is missing or cannot be parsed. Its value is not repeated, since it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {problem}")]
pub struct ConfigError {
    pub variable: &'static str,
    pub problem: String,
}

impl ConfigError {
    pub fn new(variable: &'static str, problem: impl Into<String>) -> Self {
        Self { variable, problem: problem.into() }
    }
}

impl Config {
    /// Reads the environment of the process.
    ///
    /// # Errors
    /// The first setting that cannot be parsed.
    pub fn from_env() -> Result<Self, ConfigError> {
        let unreadable = Cell::new(None);
        let config = Self::from_lookup(&|name| match env::var(name) {
            Ok(value) => Some(value),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => {
                unreadable.set(Some(name));
                None
            }
        });
        match unreadable.get() {
            Some(variable) => Err(ConfigError::new(variable, "must be text in UTF-8")),
            None => config,
        }
    }

    /// Reads settings through any lookup. An empty value counts as absent.
    ///
    /// # Errors
    /// The first setting that cannot be parsed.
    pub fn from_lookup(lookup: &dyn Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let text = |name: &'static str| lookup(name).filter(|value| !value.is_empty());
        let or = |name: &'static str, default: &str| text(name).unwrap_or_else(|| default.to_owned());
        let port = number(&text, "PORT", 8080, 0..=65_535)?;
        Ok(Self {
            port,
            redis_url: url(&text, "YEMAE_REDIS_URL", "redis://127.0.0.1:6379", &REDIS_SCHEMES)?.into(),
            dynamodb: DynamoConfig {
                endpoint: text("AWS_ENDPOINT_URL_DYNAMODB")
                    .map(|given| check_url("AWS_ENDPOINT_URL_DYNAMODB", &given, &["http", "https"]))
                    .transpose()?,
                region: or("AWS_REGION", "ap-northeast-2"),
                table_prefix: table_prefix(or("YEMAE_TABLE_PREFIX", "yemae-"))?,
                has_credentials: text("AWS_ACCESS_KEY_ID").is_some(),
            },
            jwt_private_key: text("YEMAE_JWT_PRIVATE_KEY").map(SecretString::from),
            jwt_public_keys: text("YEMAE_JWT_PUBLIC_KEYS"),
            limits: Limits {
                hold_ttl_s: number(&text, "YEMAE_HOLD_TTL_S", 300, 1..=3_600)?,
                pay_window_s: number(&text, "YEMAE_PAY_WINDOW_S", 600, 1..=86_400)?,
                call_window_s: number(&text, "YEMAE_CALL_WINDOW_S", 30, 1..=600)?,
                admission_s: number(&text, "YEMAE_ADMISSION_S", 600, 1..=7_200)?,
                address_rate_per_min: number(&text, "YEMAE_ADDRESS_RATE_PER_MIN", 600, 0..=1_000_000)?,
                trusted_hops: number(&text, "YEMAE_TRUSTED_HOPS", 0, 0..=16)?,
            },
            payment_url: url(&text, "YEMAE_PAYMENT_URL", "http://127.0.0.1:8081", &["http", "https"])?,
            relay_url: text("YEMAE_RELAY_URL")
                .map(|given| check_url("YEMAE_RELAY_URL", &given, &["http", "https"]))
                .transpose()?,
            log: or("YEMAE_LOG", "info"),
            telemetry: TelemetryConfig::read(&text, port)?,
        })
    }
}

/// Finds the text of a setting. An empty one counts as absent.
type Lookup<'a> = &'a dyn Fn(&'static str) -> Option<String>;

const REDIS_SCHEMES: [&str; 4] = ["redis", "rediss", "redis+cluster", "rediss+cluster"];

fn number<T: TryFrom<u32>>(
    text: Lookup<'_>,
    variable: &'static str,
    default: u32,
    bounds: std::ops::RangeInclusive<u32>,
) -> Result<T, ConfigError> {
    let parsed = match text(variable) {
        Some(given) => u32::from_str(&given).ok().filter(|value| bounds.contains(value)),
        None => Some(default),
    };
    parsed.and_then(|value| T::try_from(value).ok()).ok_or_else(|| {
        ConfigError::new(
            variable,
            format!("must be a whole number from {} to {}", bounds.start(), bounds.end()),
        )
    })
}

/// Which of the known words a setting is.
fn one_of(
    text: Lookup<'_>,
    variable: &'static str,
    default: &str,
    known: &[&str],
) -> Result<usize, ConfigError> {
    let given = text(variable);
    let given = given.as_deref().unwrap_or(default);
    let unknown = || ConfigError::new(variable, format!("must be {}", known.join(" or ")));
    known.iter().position(|word| *word == given).ok_or_else(unknown)
}

fn url(
    text: Lookup<'_>,
    variable: &'static str,
    default: &str,
    schemes: &[&str],
) -> Result<String, ConfigError> {
    check_url(variable, text(variable).as_deref().unwrap_or(default), schemes)
}

fn check_url(variable: &'static str, given: &str, schemes: &[&str]) -> Result<String, ConfigError> {
    match given.split_once("://") {
        Some((scheme, rest)) if schemes.contains(&scheme) && names_a_host(scheme, given, rest) => {
            Ok(given.trim_end_matches('/').to_owned())
        }
        _ => Err(ConfigError::new(
            variable,
            format!("must be an address beginning with {}://", schemes.join(":// or ")),
        )),
    }
}

/// The client of Redis reads its addresses itself: they may name several nodes.
fn names_a_host(scheme: &str, given: &str, rest: &str) -> bool {
    if !scheme.starts_with("http") {
        return !rest.is_empty();
    }
    Url::parse(given).is_ok_and(|url| url.has_host()) && given.parse::<Uri>().is_ok()
}

fn table_prefix(given: String) -> Result<String, ConfigError> {
    let clean = given.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if clean && given.len() <= 100 {
        Ok(given)
    } else {
        Err(ConfigError::new("YEMAE_TABLE_PREFIX", "must be at most 100 letters, digits, `-`, `_` or `.`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(&|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_but_secrets_has_to_be_set() {
        let config = read(&[]).expect("defaults");
        assert_eq!((config.port, config.limits.hold_ttl_s, config.limits.pay_window_s), (8080, 300, 600));
        assert!(config.jwt_private_key.is_none() && config.dynamodb.endpoint.is_none());
    }

    #[test]
    fn a_malformed_setting_is_named_and_its_value_is_not() {
        for (variable, value) in [
            ("PORT", "http"),
            ("YEMAE_HOLD_TTL_S", "0"),
            ("YEMAE_TRUSTED_HOPS", "-1"),
            ("YEMAE_REDIS_URL", "localhost:6379"),
            ("AWS_ENDPOINT_URL_DYNAMODB", "ftp://x"),
            ("YEMAE_RELAY_URL", "relay:8080"),
            ("YEMAE_PAYMENT_URL", "http://user:pass word@pay.example"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:pass word@collector:4318"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:secret@:4318"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:port"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/?key=secret"),
            ("YEMAE_TABLE_PREFIX", "a b"),
        ] {
            let error = read(&[(variable, value)]).expect_err(variable);
            assert_eq!(error.variable, variable);
            assert!(!error.to_string().contains(value) || value == "0", "{error}");
        }
    }
}
