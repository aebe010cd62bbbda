//! What leaves the process to be watched: OpenTelemetry's own variables, with its defaults.

use super::{ConfigError, Lookup, check_url, number, one_of};
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use std::{net::IpAddr, str::FromStr as _, time::Duration};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const RESOURCE: &str = "OTEL_RESOURCE_ATTRIBUTES";
const SERVICE_NAME: &str = "service.name";
const SAMPLER_ARG: &str = "OTEL_TRACES_SAMPLER_ARG";

/// How many spans wait for the collector at most. Further ones are dropped (docs/PERFORMANCE.md: memory).
pub const SPANS_MAX: u32 = 1_024;
/// How many of them one push takes.
const SPANS_BATCH: u32 = 256;
/// The same for log lines, where they are pushed.
pub const LINES_MAX: u32 = 256;
const LINES_BATCH: u32 = 64;

/// Where traces, metrics and logs go. Nowhere, unless a setting says so.
#[derive(Debug, Clone, Default)]
pub struct TelemetryConfig {
    /// The collector, where anything is pushed.
    pub collector: Option<Collector>,
    pub traces: bool,
    pub logs: bool,
    pub metrics: MetricsConfig,
    pub sampler: SamplerConfig,
    /// Another name than that of the function or program.
    pub service_name: Option<String>,
    /// More of what describes this process.
    pub resource: Vec<(String, String)>,
}

/// A collector that speaks OTLP over HTTP.
#[derive(Debug, Clone)]
pub struct Collector {
    /// Its base address.
    pub url: String,
    /// Headers of each request, which may contain a key.
    pub headers: Vec<(String, SecretString)>,
    /// How long one request may take.
    pub timeout: Duration,
    /// The time from one push of the metrics to the next.
    pub metrics_every: Duration,
    /// The same for spans.
    pub spans_every: Duration,
    pub spans: Backlog,
    pub lines: Backlog,
}

/// What waits to be pushed.
#[derive(Debug, Clone, Copy)]
pub struct Backlog {
    /// How many wait at most.
    pub max: usize,
    /// How many of them one push takes.
    pub batch: usize,
}

/// How metrics leave the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricsConfig {
    /// They are not collected.
    #[default]
    Off,
    /// They are pushed to the collector.
    Pushed,
    /// Prometheus asks for them at this address.
    Scraped(IpAddr, u16),
}

/// Which traces are recorded, with the share of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SamplerConfig {
    AlwaysOn,
    AlwaysOff,
    Ratio(f64),
    ParentAlwaysOn,
    ParentAlwaysOff,
    ParentRatio(f64),
}

impl Default for SamplerConfig {
    /// OpenTelemetry's default.
    fn default() -> Self {
        Self::ParentAlwaysOn
    }
}

impl TelemetryConfig {
    /// Reads OpenTelemetry's variables.
    ///
    /// # Errors
    /// The first setting that cannot be parsed, or that asks for something that Yemae does not speak.
    pub(super) fn read(text: Lookup<'_>, port: u16) -> Result<Self, ConfigError> {
        let lower = |name| text(name).map(|given| given.to_ascii_lowercase());
        if one_of(&lower, "OTEL_SDK_DISABLED", "false", &["true", "false"])? == 0 {
            return Ok(Self::default());
        }
        one_of(text, "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", &["http/protobuf"])?;
        let endpoint = text(ENDPOINT).map(|given| base(&given)).transpose()?;
        let by_default = if endpoint.is_some() { "otlp" } else { "none" };
        let exporter = |variable, default| one_of(text, variable, default, &["none", "otlp", "prometheus"]);
        let metrics = match exporter("OTEL_METRICS_EXPORTER", by_default)? {
            0 => MetricsConfig::Off,
            1 => MetricsConfig::Pushed,
            _ => scraped(text, port)?,
        };
        let pushed = |variable, default| one_of(text, variable, default, &["none", "otlp"]).map(|at| at == 1);
        let traces = pushed("OTEL_TRACES_EXPORTER", by_default)?;
        let logs = pushed("OTEL_LOGS_EXPORTER", "none")?;
        if endpoint.is_none() && (traces || logs || metrics == MetricsConfig::Pushed) {
            return Err(ConfigError::new(ENDPOINT, "is missing: an exporter is set to otlp"));
        }
        let resource = resource(text)?;
        let of_resource = resource.iter().find(|(key, _)| key == SERVICE_NAME);
        let collector = endpoint.map(|url| Collector::read(text, url)).transpose()?;
        Ok(Self {
            collector,
            traces,
            logs,
            metrics,
            sampler: sampler(text)?,
            service_name: text("OTEL_SERVICE_NAME").or_else(|| of_resource.map(|(_, name)| name.clone())),
            resource,
        })
    }

