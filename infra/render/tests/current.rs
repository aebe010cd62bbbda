//! The committed files are what the code renders, and no other file claims to be rendered.
#![cfg(test)]

use render::MARK;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

#[test]
fn the_committed_files_are_current() {
    for (path, text) in render::files() {
        let committed = fs::read_to_string(checks::root(&path)).unwrap_or_default();
        assert!(committed == text, "{path} is old: run `make render`");
        // Grafana and Prometheus fill these in themselves.
        let has_own_places = path.starts_with("infra/grafana/") || path == "infra/otel/operator/rules.yaml";
        assert!(has_own_places || !text.contains("{{"), "{path}: a place was not filled in");
        let has_comments = Path::new(&path).extension().is_none_or(|kind| kind != "json");
        assert_eq!(text.starts_with(MARK), has_comments, "{path} does not say what it was rendered from");
    }
}

#[test]
fn no_file_is_left_of_a_function_that_is_gone() {
    let rendered: BTreeSet<_> = render::files().into_iter().map(|(path, _)| checks::root(&path)).collect();
    let by_hand = ["namespace.yaml", "references.yaml"].map(|name| checks::root("knative/base").join(name));
    for folder in ["infra", "knative", "localstack"] {
        for file in files_below(&checks::root(folder)) {
            let is_marked = fs::read(&file).unwrap().starts_with(MARK.as_bytes());
            let beside = file.parent() == Some(&checks::root("knative/base")) && !by_hand.contains(&file);
            let is_rendered =
                is_marked || beside || file.starts_with(checks::root("infra/kubernetes/functions"));
            assert_eq!(
                rendered.contains(&file),
                is_rendered || is_json(&file, &rendered),
                "{}",
                file.display()
            );
        }
    }
}

#[test]
fn no_front_knows_what_is_reached_from_inside_alone() {
    for (path, text) in render::fronts() {
        for function in all::inside().map(|registered| registered.function.name) {
            assert!(!text.contains(function), "{path}: {function}");
        }
    }
}

/// JSON has no comments, so these files have no mark.
fn is_json(file: &Path, rendered: &BTreeSet<PathBuf>) -> bool {
    file.extension().is_some_and(|kind| kind == "json") && rendered.contains(file)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let below = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    below.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
