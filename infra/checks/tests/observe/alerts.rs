//! Prometheus' rules: promtool checks and tests them, and each alert says what to do.

use crate::panels::queries;
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

/// What an age has to be for a range.
const RANGES_S: [(&str, u32); 5] = [("5m", 300), ("10m", 600), ("30m", 1_800), ("1h", 3_600), ("6h", 21_600)];

/// What a process counted before it was first seen counts in the window in which the process began, and in no other.
#[test]
fn what_counts_whole_is_of_processes_that_began_in_the_window() {
    let of_rules = rules().into_iter().map(|rule| rule["expr"].as_str().unwrap().to_owned());
    let of_panels = queries().into_iter().map(|query| query.expression);
    let mut seen = 0;
    for expression in of_rules.chain(of_panels) {
        for (at, _) in expression.match_indices("last_over_time(process_uptime_seconds[") {
            let age = &expression[at..];
            let (range, age) = age.split_once('[').unwrap().1.split_once("]) < ").unwrap();
            let (age_s, age) = age.split_once(' ').unwrap();
            assert!(
                RANGES_S.contains(&(range, age_s.parse().unwrap())),
                "{range} is not {age_s} s: {expression}"
            );
            assert!(age.starts_with(&format!("or process_uptime_seconds offset {range})")), "{expression}");
            assert!(expression[..at].contains(&format!("offset {range})")), "{expression}");
            seen += 1;
        }
        let whole = expression.matches("last_over_time(").count();
        let aged = expression.matches("last_over_time(process_uptime_seconds[").count();
        assert_eq!(whole, 2 * aged, "it counts whole whatever its process: {expression}");
    }
    assert!(seen > 15, "{seen}");
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