    /// Whether anything leaves the process.
    #[must_use]
    pub fn is_off(&self) -> bool {
        !self.traces && !self.logs && self.metrics == MetricsConfig::Off
    }
}

impl Collector {
    fn read(text: Lookup<'_>, url: String) -> Result<Self, ConfigError> {
        let ms = |variable, default| number(text, variable, default, 1..=600_000).map(Duration::from_millis);
        let size =
            |variable, default| number(text, variable, default, 1..=65_536).map(|size: u32| size as usize);
        let waiting = |max: usize, batch: usize| Backlog { max, batch: batch.min(max) };
        let headers = headers(text)?;
        Ok(Self {
            url,
            headers: headers.into_iter().map(|(name, value)| (name, value.into())).collect(),
            timeout: ms("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000)?,
            metrics_every: ms("OTEL_METRIC_EXPORT_INTERVAL", 60_000)?,
            spans_every: ms("OTEL_BSP_SCHEDULE_DELAY", 5_000)?,
            spans: waiting(
                size("OTEL_BSP_MAX_QUEUE_SIZE", SPANS_MAX)?,
                size("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", SPANS_BATCH)?,
            ),
            lines: waiting(
                size("OTEL_BLRP_MAX_QUEUE_SIZE", LINES_MAX)?,
                size("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", LINES_BATCH)?,
            ),
        })
    }
}

/// Paths are appended to it, so it ends before a query.
fn base(given: &str) -> Result<String, ConfigError> {
    let base = check_url(ENDPOINT, given, &["http", "https"])?;
    let is_base = !base.contains(['?', '#']);
    is_base.then_some(base).ok_or_else(|| ConfigError::new(ENDPOINT, "must have no query and no fragment"))
}

fn headers(text: Lookup<'_>) -> Result<Vec<(String, String)>, ConfigError> {
    let headers = pairs(text, HEADERS)?;
    let is_header = |(name, value): &(String, String)| {
        HeaderName::from_str(name).is_ok() && HeaderValue::from_str(value).is_ok()
    };
    let are_headers = headers.iter().all(is_header);
    are_headers
        .then_some(headers)
        .ok_or_else(|| ConfigError::new(HEADERS, "must have names and values of headers"))
}

fn resource(text: Lookup<'_>) -> Result<Vec<(String, String)>, ConfigError> {
    let resource = pairs(text, RESOURCE)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    let are_plain = resource.iter().all(|(key, _)| key.bytes().all(is_plain));
    let wrong = || ConfigError::new(RESOURCE, "must have keys of letters, digits, `.`, `_`, `-` or `/`");
    are_plain.then_some(resource).ok_or_else(wrong)
}

fn scraped(text: Lookup<'_>, port: u16) -> Result<MetricsConfig, ConfigError> {
    const HOST: &str = "OTEL_EXPORTER_PROMETHEUS_HOST";
    const PORT: &str = "OTEL_EXPORTER_PROMETHEUS_PORT";
    let host = text(HOST).unwrap_or_else(|| "0.0.0.0".to_owned());
    let host = host.parse().map_err(|_| ConfigError::new(HOST, "must be an IP address"))?;
    let at = number(text, PORT, 9464, 0..=65_535)?;
    if at == port && at != 0 {
        return Err(ConfigError::new(PORT, "must be another than that of `PORT`"));
    }
    Ok(MetricsConfig::Scraped(host, at))
}

fn sampler(text: Lookup<'_>) -> Result<SamplerConfig, ConfigError> {
    const KNOWN: [&str; 6] = [
        "parentbased_always_on",
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_off",
        "parentbased_traceidratio",
    ];
    let ratio = || match text(SAMPLER_ARG) {
        None => Ok(1.0),
        Some(given) => given
            .parse()
            .ok()
            .filter(|ratio| (0.0..=1.0).contains(ratio))
            .ok_or_else(|| ConfigError::new(SAMPLER_ARG, "must be a number from 0 to 1")),
    };
    Ok(match one_of(text, "OTEL_TRACES_SAMPLER", "parentbased_always_on", &KNOWN)? {
        1 => SamplerConfig::AlwaysOn,
        2 => SamplerConfig::AlwaysOff,
        3 => SamplerConfig::Ratio(ratio()?),
        4 => SamplerConfig::ParentAlwaysOff,
        5 => SamplerConfig::ParentRatio(ratio()?),
        _ => SamplerConfig::ParentAlwaysOn,
    })
}

/// `key=value` after `key=value`, with commas in between and everything else that is special percent-encoded.
fn pairs(text: Lookup<'_>, variable: &'static str) -> Result<Vec<(String, String)>, ConfigError> {
    let malformed = || ConfigError::new(variable, "must be a list like key=value,key=value");
    let given = text(variable).unwrap_or_default();
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').ok_or_else(malformed)?;
        let value = percent_decode_str(value.trim()).decode_utf8().map_err(|_| malformed())?;
        let is_header_or_key = !key.trim().is_empty() && !value.bytes().any(|byte| byte.is_ascii_control());
        is_header_or_key.then(|| (key.trim().to_owned(), value.into_owned())).ok_or_else(malformed)
    };
    given.split(',').filter(|part| !part.trim().is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn read(pairs: &[(&str, &str)]) -> Result<TelemetryConfig, ConfigError> {
        TelemetryConfig::read(
            &|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
            8080,
        )
    }

    #[test]
    fn nothing_leaves_the_process_unless_a_setting_says_so() {
        assert!(read(&[]).expect("defaults").is_off());
        for yes in ["true", "TRUE"] {
            let off = [(ENDPOINT, "http://collector:4318"), ("OTEL_SDK_DISABLED", yes)];
            assert!(read(&off).expect("disabled").is_off());
        }
    }

    #[test]
    fn an_endpoint_takes_traces_and_metrics_and_logs_only_if_asked() {
        let on = read(&[(ENDPOINT, "http://collector:4318/"), (HEADERS, "api-key=a%20b, x=1")]).expect("on");
        assert!(on.traces && !on.logs);
        assert_eq!(on.metrics, MetricsConfig::Pushed);
        let collector = on.collector.expect("a collector");
        assert_eq!(collector.url, "http://collector:4318");
        let headers = collector.headers.iter().map(|(name, value)| (name.as_str(), value.expose_secret()));
        assert_eq!(headers.collect::<Vec<_>>(), [("api-key", "a b"), ("x", "1")]);
        let scraped = read(&[("OTEL_METRICS_EXPORTER", "prometheus")]).expect("scraped");
        assert_eq!(scraped.metrics, MetricsConfig::Scraped([0, 0, 0, 0].into(), 9464));
        assert!(scraped.collector.is_none());
    }

    #[test]
    fn a_service_is_named_by_either_setting() {
        let resource = (RESOURCE, "service.name=sale,zone=a");
        let name = |settings: &[_]| read(settings).expect("settings").service_name;
        assert_eq!(name(&[resource]).as_deref(), Some("sale"));
        assert_eq!(name(&[resource, ("OTEL_SERVICE_NAME", "other")]).as_deref(), Some("other"));
        assert_eq!(name(&[]), None);
    }

    #[test]
    fn a_malformed_setting_is_named() {
        for (variable, value) in [
            (ENDPOINT, "collector:4318"),
            (HEADERS, "a secret"),
            (HEADERS, "a secret=1"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
            ("OTEL_METRICS_EXPORTER", "statsd"),
            ("OTEL_TRACES_SAMPLER", "often"),
            ("OTEL_SDK_DISABLED", "maybe"),
            (RESOURCE, "zone"),
            (RESOURCE, "a zone=1"),
        ] {
            let settings = [(variable, value), (ENDPOINT, "http://collector:4318")];
            let error = read(&settings).expect_err(variable);
            assert_eq!(error.variable, variable);
            assert!(!error.problem.contains(value), "{error}");
        }
        let same_port = [("OTEL_METRICS_EXPORTER", "prometheus"), ("OTEL_EXPORTER_PROMETHEUS_PORT", "8080")];
        assert_eq!(read(&same_port).expect_err("taken").variable, "OTEL_EXPORTER_PROMETHEUS_PORT");
        let ratio = [("OTEL_TRACES_SAMPLER", "traceidratio"), (SAMPLER_ARG, "2")];
        assert_eq!(read(&ratio).expect_err("too much").variable, SAMPLER_ARG);
        assert_eq!(read(&[("OTEL_LOGS_EXPORTER", "otlp")]).expect_err("no endpoint").variable, ENDPOINT);
    }
}
