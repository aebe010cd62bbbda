//! Folders, packages, the route table, the register and the committed document agree.
#![cfg(test)]

use all::FUNCTIONS;
use shared::routes::{ROUTES, Route, function_for};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use utoipa::openapi::{
    OpenApi,
    path::{Operation, PathItem},
};

#[test]
fn every_folder_is_a_package_of_its_name_and_a_registered_function() {
    let folders: BTreeSet<_> = folders().into_iter().filter(|folder| folder != "all").collect();
    assert_eq!(folders, names(), "folders of functions/ and FUNCTIONS differ");
    for folder in folders {
        let manifest = fs::read_to_string(functions().join(&folder).join("Cargo.toml")).unwrap();
        let name = format!("name = \"{folder}\"\n");
        assert_eq!(manifest.matches(&name).count(), 2, "{folder}: package and binary must have its name");
    }
}

#[test]
fn every_function_has_routes_unless_it_is_for_the_inside_and_every_route_a_function() {
    let routed: BTreeSet<_> = ROUTES.iter().map(|route| route.function.to_owned()).collect();
    assert_eq!(routed, all::public().map(|registered| registered.function.name.to_owned()).collect());
}

#[test]
fn every_documented_path_leads_to_the_function_that_documents_it() {
    for (function, document) in documents() {
        for path in document.paths.paths.keys() {
            assert_eq!(function_for(path), Some(function), "{path}");
        }
    }
}

#[test]
fn every_line_of_the_route_table_has_a_documented_path() {
    let documents = documents();
    let paths: Vec<_> = documents.iter().flat_map(|(_, document)| document.paths.paths.keys()).collect();
    let leads = |route: &Route, path: &str| {
        if route.exact { path == route.path } else { path.starts_with(route.path) }
    };
    for route in ROUTES {
        assert!(paths.iter().any(|path| leads(route, path)), "{} leads nowhere", route.path);
    }
}

#[test]
fn every_operation_has_its_functions_tag_and_can_succeed() {
    for (function, document) in documents() {
        for (path, item) in &document.paths.paths {
            for operation in operations(item) {
                assert_eq!(operation.tags.as_deref(), Some(&[function.to_owned()][..]), "{path}");
                let succeeds = operation.responses.responses.keys().any(|status| status.starts_with('2'));
                assert!(succeeds, "{path} documents no success");
            }
        }
    }
}

/// In one document a name means one thing: of two schemas that share a name, one would be lost.
#[test]
fn no_two_functions_mean_different_things_by_one_name() {
    let mut known = BTreeMap::new();
    for (function, document) in documents() {
        for (name, schema) in document.components.unwrap_or_default().schemas {
            let schema = serde_json::to_value(schema).unwrap();
            let (other, first) = known.entry(name.clone()).or_insert((function, schema.clone()));
            assert_eq!(*first, schema, "{name} of {other} and of {function}");
        }
    }
}

/// The front end's client is generated from the ids.
#[test]
fn no_two_operations_share_an_id() {
    let mut known = BTreeMap::new();
    for (function, document) in documents() {
        for (path, item) in &document.paths.paths {
            for operation in operations(item) {
                let id = operation.operation_id.clone().expect("an id");
                let place = format!("{path} of {function}");
                assert_eq!(known.insert(id.clone(), place.clone()), None, "{id} is also that of {place}");
            }
        }
    }
}

#[test]
fn the_committed_document_is_the_one_that_the_code_generates() {
    let committed = fs::read_to_string(functions().join("all/openapi.json")).unwrap_or_default();
    assert!(committed == all::openapi::text(), "functions/all/openapi.json is old: run `make openapi`");
}

fn functions() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn folders() -> Vec<String> {
    let entries = fs::read_dir(functions()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|folder| folder.file_name().into_string().unwrap()).collect()
}

fn names() -> BTreeSet<String> {
    FUNCTIONS.iter().map(|registered| registered.function.name.to_owned()).collect()
}

/// The part of the document of each function with public paths.
fn documents() -> Vec<(&'static str, OpenApi)> {
    all::public().map(|registered| (registered.function.name, (registered.routes)().into_openapi())).collect()
}

fn operations(item: &PathItem) -> impl Iterator<Item = &Operation> {
    [&item.get, &item.put, &item.post, &item.delete, &item.patch, &item.head, &item.options, &item.trace]
        .into_iter()
        .flatten()
}
