//! What Prometheus calls a metric, by OpenTelemetry's rules: what is counted (in braces) adds nothing to its name.

use shared::telemetry::metrics::{Definition, Kind};

/// A metric's name in Prometheus; a histogram's series have an ending of their own.
#[must_use]
pub fn prometheus_name(metric: &Definition) -> String {
    let unit = match metric.unit {
        "s" => "_seconds",
        "By" => "_bytes",
        "1" => "_ratio",
        _ => "",
    };
    let total = if metric.kind == Kind::Counter { "_total" } else { "" };
    format!("{}{unit}{total}", prometheus_label(metric.name))
}

/// The label of an attribute's key.
#[must_use]
pub fn prometheus_label(key: &str) -> String {
    key.replace('.', "_")
}
