//! Prometheus' rules: promtool checks and tests them, and each alert says what to do.

use checks::{documents, root, run, text, tool};
use serde_json::Value;
use std::{collections::BTreeSet, process::Command};

pub(crate) const RULES: &str = "infra/prometheus/rules.yaml";
const TESTS: &str = "infra/prometheus/rules_test.yaml";

/// The rules of all groups.
pub(crate) fn rules() -> Vec<Value> {
    let groups = documents(&text(RULES)).remove(0)["groups"].take();
    let rules = groups.as_array().expect("groups").iter().filter_map(|group| group["rules"].as_array());
    rules.flatten().cloned().collect()
}

#[test]
fn prometheus_reads_rules_and_settings() {
    let Some(promtool) = tool("promtool") else { return };
    run(Command::new(&promtool).args(["check", "rules", "--lint-fatal", RULES]));
    for settings in ["infra/prometheus/prometheus.yaml", "infra/prometheus/compose.yaml"] {
        run(Command::new(&promtool).args(["check", "config", settings]));
    }
}

#[test]
fn alertmanager_reads_its_settings() {
    let Some(amtool) = tool("amtool") else { return };
    run(Command::new(amtool).args(["check-config", "infra/prometheus/alertmanager.yaml"]));
}

#[test]
fn alerts_fire_and_clear_and_keep_still_where_they_nearly_would_fire() {
    let Some(promtool) = tool("promtool") else { return };
    run(Command::new(promtool).args(["test", "rules"]).arg(root(TESTS)));
}

#[test]
fn every_alert_is_seen_to_fire_and_to_be_silent() {
    let tests = documents(&text(TESTS)).remove(0)["tests"].take();
    let (mut firing, mut silent) = (BTreeSet::new(), BTreeSet::new());
    for seen in tests.as_array().unwrap().iter().flat_map(|test| test["promql_expr_test"].as_array().unwrap())
    {
        let name = seen["expr"].as_str().unwrap().split('"').nth(1).unwrap().to_owned();
        let is_firing = !seen["exp_samples"].as_array().unwrap().is_empty();
        if is_firing {
            firing.insert(name)
        } else {
            silent.insert(name)
        };
    }
    let rules = rules();
    let alerts: BTreeSet<_> =
        rules.iter().filter_map(|rule| rule["alert"].as_str()).map(str::to_owned).collect();
    assert_eq!(alerts.len(), 11);
    assert_eq!(firing, alerts);
    assert_eq!(silent, alerts);
}

#[test]
fn every_alert_says_what_to_do() {
    for rule in rules().iter().filter(|rule| rule["alert"].is_string()) {
        let name = rule["alert"].as_str().unwrap();
        let runbook = format!("docs/RUNBOOKS.md#{}", name.to_lowercase());
        assert_eq!(rule["annotations"]["runbook_url"], *runbook, "{name}");
        for said in ["summary", "description"] {
            assert!(rule["annotations"][said].is_string(), "{name} has no {said}");
        }
        let is_known = ["critical", "warning"].map(Value::from).contains(&rule["labels"]["severity"]);
        assert!(is_known, "{name}: {}", rule["labels"]);
    }
}
