//! Manifests fit the whole schemas of Knative and the operators. This is checked only on machines that have those schemas;
//! the project's own schema is checked everywhere.

use crate::{
    rendered::{APPLIED, OBSERVED, RENDERED, is_function},
    schema::{closed, kind_of},
};
use checks::{documents, not_checked, root, run, tool};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    process::Command,
};

/// The variable that names the folder of the whole CRDs, relative to the checkout. Other projects wrote them, so they are not
/// in this repository.
const CRDS: &str = "YEMAE_CRDS";

/// Kubernetes' own groups whose names look like a domain. Another test checks them.
const OF_KUBERNETES: [&str; 2] = ["networking.k8s.io", "rbac.authorization.k8s.io"];

#[test]
fn custom_resources_fit_their_whole_crds_to_the_last_field() {
    let crds = crds();
    let mut unknown = BTreeSet::new();
    for (place, object) in APPLIED.iter() {
        let kind = kind_of(object);
        let Some(validator) = crds.get(&kind) else {
            let group = kind.split('/').next().unwrap_or_default();
            if group.contains('.') && !OF_KUBERNETES.contains(&group) {
                unknown.insert(kind);
            }
            continue;
        };
        let faults: Vec<_> = validator.iter_errors(object).map(|error| error.to_string()).collect();
        assert_eq!(faults, [""; 0], "{place}: {kind} {}", object["metadata"]["name"]);
        if is_function(object) {
            let mut misspelt = object.clone();
            misspelt["spec"]["template"]["spec"]["timeoutSecond"] = json!(60);
            assert!(!validator.is_valid(&misspelt), "the schema lets a misspelt field pass");
        }
    }
    if !unknown.is_empty() {
        let kinds = Vec::from_iter(unknown).join(", ");
        let folder = folder();
        not_checked(&format!(
            "the whole CRDs of {kinds}: not in {} ({CRDS} names another folder)",
            folder.display()
        ));
    }
}

#[test]
fn everything_else_fits_kubernetes_schemas_to_the_last_field() {
    let Some(checker) = tool("kubernetes-validate") else { return };
    let folder = tempfile::tempdir().unwrap();
    for (overlay, objects) in RENDERED.iter().chain(OBSERVED.iter()) {
        let file = folder.path().join(format!("{}.yaml", overlay.replace('/', "-")));
        let others = objects.iter().filter(|object| !is_function(object) && !is_of_an_operator(object));
        // As JSON, which has no words with two readings, such as YAML's `no`.
        let texts: Vec<_> = others.map(Value::to_string).collect();
        fs::write(&file, texts.join("\n---\n")).unwrap();
        run(Command::new(&checker).args(["-k", "1.34.0", "--strict", "--quiet"]).arg(file));
    }
}

/// The checker knows Kubernetes' own kinds alone.
fn is_of_an_operator(object: &Value) -> bool {
    kind_of(object).starts_with("monitoring.coreos.com/")
}

fn folder() -> PathBuf {
    let given = env::var(CRDS).ok().filter(|given| !given.is_empty());
    root(given.as_deref().unwrap_or("../shared/schemas"))
}

/// Every version of every CRD in the folder.
fn crds() -> BTreeMap<String, Validator> {
    let files = fs::read_dir(folder()).into_iter().flatten().map(|file| file.unwrap().path());
    let yaml = files.filter(|file| file.extension().is_some_and(|name| name == "yaml"));
    let crds = yaml.flat_map(|file| documents(&fs::read_to_string(file).unwrap()));
    let versions = crds.flat_map(|mut crd| {
        let (group, kind) = (crd["spec"]["group"].take(), crd["spec"]["names"]["kind"].take());
        let Value::Array(versions) = crd["spec"]["versions"].take() else { return Vec::new() };
        let named = versions.into_iter().map(|mut version| {
            let name = [&group, &version["name"], &kind].map(|part| part.as_str().unwrap_or_default());
            let name = format!("{}/{} {}", name[0], name[1], name[2]);
            let schema = closed(version["schema"]["openAPIV3Schema"].take());
            (name, jsonschema::validator_for(&schema).expect("a schema"))
        });
        named.collect()
    });
    versions.collect()
}
