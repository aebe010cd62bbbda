//! What the checks share: paths in the checkout, and running external tools.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    reason = "this is part of tests, where a panic is the way to fail"
)]

pub mod docker;

use serde_json::Value;
use std::{
    env,
    ffi::OsStr,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A path in the checkout.
#[must_use]
pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("a checkout").join(path)
}

/// The text of a file in the checkout.
#[must_use]
pub fn text(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Folders without sources of the product.
const SKIPPED: [&str; 3] = ["target", "node_modules", "tests"];

/// Calls `see` with each Rust file in a folder, except those of tests.
pub fn each_source(folder: &Path, see: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("a folder of the checkout") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            if !SKIPPED.contains(&name) && !name.starts_with('.') {
                each_source(&path, see);
            }
        } else if path.extension() == Some(OsStr::new("rs")) {
            see(&path, &fs::read_to_string(&path).expect("a source"));
        }
    }
}

/// Every document of a YAML text, as JSON.
#[must_use]
pub fn documents(yaml: &str) -> Vec<Value> {
    let documents = serde_yaml_ng::Deserializer::from_str(yaml);
    let values = documents.map(|document| serde::Deserialize::deserialize(document).expect("YAML"));
    values.filter(|value: &Value| !value.is_null()).collect()
}

/// Finds a program in `target/tools`, which `localstack/install.sh tools` fills, or else on the system. `None`, with a
/// message, if it is in neither.
#[must_use]
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Servers are in `sbin`, which only root's path has.
    let folders =
        [root("target/tools/bin")].into_iter().chain(env::split_paths(&path)).chain(["/usr/sbin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|program| program.is_file());
    if found.is_none() {
        not_checked(&format!("{name} is not on this machine"));
    }
    found
}

/// Reports what a check lacks: at once, even if the tests' output is captured, and in a file that `make test` prints at its
/// end.
pub fn not_checked(why: &str) {
    let line = format!("NOT CHECKED: {why}\n");
    io::stderr().write_all(line.as_bytes()).expect("standard error");
    let folder = root("target/checks");
    fs::create_dir_all(&folder).expect("a folder");
    let file = OpenOptions::new().create(true).append(true).open(folder.join("not-checked.txt"));
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("a file");
}

/// Runs a program in the checkout, which must succeed, and returns what it printed.
pub fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } =
        command.current_dir(root("")).output().expect("a program that starts");
    let said = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{command:?}: {status}\n{}{said}", String::from_utf8_lossy(&stdout));
    String::from_utf8(stdout).expect("UTF-8")
}
