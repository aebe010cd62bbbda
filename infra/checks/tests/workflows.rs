//! GitHub's workflows are well formed, have least rights, and pin each action to a commit.
#![cfg(test)]

use checks::{documents, root, run, tool};
use serde_json::{Value, json};
use std::{fs, path::PathBuf, process::Command};

fn workflows() -> Vec<(PathBuf, String)> {
    let files = fs::read_dir(root(".github/workflows")).unwrap().map(|entry| entry.unwrap().path());
    let read: Vec<_> = files.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
    assert!(!read.is_empty());
    read
}

#[test]
fn they_are_valid_for_github() {
    let Some(check) = tool("check-jsonschema") else { return };
    let files = workflows().into_iter().map(|(path, _)| path);
    run(Command::new(&check).args(["--builtin-schema", "vendor.github-workflows"]).args(files));
    run(Command::new(&check).args(["--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"]));
}

#[test]
fn zizmor_finds_nothing() {
    let Some(zizmor) = tool("zizmor") else { return };
    run(Command::new(zizmor).args(["--offline", "--persona", "pedantic", "--no-progress", ".github"]));
}

#[test]
fn every_action_is_pinned_to_a_commit_and_names_its_version() {
    for (path, text) in workflows() {
        for line in text.lines().filter_map(|line| line.split_once("uses: ")).map(|(_, used)| used) {
            let (used, version) = line.split_once(" # v").unwrap_or_else(|| panic!("{path:?}: {line}"));
            let (_, commit) = used.split_once('@').unwrap();
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit, "{path:?}: {line}");
            assert_eq!(version.split('.').count(), 3, "{path:?}: {line}");
        }
    }
}

#[test]
fn rights_are_granted_per_job_and_credentials_are_not_kept() {
    for (path, text) in workflows() {
        let workflow = documents(&text).remove(0);
        assert_eq!(workflow["permissions"], json!({}), "{path:?}");
        assert!(workflow["concurrency"]["group"].is_string(), "{path:?}");
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            assert!(job["permissions"].is_object(), "{path:?}: {name}");
            assert!(job["timeout-minutes"].is_u64(), "{path:?}: {name}");
            for step in job["steps"].as_array().unwrap() {
                let is_checkout =
                    step["uses"].as_str().is_some_and(|used| used.starts_with("actions/checkout@"));
                let kept = &step["with"]["persist-credentials"];
                assert_eq!(
                    *kept,
                    if is_checkout { Value::Bool(false) } else { Value::Null },
                    "{path:?}: {name}"
                );
            }
        }
    }
}
