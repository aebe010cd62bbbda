//! What a new function may be called, and what is called after it. Whatever would fail later is refused here, before anything
//! is written.

use crate::{knative, kubernetes, new::of};
use serde_json::Value;
use shared::routes::{ROUTES, function_for};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The longest name. A longer one would break a line of the template. Kubernetes would allow more.
pub(crate) const NAME_MAX: usize = 22;

const DOCUMENT: &str = "functions/all/openapi.json";

/// Names of what runs beside the functions and has no manifest of its own: hosts of Compose, images, and what they run.
const TAKEN: &[&str] = &["localstack", "nginx", "timer", "valkey"];

/// Names that no crate may have though no keyword is spelled like them: crates that come with Rust, and words of an edition.
const CRATES_OF_RUST: &[&str] = &["alloc", "core", "gen", "proc-macro", "std", "test", "union"];

/// Folders of cargo's own beside the programs, which no program may be called like.
const FOLDERS_OF_CARGO: &[&str] = &["build", "deps", "examples", "incremental"];

/// `lock_seat` of `lock-seat`.
pub(crate) fn module(name: &str) -> String {
    name.replace('-', "_")
}

/// The template's handler, and so its operation's id in the `OpenAPI` document.
pub(crate) fn handler(name: &str) -> String {
    format!("get_{}", module(name))
}

/// The template's wire type: `LockSeatTime` of `lock-seat`. No type that the template imports ends like this.
pub(crate) fn type_name(name: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        first.to_ascii_uppercase() + rest
    };
    name.split('-').map(capital).collect::<String>() + "Time"
}

/// Says why a function cannot have a name.
pub(crate) fn check(checkout: &Path, name: &str) -> Result<(), String> {
    is_well_formed(name)?;
    is_free_in_rust(checkout, name)?;
    let document = fs::read_to_string(checkout.join(DOCUMENT)).map_err(|error| of(DOCUMENT, error))?;
    is_free_in_the_document(&document, name)?;
    is_free_where_it_runs(checkout, name)
}

fn is_well_formed(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("a function needs a name: `make function NAME=waitlist`".to_owned());
    }
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !name.split('-').all(is_word) {
        return Err(format!(
            "`{name}` is no name: lower-case words with hyphens between them, as `lock-seat`"
        ));
    }
    if name.len() > NAME_MAX {
        return Err(format!("`{name}` is {} characters long, {NAME_MAX} are the most", name.len()));
    }
    Ok(())
}

fn is_free_in_rust(checkout: &Path, name: &str) -> Result<(), String> {
    if syn::parse_str::<syn::Ident>(&module(name)).is_err() || CRATES_OF_RUST.contains(&name) {
        return Err(format!("`{name}` is a word of Rust: no crate may be called so"));
    }
    if FOLDERS_OF_CARGO.contains(&name) {
        return Err(format!("`{name}` is a folder of cargo's: no program may be called so"));
    }
    if checkout.join("functions").join(name).exists() {
        return Err(format!("there is a folder functions/{name} already"));
    }
    let line = format!("name = \"{name}\"");
    let locked = fs::read_to_string(checkout.join("Cargo.lock")).map_err(|error| of("Cargo.lock", error))?;
    if locked.lines().any(|known| known == line) {
        return Err(format!("there is a crate `{name}` already (Cargo.lock)"));
    }
    let manifests = ["functions", "infra", "localstack", "shared"];
    if let Some(place) = found(checkout, &manifests, "Cargo.toml", |known| known == line)? {
        return Err(format!("there is a program `{name}` already ({place})"));
    }
    // The register names each function's crate, and so do tests beside it.
    let module = format!("mod {};", module(name));
    let is_module = |known: &str| known.strip_prefix("pub ").unwrap_or(known) == module;
    if let Some(place) = found(checkout, &["functions/all"], ".rs", is_module)? {
        return Err(format!("there is a module `{name}` already ({place})"));
    }
    Ok(())
}

fn is_free_in_the_document(document: &str, name: &str) -> Result<(), String> {
    let path = format!("/v1/{name}");
    if ROUTES.iter().any(|route| route.path == path) || function_for(&path) != function_for("/") {
        return Err(format!("{path} is a path of `{}` already", function_for(&path).unwrap_or_default()));
    }
    let document: Value = serde_json::from_str(document).map_err(|error| of(DOCUMENT, error))?;
    let schema = type_name(name);
    if document.pointer(&format!("/components/schemas/{schema}")).is_some() {
        return Err(format!("there is a schema `{schema}` already ({DOCUMENT})"));
    }
    let operation = handler(name);
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let mut operations = paths.filter_map(|(_, item)| item.as_object()).flat_map(|item| item.values());
    if operations.any(|known| known.get("operationId").is_some_and(|id| *id == *operation)) {
        return Err(format!("there is an operation `{operation}` already ({DOCUMENT})"));
    }
    Ok(())
}

fn is_free_where_it_runs(checkout: &Path, name: &str) -> Result<(), String> {
    for path in [knative::path(name), kubernetes::path(name)] {
        if checkout.join(&path).exists() {
            return Err(format!("there is a file {path} already: it would be overwritten"));
        }
    }
    if TAKEN.contains(&name) {
        return Err(format!("`{name}` is the name of something else that runs beside the functions"));
    }
    let line = format!("name: {name}");
    let is_object = |known: &str| known.trim().trim_start_matches("- ") == line;
    if let Some(place) = found(checkout, &["infra", "knative"], ".yaml", is_object)? {
        return Err(format!("`{name}` is the name of something else ({place})"));
    }
    Ok(())
}

/// The first file whose name ends so and that has such a line, by its path in the checkout.
fn found(
    checkout: &Path,
    folders: &[&str],
    end: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Option<String>, String> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| checkout.join(folder)).collect();
    while let Some(path) = open.pop() {
        let place = path.strip_prefix(checkout).unwrap_or(&path).display().to_string();
        if path.is_dir() {
            for entry in fs::read_dir(&path).map_err(|error| of(&place, error))? {
                open.push(entry.map_err(|error| of(&place, error))?.path());
            }
        } else if place.ends_with(end) {
            let text = fs::read_to_string(&path).map_err(|error| of(&place, error))?;
            if text.lines().any(&is_wanted) {
                return Ok(Some(place));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_another_schema_or_operation_is_refused() {
        let document = r#"{
            "paths": { "/v1/x": { "get": { "operationId": "get_wait_list" } } },
            "components": { "schemas": { "ShowTime": {} } }
        }"#;
        for (name, why) in [
            ("show", "there is a schema `ShowTime` already"),
            ("wait-list", "there is an operation `get_wait_list` already"),
        ] {
            let refused = is_free_in_the_document(document, name).expect_err(name);
            assert!(refused.starts_with(why), "{refused}");
        }
        assert_eq!(is_free_in_the_document(document, "waitlist"), Ok(()));
    }
}
