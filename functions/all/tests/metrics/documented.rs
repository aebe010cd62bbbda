//! What `docs/OPERATIONS.md` and the declarations say of the metrics.

use shared::{
    http::Code,
    telemetry::metrics::{ALL, Definition, Kind, key},
};
use std::{fs, path::Path};
use testkit::{prometheus_label, prometheus_name};
use uuid::Uuid;

/// How attempts end, beside the codes of problems.
const OUTCOMES: &[&str] = &[
    "held",
    "reserved",
    "captured",
    "declined",
    "returned",
    "unknown",
    "hashed",
    "busy",
    "delivered",
    "waiting",
    "unreadable",
    "done",
    "failed",
];
const SEAT_STATES: &[&str] = &["available", "held", "reserved", "sold"];
const BOOKING_STATES: &[&str] = &["confirmed", "expired", "cancelled"];
const UUID_LEN: usize = 36;

#[test]
fn the_operators_table_is_that_of_the_declarations() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/OPERATIONS.md");
    let text = fs::read_to_string(file).unwrap();
    let (_, section) = text.split_once("\n## Metrics\n").expect("a section on metrics");
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<_> = section.lines().filter(|line| line.starts_with("| `")).collect();
    for (metric, row) in ALL.iter().zip(&rows) {
        let declared = declared(metric);
        let by_hand =
            row.strip_prefix(&declared).unwrap_or_else(|| panic!("{row}\nhas to begin with\n{declared}"));
        assert!(by_hand.trim_matches([' ', '|']).len() > 10, "what is {} good for?", metric.name);
    }
    assert_eq!(rows.len(), ALL.len());
}

/// The columns of the table that follow from the declaration.
fn declared(metric: &Definition) -> String {
    let Definition { name, unit, description, attributes, .. } = metric;
    let attributes: Vec<_> = attributes.iter().map(|key| format!("`{key}`")).collect();
    let in_prometheus = prometheus_name(metric);
    format!("| `{name}` | `{in_prometheus}` | `{unit}` | {} | {description} | ", attributes.join(", "))
}

pub(crate) fn prometheus_kind(metric: &Definition) -> &'static str {
    match metric.kind {
        Kind::Counter => "counter",
        Kind::Histogram => "histogram",
        Kind::Gauge | Kind::UpDownCounter => "gauge",
    }
}

/// Values come from small closed sets; only a performance is named by its id.
pub(crate) fn check_value(metric: &str, label_name: &str, value: &str) {
    let is = |key| label_name == prometheus_label(key);
    let is_right = if is(key::PERFORMANCE) {
        value.parse::<Uuid>().is_ok()
    } else if is(key::SEAT_STATE) {
        SEAT_STATES.contains(&value)
    } else if is(key::BOOKING_STATE) {
        BOOKING_STATES.contains(&value)
    } else if is(key::OUTCOME) {
        OUTCOMES.contains(&value) || Code::ALL.iter().any(|code| code.name() == value)
    } else if is(key::FUNCTION) {
        all::FUNCTIONS.iter().any(|registered| registered.function.name == value)
    } else {
        let has_id = value.as_bytes().windows(UUID_LEN).any(|part| Uuid::try_parse_ascii(part).is_ok());
        value.len() < 64 && !has_id && !value.contains('@')
    };
    assert!(is_right, "{metric} has {label_name}={value}");
}
