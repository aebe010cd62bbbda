//! Every file fits the project's own schema as far as it goes. This needs no external tool.

use crate::schema::{SCHEMA, kind_of};
use checks::{documents, root};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

const FOLDERS: [&str; 5] = ["knative", "infra/kubernetes", "infra/nginx", "infra/otel", "infra/stores"];
/// Files that are no manifests: of Helm, which a workflow checks with their chart, and of the collector.
const OTHERS: [&str; 3] =
    ["infra/stores/valkey/values.yaml", "infra/otel/collector.yaml", "infra/otel/loopback.yaml"];

#[test]
fn every_file_is_what_it_says_as_far_as_it_goes() {
    for file in files() {
        for object in documents(&fs::read_to_string(&file).unwrap()) {
            let kind = kind_of(&object);
            // Overlays complete objects; the files for kustomize itself are complete.
            let is_whole = kind.starts_with("kustomize.") || !kind.contains(' ');
            let faults = if is_whole { SCHEMA.judge(&object) } else { SCHEMA.judge_part(&kind, &object) };
            assert_eq!(faults, [""; 0], "{}: {kind}", file.display());
        }
    }
}

#[test]
fn every_patch_sets_what_its_target_may_have() {
    let mut operations = 0;
    for file in files().filter(|file| file.ends_with("kustomization.yaml")) {
        let kustomization = documents(&fs::read_to_string(&file).unwrap()).remove(0);
        for patch in kustomization["patches"].as_array().into_iter().flatten() {
            let read = |path: &str| fs::read_to_string(file.with_file_name("").join(path)).unwrap();
            let text =
                patch["patch"].as_str().map_or_else(|| read(patch["path"].as_str().unwrap()), str::to_owned);
            // Others are objects, which the test above checks.
            for operation in documents(&text).iter().filter_map(Value::as_array).flatten() {
                let at = format!("{}: {operation}", file.display());
                assert_eq!(SCHEMA.judge(&json!([operation])), [""; 0], "{at}");
                let (group, kind) = (patch["target"]["group"].as_str(), patch["target"]["kind"].as_str());
                let part = set(operation["path"].as_str().unwrap(), operation["value"].clone());
                let kinds: Vec<_> = SCHEMA.called(group, kind.expect("a kind")).collect();
                let faults: Vec<_> = kinds.iter().map(|kind| SCHEMA.judge_part(kind, &part)).collect();
                assert!(faults.iter().any(Vec::is_empty), "{at}: {faults:?}");
                operations += 1;
            }
        }
    }
    assert!(operations > 0, "no patch was found");
}

/// An object with only this value, at this place (RFC 6901).
fn set(path: &str, value: Value) -> Value {
    path.rsplit('/').take_while(|step| !step.is_empty()).fold(value, |value, step| match step {
        "-" => json!([value]),
        index if index.bytes().all(|byte| byte.is_ascii_digit()) => json!([value]),
        field => json!({ (field.replace("~1", "/").replace("~0", "~")): value }),
    })
}

fn files() -> impl Iterator<Item = PathBuf> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        find(&root(folder), &mut files);
    }
    let others = OTHERS.map(root);
    files.retain(|file| file.extension().is_some_and(|name| name == "yaml") && !others.contains(file));
    assert!(!files.is_empty(), "no manifest was found");
    files.into_iter()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { find(&entry, files) } else { files.push(entry) }
    }
}
