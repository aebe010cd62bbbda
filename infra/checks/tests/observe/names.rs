//! Rules and dashboards ask for metrics and labels that the code records.

use crate::{alerts::rules, panels, promql::asked};
use shared::telemetry::metrics::{ALL, Kind};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{prometheus_label, prometheus_name};

/// The labels that every series has which Prometheus scraped.
const SCRAPED: [&str; 2] = ["job", "instance"];

#[test]
fn rules_and_dashboards_ask_for_what_is_recorded() {
    let mut known = recorded();
    known.insert("up".to_owned(), BTreeSet::new());
    let rules = rules();
    for rule in &rules {
        check(rule["expr"].as_str().unwrap(), &known);
        if let Some(name) = rule["record"].as_str() {
            // It has the labels that its expression groups by, which are checked above.
            let labels = asked(rule["expr"].as_str().unwrap()).labels;
            known.insert(name.to_owned(), labels);
        }
    }
    let queries = panels::queries();
    assert!(queries.len() > 40, "only {} queries were found", queries.len());
    for query in queries {
        check(&query.expression, &known);
    }
}

fn check(expression: &str, known: &BTreeMap<String, BTreeSet<String>>) {
    let asked = asked(expression);
    assert!(!asked.metrics.is_empty(), "it asks for nothing: {expression}");
    let mut labels: BTreeSet<_> = SCRAPED.map(str::to_owned).into();
    for metric in &asked.metrics {
        let its = known.get(metric).unwrap_or_else(|| panic!("no metric is called {metric}: {expression}"));
        labels.extend(its.iter().cloned());
    }
    let unknown: Vec<_> = asked.labels.difference(&labels).collect();
    assert!(unknown.is_empty(), "no metric of it has {unknown:?}: {expression}");
}

/// Every metric under each of its names in Prometheus, with its labels.
fn recorded() -> BTreeMap<String, BTreeSet<String>> {
    let mut recorded = BTreeMap::new();
    for definition in ALL {
        let labels: BTreeSet<_> = definition.attributes.iter().map(|key| prometheus_label(key)).collect();
        let name = prometheus_name(definition);
        if definition.kind == Kind::Histogram {
            let mut with_le = labels.clone();
            with_le.insert("le".to_owned());
            recorded.insert(format!("{name}_bucket"), with_le);
            recorded.insert(format!("{name}_sum"), labels.clone());
            recorded.insert(format!("{name}_count"), labels);
        } else {
            recorded.insert(name, labels);
        }
    }
    recorded
}
