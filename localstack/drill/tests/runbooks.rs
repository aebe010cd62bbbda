//! docs/RUNBOOKS.md has a section for each alert, and none for another.
#![cfg(test)]

use checks::{documents, root, run, text, tool};
use drill::PlannedFault;
use std::{collections::BTreeSet, fs, process::Command};

/// The sections about alerts, in their order.
fn sections() -> Vec<String> {
    let runbooks = text("docs/RUNBOOKS.md");
    let headings = runbooks.lines().filter_map(|line| line.strip_prefix("## "));
    headings.filter(|heading| heading.starts_with("Yemae")).map(str::to_owned).collect()
}

#[test]
fn each_section_says_what_it_means_what_to_look_at_what_to_do_and_when_it_is_over() {
    let runbooks = text("docs/RUNBOOKS.md");
    for name in sections() {
        let (_, section) = runbooks.split_once(&format!("## {name}\n")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        for part in ["**For buyers**", "**Look at**", "**Do**", "**Over when**"] {
            assert!(section.contains(part), "{name} lacks {part}");
        }
    }
}

#[test]
fn the_alerts_of_the_rules_are_the_sections() {
    let Ok(rules) = fs::read_to_string(root("infra/prometheus/rules.yaml")) else { return };
    let file = &documents(&rules)[0];
    let groups = file["groups"].as_array().unwrap();
    let rules = groups.iter().flat_map(|group| group["rules"].as_array().unwrap());
    let mut alerts = BTreeSet::new();
    for rule in rules {
        let Some(alert) = rule["alert"].as_str() else { continue };
        let anchor = format!("docs/RUNBOOKS.md#{}", alert.to_lowercase());
        let runbook = rule["annotations"]["runbook_url"].as_str().unwrap();
        assert!(runbook.ends_with(&anchor), "{alert} points at {runbook}");
        alerts.insert(alert.to_owned());
    }
    assert_eq!(sections().into_iter().collect::<BTreeSet<_>>(), alerts);
}

#[test]
fn the_exercise_expects_only_alerts_that_have_a_section() {
    let sections = sections();
    for fault in PlannedFault::ALL {
        for alert in fault.alerts() {
            assert!(sections.iter().any(|section| section == alert), "{}: {alert}", fault.name());
        }
    }
}

#[test]
fn the_quickened_rules_are_still_rules() {
    let Ok(rules) = fs::read_to_string(root("infra/prometheus/rules.yaml")) else { return };
    let (quick, alerts) = drill::rules::quickened(&rules, 240.0).unwrap();
    assert!(!alerts.is_empty());
    let Some(promtool) = tool("promtool") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.yaml");
    fs::write(&file, quick).unwrap();
    run(Command::new(promtool).args(["check", "rules"]).arg(file));
}
